"""The parts of a person's name as a list writes it: surname, given name, father's name, initials, sex.

Cases, short forms and typing errors are read with what names/given.csv knows. What it does not know keeps its
skeleton, so that an unknown name is still compared, only never bent into a known one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kunak.count.linkage.knowledge import Knowledge, Meaning
from kunak.count.linkage.skeleton import in_its_layout, is_cyrillic, plain

_INITIALS = re.compile(r"^(?:[^\W\d_]{1,3}\.)+[^\W\d_]{0,2}\.?$|^[^\W\d_]$")
_LETTERS = re.compile(r"[^\W\d_]+")
_GLUED = re.compile(r"(?<=\.)(?=[^\W\d_]{3})")  # А.Исаев is two words
_SPLIT = re.compile(r"[\s,;()\"«»]+")
_VOWELS = "aeiou"
_LIKELY_SCHOOLS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A given name or a father's name: what it is, what it may be, and with which sounds it may begin."""

    name: str = ""  # the canonical name if exactly one is known, else the skeleton
    known: bool = False
    maybe: tuple[str, ...] = ()  # canonical names of which it is a short form or a misspelling
    initials: str = ""  # first sounds, sorted
    only_initial: bool = False
    raw: str = ""  # the skeleton as written
    sex: str = ""
    numbers: tuple[int, ...] = ()  # of the names in `maybe`, for the engine
    fond: str = ""  # what is left of an unknown short form: Элбик may be any Элб-


@dataclass(frozen=True, slots=True)
class Name:
    """A full name taken apart; an empty part was not given."""

    surname: str = ""
    surnames: tuple[str, ...] = ()  # in every reading, the likeliest first
    given: Part = Part()
    father: Part = Part()
    sex: str = ""


NOTHING = Part()


def read_name(full_name: str, patronymic: str, schools: tuple[str, ...], known: Knowledge) -> Name:
    """Take a name apart. `schools` are the romanisations of the record, the likeliest first."""
    surnames, given, father, sex = _full_name(in_its_layout(full_name), schools, known)
    if patronymic.strip():
        own, own_sex = _father_field(in_its_layout(patronymic), schools, known)
        if own.name or not father.name:
            father = own
        sex = own_sex or sex
    return Name(next(iter(surnames), ""), surnames, given, father, given.sex or sex)


def _full_name(text: str, schools: tuple[str, ...], known: Knowledge) -> tuple[tuple[str, ...], Part, Part, str]:
    words, initials, father, sex = [], [], NOTHING, ""
    tokens = [t for t in _SPLIT.split(_GLUED.sub(" ", text)) if t]
    for place, token in enumerate(tokens):
        lower = token.lower().strip(".")
        if lower in known.drop_words or lower in known.sons or lower in known.daughters:
            if place + 1 < len(tokens) and lower not in known.drop_words:
                sex = "m" if lower in known.sons else "f"
            continue
        if _INITIALS.match(token):
            initials += _initials(token, text, schools, known)
            continue
        readings = known.alphabet.readings(token, schools)
        if readings and readings[0]:
            if known.endings.father_mark.search(readings[0]) and len(tokens) > 1 and not known.meaning(readings):
                father = _father(readings, known)
                sex = _father_sex(readings[0], known)
            else:
                words.append(readings)
    surnames, given, third = _order(words, known, has_initial=bool(initials))
    if third.name and not father.name:
        father = third
    if initials and not given.name:
        given = Part(initials=initials[0], only_initial=True)
        initials = initials[1:]
    if initials and not father.name:
        father = Part(initials=initials[0], only_initial=True)
    return surnames, given, father, sex


def _initials(token: str, text: str, schools: tuple[str, ...], known: Knowledge) -> list[str]:
    found = []
    for letters in _LETTERS.findall(token):
        if letters in {"I", "l", "Ӏ", "ӏ"} and is_cyrillic(text):
            found.append(_VOWELS)
            continue
        word = plain(letters)
        if is_cyrillic(word):
            found.append(known.words["initials"]["cyrillic"].get(word[0], word[0]))
        elif len(word) > 1:  # Ch. is Х in German, Ч in English, Ш in French
            sounds = {r[0] for r in known.alphabet.readings(letters, schools[:_LIKELY_SCHOOLS]) if r}
            found.append("".join(sorted(sounds | ({"i"} if word[0] in "yj" else set()))) or word[0])
        else:
            found.append("".join(sorted(set(known.words["initials"]["latin"].get(word[0], word[0])))))
    return found


def _order(words: list[tuple[str, ...]], known: Knowledge, *, has_initial: bool) -> tuple[tuple[str, ...], Part, Part]:
    """Which word is the surname, which the given name, which (a third) the father's."""
    if not words:
        return (), NOTHING, NOTHING
    fits = [_surname_fit(w, known) for w in words]
    if len(words) == 1:
        if has_initial or fits[0] > 0 or (fits[0] == 0 and not known.guess(words[0][0])):
            return known.surname_readings(words[0]), NOTHING, NOTHING
        return (), read_part(words[0], known), NOTHING
    best = max(range(len(words)), key=lambda i: (fits[i], -i))
    rest = [w for i, w in enumerate(words) if i != best]
    if len(rest) > 1:
        joined = tuple(a + b for a, b in zip(rest[0], rest[1], strict=False))
        if known.meaning(joined):
            rest = [joined, *rest[2:]]
    given = read_part(rest[0], known)
    third = read_part(rest[1], known) if len(rest) > 1 else NOTHING
    return known.surname_readings(words[best]), given, third


@lru_cache(maxsize=500_000)
def _surname_fit(readings: tuple[str, ...], known: Knowledge) -> int:
    """How much a word looks like a surname: its ending speaks for it, being a given name against it."""
    meaning = known.meaning(readings)
    endings = {m.group(2) for r in readings if (m := known.endings.surname.match(r))}
    ending = 3 if endings & {"ov", "ev", "of", "ef"} else len(endings)
    if meaning:
        return -3 - (meaning.rank == 0) + (ending > 0)
    return ending - bool(known.guess(readings[0]))


@lru_cache(maxsize=500_000)
def read_part(readings: tuple[str, ...], known: Knowledge) -> Part:
    """A given name out of its possible skeletons."""
    return _part(readings, known.meaning(readings), known)


def _part(readings: tuple[str, ...], meaning: Meaning | None, known: Knowledge) -> Part:
    raw = readings[0]
    if meaning is None:
        guess = known.guess(raw)
        raw = known.endings.case.sub("", raw) if not guess else raw
        return Part(
            raw,
            known=False,
            maybe=guess,
            initials=raw[0],
            raw=raw,
            numbers=known.numbers(guess),
            fond=known.fond(raw),
        )
    initials = known.initials(meaning.names)
    sex = known.common_sex(meaning.names)
    if len(meaning.names) == 1 and meaning.rank < 2:  # noqa: PLR2004 - rank 2 is a short form
        name, may_be = meaning.names[0], meaning.names + meaning.also
        return Part(
            name,
            known=True,
            maybe=may_be,
            initials=initials,
            raw=known.skeleton_of(name),
            sex="" if meaning.also else sex,
            numbers=known.numbers(may_be),
        )
    # A short form stays in doubt: it may also be a slip of another name.
    return Part(
        raw, known=False, maybe=meaning.names, initials=initials, raw=raw, sex=sex, numbers=known.numbers(meaning.names)
    )


def _father_field(text: str, schools: tuple[str, ...], known: Knowledge) -> tuple[Part, str]:
    sex, tokens = "", []
    for token in (t for t in _SPLIT.split(text) if t):
        lower = token.lower().strip(".")
        if lower in known.sons or lower in known.daughters:
            sex = "m" if lower in known.sons else "f"
        elif lower not in known.drop_words:
            tokens.append(token)
    if not tokens:
        return NOTHING, sex
    if _INITIALS.match(tokens[0]):
        return Part(initials=_initials(tokens[0], text, schools, known)[0], only_initial=True), sex
    readings = known.alphabet.readings("".join(tokens), schools)
    if not readings or not readings[0]:
        return NOTHING, sex
    if known.endings.father_mark.search(readings[0]):
        return _father(readings, known), sex or _father_sex(readings[0], known)
    return read_part(readings, known), sex


@lru_cache(maxsize=200_000)
def _father(readings: tuple[str, ...], known: Knowledge) -> Part:
    stems = tuple(m.group(1) for r in readings if (m := known.endings.father.match(r)))
    if not stems:
        return Part(readings[0], raw=readings[0], initials=readings[0][0])
    return _part(stems, known.father_meaning(stems), known)


def _father_sex(skeleton: str, known: Knowledge) -> str:
    return "f" if known.endings.daughter.search(skeleton) else "m"
