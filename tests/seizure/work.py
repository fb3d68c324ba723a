"""A caseworker's work, page by page: the inbox, a conversation, a phone call, two cases, a name, templates, a search."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.seizure.office import HEX, Helper, fields_of


def find_person(helper: Helper, words: str) -> str:
    """The person in the inbox whose conversation holds these words; the page is open afterwards."""
    for _, address in helper.open("/inbox?tab=new").links:
        path = urlsplit(address).path
        if path.startswith("/person/") and words in helper.open(path).text:
            return path.removeprefix("/person/")
    raise AssertionError(f"nobody wrote “{words}”")


def triage(helper: Helper, person: str) -> None:
    """Spam and back, taken from the list, let go, taken again; a word among helpers, a first answer, a merge that finds nobody."""
    helper.open("/inbox?tab=new")
    helper.press("/inbox/act", "spam", **{f"choose-{person}": "on"})
    helper.open("/inbox?tab=spam")
    helper.press("/inbox/act", "no-spam", **{f"choose-{person}": "on"})
    helper.open("/inbox?tab=new")
    helper.press("/inbox/act", "take", **{f"choose-{person}": "on"})
    helper.open(f"/person/{person}")
    helper.press("/act", "release")
    helper.press("/act", "take")
    helper.fill("/remark")
    helper.fill("/reply")
    helper.open(f"/person/{person}/merge")
    helper.fill("/merge", into=helper.passing)


def open_case(helper: Helper, person: str) -> str:
    """The case's id; its page is open afterwards."""
    helper.open(f"/cases/open?person={person}")
    page = helper.fill("/cases/open")
    found = HEX.search(page.url)
    assert found, page.url
    return found[0]


def work_on(helper: Helper, case: str) -> None:
    """Every form of a case's page."""
    helper.open(f"/cases/{case}")
    helper.fill("/reply")
    helper.fill("/note", "note")
    helper.fill("/note", "talk")
    helper.fill("/risk", level="3")
    helper.fill("/need", kind="shelter")
    helper.press("/need/[0-9a-f]+", "met")
    helper.fill("/task")
    helper.fill("/task/[0-9a-f]+")
    helper.press("/task/[0-9a-f]+/settle", "done")
    helper.fill("/describe", about="pseudonym")
    helper.fill("/describe", about="summary")
    helper.fill("/link", into=helper.passing)


def name(helper: Helper, case: str) -> None:
    """Who the person is, and who is around."""
    helper.open(f"/cases/{case}/identity")
    helper.fill("/identity")
    helper.fill("/identity/contact", safe="no")
    helper.fill("/identity/contact", safe="yes")


def shred_by_a_slip(helper: Helper, case: str) -> None:
    """Another pseudonym than the case's: nothing is shredded, and what was typed is kept nowhere."""
    helper.open(f"/cases/{case}/shred")
    form = helper.form("/shred")
    helper.typed |= fields_of(form)
    page = helper.browser.submit(form, None, None, pseudonym=helper.passing.new("a wrong pseudonym"))
    assert page.status == 400


def take_call(helper: Helper) -> str:
    """Somebody on the phone; the words of the code that was read out."""
    helper.open("/call")
    page = helper.fill("/call")
    shown = re.search(r'(?s)<ol class="code".*?</ol>', page.html)
    assert shown
    return " ".join(re.findall(r"<li>(.*?)</li>", shown[0]))


def keep_templates(helper: Helper) -> None:
    """A new template and one in new words: all caseworkers have them."""
    page = helper.open("/wordings")
    forms = [form for form in page.forms if "title" in form.texts]
    for form in forms:
        if form in (forms[0], forms[-1]):
            helper.open("/wordings")
            helper.browser.page.forms = [form]
            helper.fill("/wordings", into=helper.shared)


def search_and_lock(helper: Helper, case: str) -> None:
    """A search; a note that was being written when the desk had locked itself."""
    helper.open("/cases")
    helper.fill("/search", into=helper.passing)
    helper.open(f"/cases/{case}")
    page = helper.browser.page
    helper.press("/lock", "Lock")
    helper.browser.page = page
    helper.fill("/note", "note")
    helper.unlock_again()
