"""Reading a scenario: bytes in, a scenario that can be planned out, or `Unplannable` with what to mend.

The steps of `read_scenario`:

1. The bytes are JSON (RFC 8259), and no field stands twice in one object: of two values one would be lost.
2. It has the fields of a scenario, each with a value of its kind.
3. It holds together: `believing.believe`.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any, Final, get_args

import msgspec

from kunak.frame.words import mark

from .believing import PARTS, THE_SCENARIO, believe
from .scenario import Kind, Makeup, Said, Scenario, Unplannable, Zone

FORMAT: Final = "kunak-scenario/1"

EMPTY = mark("The file is empty. Export the scenario again.")
ENCODING = mark("The file is not written in UTF-8. Save it in that encoding, or export it again.")
ENDS_EARLY = mark("The file ends in the middle. Export it again.")
MALFORMED = mark("Line {line}, character {column}: this is not JSON. Mend it there, or export the file again.")
TOO_DEEP = mark("The file is nested too deeply to be a scenario. Export it again.")
A_PLAN = mark("This is a plan, not a scenario. Choose the scenario that the plan was made for.")
NO_SCENARIO = mark("The file is no scenario: its format must be {format}. Choose another file.")
TWICE = mark("{where}: the field {field} stands there twice. Keep one of them.")
MISSING = mark("{where}: the field {field} is missing. Add it.")
UNKNOWN = mark("{where}: a scenario has no field {field}. Mend its name, or take it out.")
ONE_OF = mark("{where}: {field} cannot be {value}. Write one of these: {choices}.")
WRONG_KIND = mark("{where}: {field} is {got}, and must be {wanted}. Mend it.")
WRONG_LENGTH = mark("{where}: {field} needs exactly {count} values. Mend it.")
STRANGE = mark("{where}: {field} is not what a scenario has there. Mend it, or export the file again.")

KINDS: Final = {
    "int": mark("a whole number"),
    "float": mark("a fraction"),
    "str": mark("a text in quotation marks"),
    "bool": mark("true or false"),
    "array": mark("a list in square brackets"),
    "object": mark("fields in braces"),
    "null": mark("null"),
}
CHOICES: Final = {
    "zone": get_args(Zone),
    "kind": get_args(Kind),
    "makeup": get_args(Makeup),
    "admits": get_args(Makeup),
    "format": (FORMAT,),
}
_AT = re.compile(r" - at `\$(?P<path>.*)`$")
_ITEM = re.compile(r"\.(?P<section>\w+)\[(?P<index>\d+)\]")


def read_scenario(text: bytes) -> Scenario:
    """The scenario in these bytes. Raises `Unplannable` with what to mend."""
    text = text.removeprefix(BOM_UTF8)
    try:
        scenario = msgspec.json.decode(text, type=Scenario)
        json.loads(text, object_pairs_hook=_once, parse_int=str)  # 1
    except msgspec.ValidationError as error:
        raise _misshapen(text, str(error)) from error  # 2
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_json(text, str(error)) from error
    except RecursionError as error:
        raise Unplannable(TOO_DEEP) from error
    believe(scenario)  # 3
    return scenario


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        where = found["id"] if isinstance(found.get("id"), str) else Said(THE_SCENARIO)
        raise Unplannable(TWICE, where=where, field=twice)
    return found


def _no_json(text: bytes, error: str) -> Unplannable:
    if not text.strip():
        return Unplannable(EMPTY)
    try:
        written = text.decode()
    except UnicodeDecodeError:
        written = "\x00"
    if "\x00" in written or text.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        return Unplannable(ENCODING)
    at = re.search(r"\(byte (\d+)\)", error)
    if at is None:
        return Unplannable(ENDS_EARLY)
    before = text[: int(at[1])].decode(errors="replace")
    return Unplannable(MALFORMED, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def _misshapen(text: bytes, error: str) -> Unplannable:
    """msgspec's complaint, as people say it: what, in which place, leg or party, what belongs there."""
    try:
        raw = msgspec.json.decode(text)
    except RecursionError:
        return Unplannable(TOO_DEEP)
    except (msgspec.DecodeError, UnicodeDecodeError) as broken:  # what was amiss came before what is broken
        return _no_json(text, str(broken))
    said = raw.get("format") if isinstance(raw, dict) else None
    if said == "kunak-plan/1":
        return Unplannable(A_PLAN)
    if said != FORMAT:
        return Unplannable(NO_SCENARIO, format=FORMAT)
    at = _AT.search(error)
    where, field = _named(raw, at["path"] if at else "")
    return _complaint(_AT.sub("", error), where, field)


def _named(raw: dict[str, Any], path: str) -> tuple[Said, str]:
    """Of `.places[3].admits[0]`: the place by its id, and `admits`."""
    item = _ITEM.match(path)
    where = Said(THE_SCENARIO)
    if item is not None and item["section"] in PARTS:
        each = raw[item["section"]][int(item["index"])]
        name = each.get("id") if isinstance(each, dict) else None
        where = Said(PARTS[item["section"]], id=name if isinstance(name, str) else f"№ {int(item['index']) + 1}")
        path = path[item.end() :] or f".{item['section']}"
    return where, re.sub(r"\[[^]]*\]", "", path).strip(".")


def _complaint(error: str, where: Said, field: str) -> Unplannable:
    if found := re.fullmatch(r"Object missing required field `(.+)`", error):
        return Unplannable(MISSING, where=where, field=found[1])
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", error, re.DOTALL):
        return Unplannable(UNKNOWN, where=where, field=found[1])
    if (found := re.fullmatch(r"Invalid enum value '?(.*?)'?", error, re.DOTALL)) and field in CHOICES:
        return Unplannable(ONE_OF, where=where, field=field, value=found[1], choices=", ".join(CHOICES[field]))
    if found := re.fullmatch(r"Expected `array` of length (\d+).*", error):
        return Unplannable(WRONG_LENGTH, where=where, field=field, count=found[1])
    found = re.fullmatch(r"Expected `(\w+)[^`]*`, got `(\w+)`", error)
    if found and found[1] in KINDS and found[2] in KINDS:
        return Unplannable(
            WRONG_KIND, where=where, field=field, wanted=Said(KINDS[found[1]]), got=Said(KINDS[found[2]])
        )
    return Unplannable(STRANGE, where=where, field=field)
