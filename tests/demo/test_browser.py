"""The browser without JavaScript sends what a plain browser sends."""

import httpx
import pytest

from kunak.demo.browser import Browser, Lost

PAGE = """<!doctype html><title>Neutral</title><script>var a = "hidden"</script><h1>Hello</h1>
<a href="/next">Go <b>on</b></a>
<form action="/send" method="post"><input type=hidden name=token value=t1><textarea name=text>
kept</textarea><input type=checkbox name=a value=1><input type=checkbox name=b value=2 checked>
<select name=lang><option value=ru>ru<option value=en selected>en</select>
<button name=do value=send>Send it</button><button name=do value=drop formaction="/drop">Drop</button></form>"""


def house(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/away":
        return httpx.Response(303, headers={"location": "https://weather.invalid/"})
    if request.url.path == "/send":
        return httpx.Response(200, text=f"<p>{request.content.decode()}</p><i>{request.headers.get('cookie', '')}</i>")
    return httpx.Response(200, text=PAGE, headers={"set-cookie": "s=1; Path=/"})


@pytest.fixture
def browser() -> Browser:
    found = Browser("http://house.invalid", transport=httpx.MockTransport(house))
    found.open("/")
    return found


def test_it_reads_what_a_person_would_read(browser: Browser) -> None:
    assert browser.page.title == "Neutral"
    assert "hidden" not in browser.page.text
    assert browser.page.links == [("Go on", "http://house.invalid/next")]


def test_it_sends_untouched_fields_checked_boxes_and_the_pressed_button_with_its_cookie(browser: Browser) -> None:
    page = browser.submit(browser.page.form(having="text"), "Send it", text="да")
    assert page.text == "token=t1&text=%D0%B4%D0%B0&b=2&lang=en&do=send s=1"


def test_it_stops_when_a_page_leads_out_of_the_house(browser: Browser) -> None:
    assert browser.open("/away").url == "https://weather.invalid/"


def test_it_says_what_it_could_not_find(browser: Browser) -> None:
    with pytest.raises(Lost, match="no field name"):
        browser.submit(browser.page.form(action="/send"), name="x")
    with pytest.raises(Lost, match="No button"):
        browser.submit(browser.page.form(action="/send"), "Buy")
    with pytest.raises(Lost, match="No form"):
        browser.page.form(having="code")
