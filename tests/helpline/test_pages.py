"""The inbox and a person's page, by the people who use them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from PIL import Image

from kunak.desk.app import tidy
from kunak.helpline import files
from kunak.helpline.naming import short_name
from kunak.sealing.code import MailboxKeys, read_code, root_of
from kunak.sealing.failure import NotForYou
from kunak.sealing.file import FileSealer
from kunak.sealing.letter import Contact, FileReference, chunk_id
from kunak.vault import troubles
from tests.cast import ADMIN, Cast, Officer, Person

if TYPE_CHECKING:
    from tests.cast import Helper


@pytest.fixture
def linden(cast: Cast) -> Helper:
    return cast.at_work("Linden")


def written(cast: Cast, text: str = "Помогите") -> Person:
    person = Person(cast)
    person.write(text)
    for helper in cast.helpers.values():
        helper.sync()
    return person


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found.group(1)


def test_a_reply_reaches_the_person_signed_by_the_helpline(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    page = linden.see(f"/person/{person.mailbox}")
    answer = linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом.\nВы в безопасности?", seen=seen_on(page))
    assert answer.headers["location"] == f"/person/{person.mailbox}?done=answered"
    cast.everybody_syncs()
    (reply,) = person.replies()
    assert reply.text == "Мы рядом.\nВы в безопасности?"
    assert len(reply.seen) == 1
    assert short_name(person.mailbox) in linden.see("/inbox?tab=them")


def test_a_letter_that_came_while_a_helper_was_writing_stays_unanswered(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    seen = seen_on(linden.see(f"/person/{person.mailbox}"))
    person.write("они у двери")
    linden.sync()
    linden.post(f"/person/{person.mailbox}/reply", text="Здравствуйте", seen=seen)
    assert "они у двери" in linden.see("/inbox?tab=us")


def test_an_empty_reply_is_not_sent(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    answer = linden.post(f"/person/{person.mailbox}/reply", text="  \n ", seen="")
    assert answer.status_code == 400
    assert "Nothing was sent" in answer.text
    linden.sync()
    assert person.replies() == []


def test_it_is_said_whether_a_reply_waits_was_sent_and_was_read(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")
    assert "not sent yet" in linden.see(f"/person/{person.mailbox}")
    linden.sync()
    assert "not read yet" in linden.see(f"/person/{person.mailbox}")
    cast.house.relay.messages.clear()
    linden.sync()
    page = linden.see(f"/person/{person.mailbox}")
    assert "not read yet" not in page
    assert "<span>read</span>" in page


def test_spam_goes_with_one_press_comes_back_with_another_and_is_dropped_after_a_week(
    cast: Cast, linden: Helper
) -> None:
    oak = cast.at_work(ADMIN)
    person = written(cast, "Купите рекламу")
    linden.post("/inbox/act", tab="new", action="spam", **{f"choose-{person.mailbox}": "on"})
    assert "Купите рекламу" not in linden.see("/inbox?tab=new")
    assert "Купите рекламу" in linden.see("/inbox?tab=spam")
    linden.post("/inbox/act", tab="spam", action="no-spam", **{f"choose-{person.mailbox}": "on"})
    assert "Купите рекламу" in linden.see("/inbox?tab=new")
    linden.post(f"/person/{person.mailbox}/act", action="spam")
    tidy(linden.bench, linden.watching)
    assert "Купите рекламу" in linden.see("/inbox?tab=spam")
    cast.house.now += 8 * 86_400
    # This desk's clock may have jumped: nothing is destroyed until the relay has agreed with it.
    tidy(linden.bench, linden.watching)
    assert "Купите рекламу" in linden.see("/inbox?tab=spam")
    linden.sync()
    tidy(linden.bench, linden.watching)
    cast.everybody_syncs()
    for helper in (linden, oak):
        assert "Купите рекламу" not in helper.see("/inbox?tab=spam")
        assert "рекламу" not in str(helper.bench.vault.db.execute("SELECT * FROM letter").fetchall())


def test_many_are_chosen_at_once_and_choosing_nobody_changes_nothing(cast: Cast, linden: Helper) -> None:
    people = [written(cast, f"спам {number}") for number in range(3)]
    answer = linden.post(
        "/inbox/act", tab="new", action="spam", **{f"choose-{each.mailbox}": "on" for each in people[:2]}
    )
    assert answer.headers["location"] == "/inbox?tab=new&done=spam&n=2"
    assert linden.post("/inbox/act", tab="new", action="spam").headers["location"] == "/inbox?tab=new&done=nothing&n=0"
    assert "спам 2" in linden.see("/inbox?tab=new")


def test_a_returning_person_is_joined_by_name_and_parted_again(cast: Cast, linden: Helper) -> None:
    first, again = written(cast, "первое"), written(cast, "потерял код")
    joined = linden.post(f"/person/{again.mailbox}/merge", name=short_name(first.mailbox).lower())
    assert "done=merged" in joined.headers["location"]
    page = linden.see(f"/person/{again.mailbox}")
    assert "первое" in page
    assert "потерял код" in page
    person = min(first.mailbox, again.mailbox)
    other = max(first.mailbox, again.mailbox)
    linden.post(f"/person/{person}/merge", part=other)
    assert ("первое" in linden.see(f"/person/{again.mailbox}")) is False
    unknown = linden.post(f"/person/{again.mailbox}/merge", name="AAA-AAA")
    assert "unknown=1" in unknown.headers["location"]


def test_helpers_talk_about_a_person_and_say_who_answers(cast: Cast, linden: Helper) -> None:
    maple = cast.at_work("Maple")
    person = written(cast)
    linden.post(f"/person/{person.mailbox}/remark", text="похож на того, кто писал в апреле")
    linden.post(f"/person/{person.mailbox}/act", action="take")
    cast.everybody_syncs()
    page = maple.see(f"/person/{person.mailbox}")
    assert "похож на того, кто писал в апреле" in page
    assert "Linden" in maple.see("/inbox")
    linden.post(f"/person/{person.mailbox}/act", action="release")
    cast.everybody_syncs()
    assert "Nobody yet." in maple.see(f"/person/{person.mailbox}")


def test_the_page_says_who_else_can_read_it(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    page = linden.see(f"/person/{person.mailbox}")
    assert "every caseworker" in page
    assert "Elder, Maple" in page
    assert "Oak" not in page
    case = linden.open_case(person)
    assert "nobody but you" in linden.see(f"/cases/{case}")


def test_how_a_person_wants_to_be_reached_stands_beside_the_letters(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    person.write("", kind="contact", contact=Contact("письмом", "", "после полуночи", "днём", "ошиблись номером"))
    linden.sync()
    page = linden.see(f"/person/{person.mailbox}")
    for text in ("после полуночи", "днём", "ошиблись номером", "Never"):
        assert text in page


def test_who_asks_that_everything_is_deleted_is_seen_in_the_inbox(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    person.write("", kind="forget")
    linden.sync()
    assert "asks to delete everything" in linden.see("/inbox?tab=new")


def test_a_caller_gets_seven_words_that_open_a_mailbox_and_can_be_answered(cast: Cast, linden: Helper) -> None:
    maple = cast.at_work("Maple")
    page = linden.post("/call", text="Звонил мужчина, прячется у друга", language="ru").text
    words = re.findall(r"<li>([^<]+)</li>", page.partition('<ol class="code"')[2].partition("</ol>")[0])
    assert len(words) == 7
    keys = MailboxKeys.from_root(root_of(read_code(" ".join(words), "ru"), cast.organisation))
    cast.everybody_syncs()
    assert keys.mailbox in cast.house.relay.mailboxes
    assert "прячется у друга" in maple.see("/inbox?tab=new")
    shown = maple.see(f"/person/{keys.mailbox.hex()}")
    assert "written down by Linden" in shown
    maple.post(f"/person/{keys.mailbox.hex()}/reply", text="Мы ищем вам место", seen="")
    cast.everybody_syncs()
    caller = Person(cast)
    caller.keys = keys
    assert [reply.text for reply in caller.replies()] == ["Мы ищем вам место"]
    for place in ("/inbox", f"/person/{keys.mailbox.hex()}"):
        assert words[0] not in linden.see(place)
    assert linden.post("/call", text=" ", language="ru").status_code == 400


def test_a_call_accuses_nobody(cast: Cast, linden: Helper) -> None:
    """All first letters of a week share a label: the desk must know its caller's letter in the relay's log all the same."""
    linden.post("/call", text="Звонил мужчина, прячется у друга", language="ru")
    Person(cast).write("Пишу в ту же минуту")
    for _ in range(3):
        cast.everybody_syncs()
    for callsign in ("Linden", "Maple"):
        db = cast.at_work(callsign).bench.vault.db
        assert troubles.standing(db) == []
        assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_a_desk_that_once_accused_the_relay_of_losing_a_calls_letter_takes_it_back(cast: Cast, linden: Helper) -> None:
    for _ in range(3):
        cast.everybody_syncs()  # until nobody has anything else to send
    db = linden.bench.vault.db
    linden.post("/call", text="Звонил мужчина, прячется у друга", language="ru")
    (letter,) = db.execute("SELECT id FROM outbox WHERE kind = 'envelope' ORDER BY id DESC LIMIT 1").fetchone()
    with patch("kunak.desk.log_reading.LogReader._is_there", return_value=False):
        linden.sync()
    assert [each.kind for each in troubles.standing(db)] == ["relay-lost-ours"]
    assert db.execute("SELECT id FROM outbox").fetchall() == [(letter,)]
    linden.sync()
    assert troubles.standing(db) == []
    assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_templates_are_proposed_changed_and_taken_away_in_both_languages(cast: Cast, linden: Helper) -> None:
    maple = cast.at_work("Maple")
    person = written(cast)
    assert "Мы получили ваше письмо" in linden.see(f"/person/{person.mailbox}?wording=w-received")
    linden.post("/wordings", wording="w-received", language="ru", title="Получили", text="Ваше письмо у нас.")
    cast.everybody_syncs()
    assert "Ваше письмо у нас." in maple.see(f"/person/{person.mailbox}?wording=w-received")
    maple.post("/wordings", wording="w-received", language="ru", title="Получили", text="")
    cast.everybody_syncs()
    assert "Ваше письмо у нас." not in linden.see("/wordings")
    assert "We have received your letter" in linden.see("/wordings")
    assert (
        linden.post("/wordings", wording="", language="en", title="", text="x").headers["location"].endswith("nothing")
    )


def picture(place: bytes = b"") -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = image.getexif()
    exif[0x9C9C] = place or b"home"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def send_file(cast: Cast, content: bytes, media_type: str = "image/jpeg") -> Person:
    """A person's file, sealed in chunks as the mailbox does it."""
    sealer = FileSealer()
    chunks = [*sealer.update(content), *sealer.finish()]
    for number, chunk in enumerate(chunks):
        cast.house.relay.blobs[chunk_id(sealer.seed, number)] = chunk
    person = Person(cast)
    person.write("вот", files=(FileReference("фото/../../x.jpg", len(content), sealer.seed, media_type, False),))
    for helper in cast.helpers.values():
        helper.sync()
    return person


def file_path(linden: Helper) -> str:
    (letter,) = linden.bench.vault.db.execute("SELECT letter FROM helpline_letters WHERE files <> '[]'").fetchone()
    return f"/file/{letter}/0"


def test_a_file_is_opened_only_after_a_warning_and_a_picture_is_painted_anew(cast: Cast, linden: Helper) -> None:
    content = picture(b"the street where he lives")
    send_file(cast, content)
    path = file_path(linden)
    warning = linden.see(path)
    assert "take over the machine" in warning
    assert "data:image" not in warning
    assert linden.get(f"{path}/picture").status_code == 404
    shown = linden.post(f"{path}/picture").text
    assert "data:image/jpeg;base64," in shown
    import base64  # noqa: PLC0415 - only here

    painted = base64.b64decode(re.search(r"base64,([^\"]+)", shown).group(1))  # type: ignore[union-attr]
    assert b"the street where he lives" in content
    assert b"the street where he lives" not in painted
    assert Image.open(io.BytesIO(painted)).size == (40, 30)


def test_a_saved_file_is_the_persons_bytes_and_never_opened_by_the_browser(cast: Cast, linden: Helper) -> None:
    content = b"%PDF-1.4 <script>" * 40_000
    send_file(cast, content, "text/html")
    answer = linden.post(f"{file_path(linden)}/save")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''x.jpg"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_what_only_claims_to_be_a_picture_is_not_shown(cast: Cast, linden: Helper) -> None:
    send_file(cast, b"<svg onload=alert(1)>" * 100)
    answer = linden.post(f"{file_path(linden)}/picture")
    assert "cannot be shown" in answer.text or "not a picture" in answer.text
    assert "data:image" not in answer.text


def test_a_file_whose_chunk_the_relay_changed_is_named_damaged(cast: Cast, linden: Helper) -> None:
    send_file(cast, picture())
    for name, chunk in list(cast.house.relay.blobs.items()):
        cast.house.relay.blobs[name] = chunk[:5_000] + bytes([chunk[5_000] ^ 1]) + chunk[5_001:]
    answer = linden.post(f"{file_path(linden)}/picture")
    assert "damaged" in answer.text


def test_a_picture_that_claims_to_be_enormous_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(files.NotAPicture):
        files.repaint(out.getvalue())


def test_nobody_comes_to_the_desk_with_a_form_of_another_page(cast: Cast, linden: Helper) -> None:
    person = written(cast)
    answer = linden.browser.post(
        f"/person/{person.mailbox}/reply", data={"text": "приходи на вокзал"}, headers={"origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    linden.sync()
    assert person.replies() == []


def test_an_officer_who_poses_as_a_person_is_named_and_gets_no_reply(cast: Cast, linden: Helper) -> None:
    person = written(cast, "Помогите")
    cast.house.now += 86_400
    officer = Officer(cast)
    officer.pose_as(person, "это снова я, где вы находитесь?")
    linden.sync()
    page = linden.see(f"/person/{person.mailbox}")
    assert "Two different keys claim" in page
    linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")
    linden.sync()
    assert [reply.text for reply in person.replies()] == ["Мы рядом"]
    with pytest.raises(NotForYou):
        officer.replies()


def test_a_line_of_the_inbox_ends_with_a_whole_word_and_says_that_more_follows(cast: Cast) -> None:
    text = "Никому не говорите, пожалуйста, что я писал, отец служит там же, где они. " * 5
    Person(cast).write(text)
    Person(cast).write("Коротко и ясно")
    # Whoever sends empty lines ahead is read all the same, and on one line.
    Person(cast).write("\n\n  \t" * 100 + "Помогите\n\nмне")
    page = cast.at_work("Linden").see("/inbox")
    assert ">Помогите мне</span>" in page
    (shown,) = re.findall(r"(Никому[^<]*) …</span>", page)
    assert text.startswith((f"{shown} ", f"{shown}, "))
    assert "Коротко и ясно</span>" in page
