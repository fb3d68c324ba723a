"""A browser without JavaScript: opens pages, follows redirects and links, fills in forms, keeps cookies. Nothing more.

`demo --check` and the seizure tests walk through the real pages with it, so that a page which needs a script, a
header or a field that no plain browser sends, fails there.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

SILENT = {"script", "style", "head", "template"}
CHECKABLE = {"checkbox", "radio"}
TYPEABLE = {"text", "search", "password", "tel", "email", "url"}


# Loopback only. A client's default would read the system's certificates anew for each person.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Lost(Exception):
    """The page has no such form, link or text: says what was looked for, and where."""


@dataclass
class Form:
    """A form as the browser sees it: where it goes, what it would send untouched, and its buttons (name, value, text)."""

    action: str
    method: str
    multipart: bool
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)  # names of the fields into which anything can be typed
    uploads: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)  # name, value, text, formaction


@dataclass
class Page:
    """What came: address, status, headers, text as read, links as (text, address) and forms."""

    url: str
    status: int
    headers: httpx.Headers
    html: str
    text: str = ""
    title: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def form(self, *, having: str | None = None, action: str | None = None) -> Form:
        """The first form that has a field of this name, or goes to an address that ends so."""
        for form in self.forms:
            if (having is None or having in form.names) and (
                action is None or urlsplit(form.action).path.endswith(action)
            ):
                return form
        raise Lost(f"No form with {having or action} on {self.url} (status {self.status}).")


class Reader(HTMLParser):
    """Reads a page's text, links and forms."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.words: list[str] = []
        self.quiet = 0
        self.link: str | None = None
        self.collect: list[str] | None = None
        self.form: Form | None = None
        self.textarea: str | None = None
        self.select: str | None = None
        self.button: tuple[str, str, str] | None = None
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self.quiet += 1
        if tag == "title":
            self.in_title = True
        elif tag == "a":
            self.link, self.collect = given.get("href"), []
        elif tag == "form":
            self.form = Form(
                urljoin(self.page.url, given.get("action") or self.page.url),
                given.get("method", "get").lower(),
                given.get("enctype") == "multipart/form-data",
            )
            self.page.forms.append(self.form)
        elif self.form is not None:
            self.field(tag, given)

    def field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.form, given.get("name", "")
        if form is None:
            return
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "button" or (tag == "input" and kind in ("submit", "image")):
            self.button, self.collect = (name, given.get("value", ""), given.get("formaction", "")), []
            if tag == "input":
                self.close_button(given.get("value", ""))
            return
        if name:
            form.names.add(name)
            form.texts.update([name] if tag == "textarea" or (tag == "input" and kind in TYPEABLE) else [])
        if kind == "file" and name:
            form.uploads.append(name)
        if tag == "input" and name and kind != "file" and (kind not in CHECKABLE or "checked" in given):
            form.fields.setdefault(name, []).append(given.get("value", "on" if kind in CHECKABLE else ""))
        elif tag == "textarea" and name:
            self.textarea = name
            form.fields.setdefault(name, []).append("")
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or self.select not in form.fields):
            form.fields[self.select] = [given.get("value", "")]

    def close_button(self, text: str) -> None:
        if self.form is not None and self.button is not None:
            name, value, action = self.button
            self.form.buttons.append((name, value, text, urljoin(self.page.url, action) if action else ""))
        self.button, self.collect = None, None

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.quiet = max(0, self.quiet - 1)
        if tag == "title":
            self.in_title = False
        elif tag == "a" and self.link is not None:
            self.page.links.append((" ".join("".join(self.collect or []).split()), urljoin(self.page.url, self.link)))
            self.link, self.collect = None, None
        elif tag == "button":
            self.close_button(" ".join("".join(self.collect or []).split()))
        elif tag == "form":
            self.form = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.page.title += data
        if self.collect is not None:
            self.collect.append(data)
        if self.textarea and self.form is not None:
            self.form.fields[self.textarea][-1] += data
        if not self.quiet:
            self.words.append(data)

    def finish(self) -> Page:
        self.page.text = " ".join(" ".join(self.words).split())
        return self.page


class Browser:
    """One profile: cookies, a current page. `language` is what it asks for in Accept-Language."""

    def __init__(self, base: str, language: str = "ru", transport: httpx.BaseTransport | None = None) -> None:
        self.client = httpx.Client(
            base_url=base,
            transport=transport,
            follow_redirects=False,
            headers={"Accept": "text/html", "Accept-Language": language, "User-Agent": "Mozilla/5.0"},
            timeout=30,
            verify=NO_TLS,
            trust_env=False,
        )
        self.base = base
        self.page = Page(base, 0, httpx.Headers(), "")

    def open(self, address: str) -> Page:
        return self.arrive(self.client.get(urljoin(self.base, address)))

    def follow(self, words: str) -> Page:
        """Follow the first link whose text contains the words, or whose address ends with them."""
        for text, address in self.page.links:
            if words in text or urlsplit(address).path.endswith(words):
                return self.open(address)
        raise Lost(f"No link “{words}” on {self.page.url}.")

    def submit(
        self,
        form: Form,
        button: str | None = None,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        **filled: str,
    ) -> Page:
        """Send a form as a browser would: what stands in it, changed by `filled`, and the button that was pressed."""
        unknown = sorted(set(filled) - form.names)
        if unknown:
            raise Lost(f"The form of {self.page.url} has no field {', '.join(unknown)}.")
        fields = {**form.fields, **{name: [value] for name, value in filled.items()}}
        action = form.action
        for name, value, text, elsewhere in form.buttons:
            if button is None or button in (name, value, text):
                if name:
                    fields[name] = [value]
                action = elsewhere or action
                break
        else:
            if button is not None:
                raise Lost(f"No button “{button}” in the form of {self.page.url}.")
        if form.method == "get":
            return self.arrive(self.client.get(action, params=fields))
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.page.url))
        sent: dict[str, str | list[str]] = dict(fields.items())
        multipart = files or (
            [(name, ("", b"", "application/octet-stream")) for name in form.uploads] if form.multipart else None
        )
        headers = {"Origin": origin}
        if not sent and not multipart:  # a browser names the kind of a form's body even when it is empty
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.arrive(self.client.post(action, data=sent, files=multipart, headers=headers))

    def arrive(self, response: httpx.Response) -> Page:
        for _ in range(10):
            if not response.has_redirect_location:
                break
            target = urljoin(str(response.url), response.headers["location"])
            if urlsplit(target).netloc != urlsplit(str(response.url)).netloc:
                self.page = Page(target, response.status_code, response.headers, "")
                return self.page  # away from the house: a quick exit
            response = self.client.get(target)
        if response.headers.get("refresh", "").startswith("0; url="):
            return self.open(response.headers["refresh"].removeprefix("0; url="))
        reader = Reader(Page(str(response.url), response.status_code, response.headers, response.text))
        reader.feed(response.text)
        self.page = reader.finish()
        return self.page

    def close(self) -> None:
        self.client.close()
