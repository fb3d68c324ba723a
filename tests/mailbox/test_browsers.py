"""Real browsers: Chromium with JavaScript off, axe over every page in both languages and both lights, and a text browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kunak.sealing.code import new_code
from tests.chromium import audit, chromium_running, leads_to, on_paper
from tests.mailbox.house import House
from tests.mailbox.terminal import Terminal
from tests.mailbox.test_journey import LETTER, come_back
from tests.relay.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with chromium_running() as browser:
        yield browser


def all_pages(house: House, language: str) -> dict[str, str]:
    """Every page that a person can see, as HTML; the troubles too."""
    found: dict[str, str] = {}
    browser = house.browser(language)

    def keep(name: str) -> None:
        found[name] = browser.response.text

    for path in ("/", "/write", "/return", "/left", "/left?how=forgotten", "/nowhere"):
        browser.open(path)
        keep(path)
    browser.open("/write").send("/write", text=" ")
    keep("an empty letter")
    browser.send("/write", text="слово " * 4_000, files=[("a.txt", b"x", "text/plain")])
    keep("a letter too long, with a file")
    browser.open("/write").send("/write", text=LETTER)
    keep("code")
    code = browser.code
    browser.send("/code")
    keep("nothing yet")
    house.reply(house.letters()[-1], "An answer.\n\nWith two paragraphs.", seen=(house.letters()[-1].id,))
    browser = come_back(house.browser(language), "six words " * 3)
    keep("too few words")
    browser = come_back(house.browser(language), str(new_code("en")))
    keep("a wrong code")
    browser = come_back(house.browser(language), code)
    keep("an answer")
    for path in ("/contact", "/forget"):
        browser.open(path)
        keep(path)
    browser.send("/forget")
    keep("not sure")
    browser.open("/letters")
    house.time.ticks += 1_801
    browser.send("/letters", text="Typed for long.")
    keep("an expired visit")
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_passes_axe_in_every_light_on_a_phone_on_a_desk_and_on_paper(
    house: House, chromium: Chromium, language: str
) -> None:
    pages = all_pages(house, language)
    assert len(pages) >= 16
    wrong: list[str] = []
    page = chromium.new_page()
    for name, content in pages.items():
        page.set_content(content)
        wrong += [f"{name}, {each}" for each in audit(page)]
        wrong += [f"{name}, {each}" for light in ("light", "dark") for each in on_paper(page, light=light)]
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("light", ["light", "dark"])
def test_of_the_page_with_the_code_only_the_words_are_printed(house: House, chromium: Chromium, light: Any) -> None:
    code = house.browser("ru").open("/write").send("/write", text=LETTER)
    page = chromium.new_page(color_scheme=light)
    page.set_content(code.response.text)
    page.emulate_media(media="print")
    printed = page.evaluate("document.body.innerText").split()
    assert [word for word in printed if not word.rstrip(".").isdigit()] == code.code.split()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf().count(b"/Type /Page\n") == 1, "one sheet"
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_runs_out_of_a_narrow_screen(house: House, chromium: Chromium, language: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 480})
    page = context.new_page()
    for name, content in all_pages(house, language).items():
        page.set_content(content)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        small = page.evaluate(
            "[...document.querySelectorAll('a.act,a.leave,[type=submit],summary')].filter(e => e.offsetHeight && e.offsetHeight < 24).length"
        )
        assert small == 0, f"{name}: too small for a thumb"
        # Whoever has set the letters to twice their size reads on, without pushing the page to and fro (WCAG 1.4.4, 1.4.10).
        page.add_style_tag(content="html{font-size:225%!important}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{name}: too wide with large letters"
    context.close()


def test_a_person_finds_the_way_with_javascript_off(house: House, chromium: Chromium) -> None:
    with served(house.app) as address:
        context = chromium.new_context(
            java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="ru-RU"
        )
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert page.title() == "Письма"
        assert context.cookies() == []
        with leads_to(page, r"/write\?lang=ru"):
            page.click("a.act >> nth=0")
        page.fill("#text", "Мне нужна помощь.")
        page.click("summary")
        page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello"})
        with leads_to(page, r"/code\?lang=ru"):
            page.click("[name=send]")
        words = page.locator("ol.words.card li").all_inner_texts()
        assert len(words) == 7
        cookie = context.cookies()[0]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert cookie["expires"] == -1, "a cookie with a date is written to the phone's disk"
        with leads_to(page, r"/letters\?lang=ru"):
            page.click("[name=kept]")
        page.go_back()
        assert words[0] not in page.inner_text("main").split(), "the code is not in what the browser remembers"
        context.clear_cookies()
        page.goto(f"{address}/return?lang=ru")
        page.fill("#code", "  ".join(word.upper() for word in words))
        with leads_to(page, r"/letters\?lang=ru"):
            page.click("[type=submit].main")
        assert "Нового ответа нет" in page.inner_text("h1")
        assert page.locator("a.leave").is_visible()
        assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}, "nothing is loaded from anywhere else"
        context.close()
        assert house.letters()[0].text == "Мне нужна помощь."
        assert house.file(house.letters()[0].files[0]) == b"hello"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_reads_well_in_a_text_browser(house: House, tmp_path: Path, language: str) -> None:
    for name, content in all_pages(house, language).items():
        file = tmp_path / "page.html"
        file.write_text(content, encoding="utf-8")
        command = ["w3m", "-dump", "-T", "text/html", "-cols", "60", "-I", "utf-8", "-O", "utf-8", str(file)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
        assert {"en": "Leave quickly", "ru": "Быстро уйти"}[language] in shown, name
        assert "--paper" not in shown, f"{name}: the style sheet is read aloud"
        assert "{{" not in shown
        if name == "code":
            assert [
                line.split(".")[0].strip()
                for line in shown.splitlines()
                if line.strip()[:2] in {f"{n}." for n in range(1, 8)}
            ]


def elsewhere() -> Starlette:
    """Another site, such as the quick exit leads to."""
    return Starlette(routes=[Route("/weather", lambda _: PlainTextResponse("Sunny, 12 degrees"))])


SAID = {
    "en": (
        "You can write to us here",
        "Write to us",
        "Your letter",
        "Send",
        "This is your code",
        "I have kept my code",
        "No new answer",
        "Leave quickly",
        "I have a code",
        "Your code, seven words",
        "Open my mailbox",
        "1 answer for you",
        "Your letter is sealed and with us",
        "I have read it: remove it",
    ),
    "ru": (
        "Сюда можно нам написать",
        "Написать нам",
        "Ваше письмо",
        "Отправить",
        "Вот ваш код",
        "Код сохранён",
        "Нового ответа нет",
        "Быстро уйти",
        "У меня есть код",
        "Ваш код, семь слов",
        "Открыть мой ящик",
        "1 ответ для вас",
        "Ваше письмо запечатано и уже у нас",
        "Прочитано — убрать",
    ),
}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_whole_conversation_in_a_text_browser(house: House, tmp_path: Path, language: str) -> None:
    """lynx at a terminal: write, get the code, leave, come back with it, read, answer, let go, leave. One process, one cookie jar."""
    (welcome, begin, letter, send, code_is, kept, nothing, leave, have, code_field, enter, answer, sealed, remove) = (
        SAID[language]
    )
    with served(house.app) as address, served(elsewhere()) as weather:
        house.leads_away |= dict.fromkeys(("en", "ru"), f"{weather}/weather")
        with Terminal(tmp_path, address, language) as lynx:
            lynx.until(welcome)
            lynx.choose(begin)
            lynx.until(letter)
            lynx.write(letter, "Мне нужна помощь.\nI am afraid.", rows=10)
            lynx.choose(send)
            lynx.until(code_is)
            words = lynx.lines(r" *[1-7]\. (\w+)", 7)
            lynx.choose(kept)
            lynx.until(nothing)
            lynx.choose(leave)
            lynx.until("Sunny")
            (first,) = house.letters()
            assert first.text.rstrip() == "Мне нужна помощь.\nI am afraid."
            house.reply(first, "Мы рядом. Where are you now?", seen=(first.id,))
            lynx.open(f"{address}/?lang={language}")
            lynx.until(welcome)
            lynx.choose(have)
            lynx.until(code_field)
            lynx.write(code_field, " ".join(words), rows=3)
            lynx.choose(enter)
            lynx.until(answer)
            lynx.until("Мы рядом. Where are you now?")
            lynx.write(letter, "В Саратове.", rows=10)
            lynx.choose(send)
            lynx.until(sealed)
            lynx.choose(remove)
            lynx.until(nothing)
            lynx.until_gone("Where are you now")
            lynx.choose(leave)
            lynx.until("Sunny")
            # After the quick exit the mailbox is shut for whoever takes over the keyboard and knows its address.
            lynx.open(f"{address}/letters?lang={language}")
            lynx.until(code_field)
        assert [each.text.rstrip() for each in house.letters()][1:] == ["В Саратове."]


def test_a_text_browser_that_keeps_no_cookie_gets_the_letter_back(house: House, tmp_path: Path) -> None:
    """w3m sends the form itself, as a person at a terminal would (its -post takes the fields)."""
    with served(house.app) as address:
        token = house.browser()
        token.open("/write")
        fields = tmp_path / "fields"
        fields.write_text("text=Help.&token=" + token.form("/write")["token"], encoding="utf-8")
        command = ["w3m", "-dump", "-post", str(fields), f"{address}/write?lang=en"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
        # A token of another visit is not taken, and the letter stands in the page again.
        assert "had been open for a long time" in shown
        assert "Help." in shown
