"""How names are written: ten romanisations, grammatical cases, patronymics."""

from __future__ import annotations

from collections.abc import Mapping

_BASE = dict(zip("абвгдезиклмнопрстуфы", "abvgdeziklmnoprstufy", strict=True)) | {
    "э": "e",
    "ъ": "",
    "ь": "",
    "ӏ": "",
    "ё": "e",
}
SCHOOLS: dict[str, dict[str, str]] = {
    "bgn": {"ж": "zh", "й": "y", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ё": "yo"},
    "icao": {"ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia"},
    "informal": {"дж": "j", "ж": "zh", "й": "y", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"},
    "informal2": {"ж": "zh", "й": "j", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"},
    "german": {
        "дж": "dsch", "ж": "sch", "з": "s", "в": "w", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch",
        "ю": "ju", "я": "ja",
    },
    "french": {
        "дж": "dj", "ж": "j", "й": "ï", "у": "ou", "х": "kh", "ц": "ts", "ч": "tch", "ш": "ch", "щ": "chtch", "ю": "iou", "я": "ia",
    },
    "polish": {
        "дж": "dż", "ж": "ż", "в": "w", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ю": "ju", "я": "ja",
    },
    "iso9": {"ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "ю": "û", "я": "â", "ё": "ë", "э": "è"},
    "gostb": {"ж": "zh", "й": "j", "х": "x", "ц": "cz", "ч": "ch", "ш": "sh", "щ": "shh", "ю": "yu", "я": "ya", "ё": "yo"},
    "turkish": {"дж": "c", "ж": "j", "й": "y", "х": "h", "ц": "ts", "ч": "ç", "ш": "ş", "щ": "ş", "ы": "ı", "ю": "yu", "я": "ya"},
}  # fmt: skip
SCHOOL_WEIGHTS = (34, 15, 12, 5, 14, 8, 7, 3, 3, 2)


def romanise(text: str, school: str, schools: Mapping[str, Mapping[str, str]] = SCHOOLS) -> str:
    """Write Cyrillic text as one school does."""
    table = _BASE | dict(schools[school])
    out, low = [], text.lower()
    at = 0
    while at < len(text):
        if low[at] == "е" and school in {"bgn", "french"} and (at == 0 or low[at - 1] in "аеёиоуыэюяьъй- "):
            sounds, step = ("ye" if school == "bgn" else "ie"), 1
        else:
            step = 2 if low[at : at + 2] in table else 1
            sounds = table.get(low[at : at + step], low[at : at + step])
        out.append(sounds.capitalize() if text[at].isupper() else sounds)
        at += step
    return "".join(out)


def case_of(word: str, feminine: bool, surname: bool, case: int) -> str:
    """Genitive, dative, instrumental (0, 1, 2) of a name, as a clerk would write it."""
    if surname:
        if feminine:
            return word[:-1] + "ой" if word.endswith("а") else word
        return word + ("а", "у", "ым")[case]
    if word[-1] in "еёиоуыэюӏъ":
        return word
    if word[-1] == "а":
        return word[:-1] + ("ы", "е", "ой")[case]
    if word[-1] in "йья":
        return word[:-1] + (("и", "е", "ей") if word[-1] == "я" else ("я", "ю", "ем"))[case]
    return word if feminine else word + ("а", "у", "ом")[case]


def patronymic_of(father: str, sex: str) -> str:
    """The patronymic as Russian documents write it."""
    stem = father[:-1] if father[-1] in "аьйия" and father[-2] not in "аеиоу" else father
    soft = father[-1] in "ийьуюоя"
    return stem + ("евич" if soft else "ович") if sex == "m" else stem + ("евна" if soft else "овна")
