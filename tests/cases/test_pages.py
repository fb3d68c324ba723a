"""Cases by the people who use them: what moves into a case, who can read it, what happens when helpers disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from kunak.cases import case_pages, reading
from kunak.desk.app import tidy
from kunak.helpline.moving import move_strays
from kunak.helpline.naming import short_name
from tests.cast import COORDINATOR, Cast, Person

if TYPE_CHECKING:
    from tests.cast import Helper


@pytest.fixture
def linden(cast: Cast) -> Helper:
    return cast.at_work("Linden")


@pytest.fixture
def maple(cast: Cast) -> Helper:
    return cast.at_work("Maple")


def written(cast: Cast, text: str = "Помогите") -> Person:
    person = Person(cast)
    person.write(text)
    for helper in cast.helpers.values():
        helper.sync()
    return person


def everything(helper: Helper) -> str:
    """All that a desk's vault holds in the clear to its owner."""
    db = helper.bench.vault.db
    names = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_words%'"
        )
    ]
    rows = [db.execute(f"SELECT * FROM {name}").fetchall() for name in names]
    return "".join(
        cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
        for table in rows
        for row in table
        for cell in row
    )


def test_a_case_that_is_opened_leaves_no_word_on_the_desks_of_others(cast: Cast, linden: Helper, maple: Helper) -> None:
    person = written(cast, "прячусь на Каштановой")
    linden.post(f"/person/{person.mailbox}/remark", text="Каштановая это у рынка")
    linden.post(f"/person/{person.mailbox}/reply", text="На Каштановой не оставайтесь", seen="")
    cast.everybody_syncs()
    assert "Каштанов" in everything(maple)
    assert "На Каштановой не" in maple.see(f"/person/{person.mailbox}")
    case = linden.open_case(person)
    cast.everybody_syncs()
    assert "Каштанов" not in everything(maple)
    assert maple.get(f"/person/{person.mailbox}").status_code == 404
    assert maple.get(f"/cases/{case}").status_code == 404
    page = linden.see(f"/cases/{case}")
    for text in ("прячусь на Каштановой", "Каштановая это у рынка", "На Каштановой не оставайтесь"):
        assert text in page


def test_who_is_let_in_reads_the_whole_past_but_not_the_name(cast: Cast, linden: Helper, maple: Helper) -> None:
    person = written(cast, "прячусь на Каштановой")
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/note", text="сестра поможет", kind="note")
    linden.post(f"/cases/{case}/identity", **{"name": "Мурад", "was-name": ""})
    linden.post(f"/cases/{case}/let-in", device=maple.bench.keyring.own.id)
    cast.everybody_syncs()
    page = maple.see(f"/cases/{case}")
    assert "прячусь на Каштановой" in page
    assert "сестра поможет" in page
    assert "Linden" in page
    assert "Мурад" not in everything(maple)
    assert "not open to this desk" in maple.see(f"/cases/{case}/identity")
    assert maple.post(f"/cases/{case}/identity", name="X").status_code == 404
    linden.post(f"/cases/{case}/identity/let-in", device=maple.bench.keyring.own.id)
    cast.everybody_syncs()
    assert "Мурад" in maple.see(f"/cases/{case}/identity")
    assert "Maple" in linden.see(f"/cases/{case}/identity")


def test_from_then_on_the_person_writes_to_the_case_alone(cast: Cast, linden: Helper, maple: Helper) -> None:
    person = written(cast)
    case = linden.open_case(person)
    linden.post(f"/person/{person.mailbox}/reply", text="Пишите сюда же", seen="", back=f"/cases/{case}")
    cast.everybody_syncs()
    person.replies()
    assert person.write_to is not None
    person.write("только для дела")
    cast.everybody_syncs()
    assert "только для дела" in linden.see(f"/cases/{case}")
    assert "только для дела" in linden.see("/inbox?tab=us")
    assert "только для дела" not in everything(maple)


def test_a_late_letter_under_the_key_of_the_week_is_brought_into_the_case(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    person = written(cast)
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/let-in", device=cast.at_work(COORDINATOR).bench.keyring.own.id)
    person.write("ещё не знаю, что есть дело")
    cast.everybody_syncs()
    assert "ещё не знаю" in linden.see(f"/cases/{case}")
    tidy(linden.bench, linden.watching)
    tidy(linden.bench, linden.watching)
    cast.everybody_syncs()
    assert "ещё не знаю" in cast.helpers[COORDINATOR].see(f"/cases/{case}")
    assert linden.see(f"/cases/{case}").count("ещё не знаю, что есть дело") == 1
    assert "ещё не знаю" not in everything(maple)


def test_opening_twice_leads_to_the_case_that_is_there(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    case = linden.open_case(person)
    again = linden.post("/cases/open", person=person.mailbox, pseudonym="Другая")
    assert again.headers["location"] == f"/cases/{case}"
    assert linden.get(f"/cases/open?person={person.mailbox}").headers["location"] == f"/cases/{case}"


def test_a_case_needs_a_pseudonym(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    answer = linden.post("/cases/open", person=person.mailbox, pseudonym="   ")
    assert answer.status_code == 400
    assert "needs a pseudonym" in answer.text


def shared_case(cast: Cast, linden: Helper, maple: Helper) -> str:
    case = linden.open_case(written(cast))
    linden.post(f"/cases/{case}/let-in", device=maple.bench.keyring.own.id)
    cast.everybody_syncs()
    return case


def test_two_risks_set_offline_are_both_shown_until_somebody_chooses(cast: Cast, linden: Helper, maple: Helper) -> None:
    case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/risk", level="1", reason="тихо", replaces="")
    cast.everybody_syncs()
    heads = " ".join(reading.read(linden.bench.vault.db, case).heads("risk"))  # type: ignore[union-attr]
    linden.post(f"/cases/{case}/risk", level="3", reason="обыск у брата", replaces=heads)
    maple.post(f"/cases/{case}/risk", level="0", reason="уехал", replaces=heads)
    cast.everybody_syncs()
    for helper in (linden, maple):
        page = helper.see(f"/cases/{case}")
        assert "decided without knowing of each other" in page
        assert "обыск у брата" in page
        assert "уехал" in page
        assert "hunted" in helper.see("/cases")
    both = " ".join(reading.read(maple.bench.vault.db, case).heads("risk"))  # type: ignore[union-attr]
    maple.post(f"/cases/{case}/risk", level="0", reason="уехал, проверено", replaces=both)
    cast.everybody_syncs()
    page = linden.see(f"/cases/{case}")
    assert "decided without knowing" not in page
    assert "обыск у брата" in page, "the history stays"


def test_a_risk_without_a_reason_is_not_set(cast: Cast, linden: Helper) -> None:
    case = linden.open_case(written(cast))
    answer = linden.post(f"/cases/{case}/risk", level="4", reason=" ", replaces="")
    assert answer.headers["location"].endswith("done=reason")
    assert linden.post(f"/cases/{case}/risk", level="9", reason="x").headers["location"].endswith("nothing")
    assert "no known danger" in linden.see("/cases")


def test_two_who_rename_a_case_offline_lose_neither_name(cast: Cast, linden: Helper, maple: Helper) -> None:
    case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/describe", field="pseudonym", value="Маяк", replaces="")
    maple.post(f"/cases/{case}/describe", field="pseudonym", value="Причал", replaces="")
    cast.everybody_syncs()
    page = linden.see(f"/cases/{case}")
    assert "Маяк" in page
    assert "Причал" in page
    assert "decided without knowing" in page


def test_tasks_have_days_and_overdue_ones_are_marked(cast: Cast, linden: Helper) -> None:
    case = linden.open_case(written(cast))
    today = datetime.fromtimestamp(cast.house.now, UTC).date()
    for text, days in (("позвонить", -2), ("паспорт", 0), ("билет", 1)):
        linden.post(f"/cases/{case}/task", text=text, due=(today + timedelta(days=days)).isoformat(), owner="")
    linden.post(f"/cases/{case}/task", text="когда-нибудь", due="", owner="")
    page = linden.see("/tasks")
    assert "overdue by 2 days" in page
    assert [page.index(text) for text in ("позвонить", "паспорт", "билет", "когда-нибудь")] == sorted(
        page.index(text) for text in ("позвонить", "паспорт", "билет", "когда-нибудь")
    )
    task = next(each for each in reading.tasks(linden.bench.vault.db, case, "") if each.text == "позвонить")
    linden.post(f"/cases/{case}/task/{task.task}/settle", state="done", back="/tasks")
    assert "overdue" not in linden.see("/tasks")
    linden.post(f"/cases/{case}/describe", field="status", value="closed", replaces="")
    assert "паспорт" not in linden.see("/tasks")


def test_needs_are_named_met_and_opened_again(cast: Cast, linden: Helper) -> None:
    case = linden.open_case(written(cast))
    linden.post(f"/cases/{case}/need", kind="shelter", text="на две недели")
    (need,) = reading.needs(linden.bench.vault.db, case)
    assert "1 need" in linden.see("/cases")
    linden.post(f"/cases/{case}/need/{need.need}", state="met")
    assert "1 need" not in linden.see("/cases")
    linden.post(f"/cases/{case}/need/{need.need}", state="open")
    assert "1 need" in linden.see("/cases")
    assert linden.post(f"/cases/{case}/need/{'0' * 32}", state="met").status_code == 404


def test_people_around_are_kept_with_whether_they_can_be_trusted(cast: Cast, linden: Helper) -> None:
    case = linden.open_case(written(cast))
    linden.post(f"/cases/{case}/identity/contact", name="Дядя", relation="служит там же", reach="", safe="no")
    page = linden.see(f"/cases/{case}/identity")
    assert "Дядя" in page
    assert "danger" in page
    (contact,) = reading.contacts(linden.bench.vault.db, case)
    linden.post(
        f"/cases/{case}/identity/contact", contact=contact.contact, replaces=" ".join(contact.entries), remove="1"
    )
    assert reading.contacts(linden.bench.vault.db, case) == []


def test_a_person_who_wrote_again_from_a_new_mailbox_is_taken_into_the_case(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    case = linden.open_case(written(cast))
    again = written(cast, "это снова я, код потерян на Каштановой")
    linden.post(f"/cases/{case}/link", name=short_name(again.mailbox))
    cast.everybody_syncs()
    assert "это снова я" in linden.see(f"/cases/{case}")
    assert "Каштанов" not in everything(maple)
    assert linden.post(f"/cases/{case}/link", name="нет такого").headers["location"].endswith("unknown")


def test_two_desks_that_bring_the_same_late_letter_into_the_case_show_it_once(
    cast: Cast, linden: Helper, maple: Helper
) -> None:
    person = Person(cast)
    person.write("первое")
    cast.everybody_syncs()
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/let-in", device=str(maple.bench.keyring.own.id))
    cast.everybody_syncs()
    person.write("вдогонку, под ключ недели")
    # Both hear of it, and neither of the other.
    for helper in (linden, maple):
        helper.sync()
    for helper in (linden, maple):
        assert move_strays(helper.bench) == 1
    cast.everybody_syncs()
    for helper in (linden, maple):
        brought = helper.bench.vault.db.execute(
            "SELECT count(*) FROM helpline_letters WHERE text = 'вдогонку, под ключ недели'"
        ).fetchone()
        assert brought == (2,)
        assert helper.see(f"/cases/{case}").count("вдогонку, под ключ недели") == 1
        assert helper.see("/search?q=вдогонку").count("<mark>вдогонку</mark>") == 1
        before = helper.bench.folding.snapshot()
        helper.bench.folding.rebuild()
        assert helper.bench.folding.snapshot() == before


def test_a_coordinator_who_was_let_in_works_in_the_case_without_the_inbox(cast: Cast, linden: Helper) -> None:
    aspen = cast.at_work(COORDINATOR)
    person = written(cast)
    case = linden.open_case(person)
    linden.post(f"/cases/{case}/let-in", device=aspen.bench.keyring.own.id)
    cast.everybody_syncs()
    aspen.post(f"/cases/{case}/note", text="билеты есть", kind="talk")
    cast.everybody_syncs()
    assert "билеты есть" in linden.see(f"/cases/{case}?show=notes")
    refused = aspen.post(f"/person/{person.mailbox}/reply", text="привет", seen="")
    assert refused.status_code == 403
    assert "does not hold the key" in refused.text
    aspen.sync()
    assert person.replies() == []


def test_a_rebuild_of_all_tables_gives_the_same_bytes(cast: Cast, linden: Helper, maple: Helper) -> None:
    case = shared_case(cast, linden, maple)
    linden.post(f"/cases/{case}/risk", level="2", reason="звонят", replaces="")
    written(cast, "ещё кто-то")
    spammer = written(cast, "реклама")
    linden.post(f"/person/{spammer.mailbox}/act", action="spam")
    cast.everybody_syncs()
    for helper in (linden, maple):
        before = helper.bench.folding.snapshot()
        helper.bench.folding.rebuild()
        assert helper.bench.folding.snapshot() == before


def test_what_happened_in_one_second_stands_in_the_order_in_which_it_makes_sense() -> None:
    happened = [
        reading.Happened(str(n), kind, "", "d", 5, "", "")
        for n, kind in enumerate(("need", "risk", "note", "owner", "opened"))
    ]
    shown = [moment.event.kind for moment in case_pages._moments([], happened, "all") if moment.event]
    assert shown == ["opened", "owner", "risk", "need", "note"]
