"""Turns a template of a room into a page: in the reader's language, escaped, with its style inside.

`Frame("mailbox")` reads `mailbox/templates/*.html` (under the name `mailbox/write.html`), the shared templates of `frame`,
and the catalogues `<room>/locale/<language>.mo` of both. English stands in the source; a language exists as soon as `frame`
has a catalogue for it. The language is asked of the address (`?lang=ru`), then of the browser, never of a cookie: a cookie
would be one trace more on the person's phone.
"""

from __future__ import annotations

import base64
import gettext
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, meta
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kunak.frame.ahead import SpokenAhead, speak
from kunak.frame.dates import long_day
from kunak.frame.direction import closed
from kunak.frame.sizes import written_size

SOURCE_LANGUAGE = "en"


@cache
def style(name: str) -> str:
    """The text of a style sheet: `tokens.css`, which all doors share, and then `<room>/<file>.css` of `<room>/styles/`."""
    room, _, file = name.partition("/")
    tokens = files("kunak.frame").joinpath("styles", "tokens.css").read_text("utf-8")
    return tokens + files(f"kunak.{room}").joinpath("styles", file).read_text("utf-8")


@cache
def style_hash(name: str) -> str:
    """The source expression that lets exactly this style stand inside a page (Content Security Policy 3, section 2.3.1)."""
    digest = hashlib.sha256(style(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def catalogues(rooms: tuple[str, ...], language: str) -> gettext.NullTranslations:
    """The words of these rooms in one language; what a catalogue lacks is looked up in the next room, then stays English."""
    words = gettext.NullTranslations()
    for room in rooms:
        compiled = files(f"kunak.{room}").joinpath("locale", f"{language}.mo")
        if compiled.is_file():
            with compiled.open("rb") as mo:
                words.add_fallback(gettext.GNUTranslations(mo))
    return words


def languages() -> tuple[str, ...]:
    """English, and every language that `frame` has a compiled catalogue for."""
    folder = files("kunak.frame").joinpath("locale")
    found = {entry.name.removesuffix(".mo") for entry in folder.iterdir() if entry.name.endswith(".mo")}
    return SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})


def accepted(header: str, known: tuple[str, ...]) -> str | None:
    """The known language that a browser wants most (RFC 9110, section 12.5.4), or None."""
    best: tuple[float, str] | None = None
    for part in header[:512].split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            wish = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if language in known and 0 < wish <= 1 and (best is None or wish > best[0]):
            best = (wish, language)
    return best[1] if best else None


class Frame:
    """The pages of one door. `rooms` are names of packages under `kunak`; `look` is the style that its pages carry."""

    def __init__(self, *rooms: str, look: str = "frame/person.css", default_language: str = SOURCE_LANGUAGE) -> None:
        self.rooms = (*rooms, "frame")
        self.look = look
        self.languages = languages()
        self.default_language = default_language if default_language in self.languages else SOURCE_LANGUAGE
        self.words = {language: catalogues(self.rooms, language) for language in self.languages}
        self._environments = {language: self._environment(language) for language in self.languages}

    def _environment(self, language: str) -> Environment:
        """One environment a language: each template is compiled once and no page looks its language up twice."""
        loaders = {room: PackageLoader(f"kunak.{room}") for room in self.rooms if _has_templates(room)}
        # autoescape is on for every template whatever its name ends with: a person's words are never markup.
        environment = Environment(
            loader=PrefixLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=closed,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do", SpokenAhead],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        words = self.words[language]
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
        speak(environment, words)
        environment.globals["style"] = Markup(style(self.look))  # noqa: S704 - our own file, no person's words
        environment.globals["language"] = language
        environment.globals["languages"] = self._own_names()
        environment.filters["day"] = lambda day: long_day(day, words)
        environment.filters["size"] = lambda size: written_size(size, words)
        return environment

    def preload(self) -> None:
        """Compile every template of this door now: no first reader waits for it, and nothing is left to be loaded later.

        `frame` also holds the other door's frame, which speaks of things that this door does not know.
        """
        for environment in self._environments.values():
            waiting = [name for name in environment.list_templates() if not name.startswith("frame/")] + [
                "frame/status.html"
            ]
            known = set[str]()
            while waiting:
                name = waiting.pop()
                if name not in known:
                    known.add(name)
                    environment.get_template(name)
                    waiting += self._leads_to(environment, name)

    @staticmethod
    def _leads_to(environment: Environment, name: str) -> list[str]:
        """The templates that this one extends, includes or takes macros from."""
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
        return [found for found in meta.find_referenced_templates(environment.parse(source)) if found]

    def _own_names(self) -> list[tuple[str, str]]:
        """(language, its name in itself), for the row in which a reader chooses."""
        return [(each, words.pgettext("this language's own name", "English")) for each, words in self.words.items()]

    def language(self, request: Request) -> str:
        """The language that this reader asked for."""
        asked = request.query_params.get("lang", "")
        if asked in self.words:
            return asked
        return accepted(request.headers.get("accept-language", ""), self.languages) or self.default_language

    def gettext(self, request: Request) -> Callable[[str], str]:
        """The translating function for sentences that stand in code; mark them with `frame.words.mark`."""
        return self.words[self.language(request)].gettext

    def add_globals(self, **values: Any) -> None:
        """Values that every template of this door may use."""
        for environment in self._environments.values():
            environment.globals.update(values)

    def text(self, template: str, request: Request, **context: Any) -> str:
        """The page as text. Templates also see `request`, `link` (an address that keeps the language) and `here`."""
        language = self.language(request)

        def link(path: str, **query: str) -> str:
            return f"{path}?{urlencode({'lang': language, **query})}"

        # One slash and no backslash: `//other.site` and `/\other.site` would lead a reader of this page out of the house.
        here = quote("/" + request.url.path.lstrip("/\\"))
        page = self._environments[language].get_template(template)
        return page.render(request=request, link=link, here=here, **context)

    def render(
        self,
        template: str,
        request: Request,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """The page as a response. The safe headers are added by `frame.headers.SafeHeaders` around the whole door."""
        return HTMLResponse(self.text(template, request, **context), status_code=status, headers=headers)


def _has_templates(room: str) -> bool:
    return files(f"kunak.{room}").joinpath("templates").is_dir()
