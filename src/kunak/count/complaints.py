"""What is wrong with a file that came in or cannot go out: one sentence with its place, in English and in Russian.

Sentences name rows, columns and ids, never what a person is called.
"""

from __future__ import annotations

from pathlib import Path

from kunak.count.estimate.told import Told, spoken, teller
from kunak.frame import tongue

SENTENCES = {
    "missing column": (
        "{file}, row 1: column {columns} is missing{hint}.",
        "{file}, строка 1: нет столбца {columns}{hint}.",
    ),
    "missing columns": (
        "{file}, row 1: the columns {columns} are missing{hint}.",
        "{file}, строка 1: нет столбцов {columns}{hint}.",
    ),
    "no heads": (
        "; the first row must hold the names of the columns",
        "; в первой строке должны стоять названия столбцов",
    ),
    "parted": (
        "; they seem to be parted by {separator}: save the file with commas",
        "; похоже, их разделяет {separator}: сохраните файл с запятыми",
    ),
    "semicolons": ("semicolons", "точка с запятой"),
    "tabs": ("tabs", "табуляция"),
    "bars": ("vertical bars", "вертикальная черта"),
    "doubled column": (
        "{file}, row 1: column {columns} stands there twice.",
        "{file}, строка 1: столбец {columns} стоит дважды.",
    ),
    "empty file": ("{file}, row 1: the file is empty.", "{file}, строка 1: файл пуст."),
    "no records": (
        "{file}, row 2: there are no records; every list needs at least one.",
        "{file}, строка 2: записей нет; в каждом списке нужна хотя бы одна.",
    ),
    "no list": (
        "{file}, row {row}, column list: it is empty; say which list the record comes from.",
        "{file}, строка {row}, столбец list: пусто; укажите, из какого списка запись.",
    ),
    "no id": (
        "{file}, row {row}, column record_id: it is empty; give every record its own id.",
        "{file}, строка {row}, столбец record_id: пусто; дайте каждой записи свой номер.",
    ),
    "same id": (
        "{file}, row {row}, column record_id: {id} stands already in row {first}; give every record its own id.",
        "{file}, строка {row}, столбец record_id: {id} уже стоит в строке {first}; дайте каждой записи свой номер.",
    ),
    "fields": (
        "{file}, row {row}: {fields} fields where the first row has {columns}; a comma inside a field needs quotes.",
        "{file}, строка {row}: полей {fields}, а в первой строке {columns}; запятой внутри поля нужны кавычки.",
    ),
    "quotes": (
        "{file}, row {row}: a quotation mark is opened and not closed, or stands inside a field; double it there or take it out.",
        "{file}, строка {row}: кавычка открыта и не закрыта или стоит внутри поля; удвойте её или уберите.",
    ),
    "not csv": ("{file}, row {row}: this is not CSV ({error}).", "{file}, строка {row}: это не CSV ({error})."),
    "zero byte": (
        "{file}, row {row}: a zero byte; this is not a text file.",
        "{file}, строка {row}: нулевой байт; это не текстовый файл.",
    ),
    "other kind": (
        "{file}, row 1: the file is {kind}; save it as CSV in UTF-8.",
        "{file}, строка 1: это {kind}; сохраните его как CSV в UTF-8.",
    ),
    "old workbook": ("an Excel workbook", "книга Excel"),
    "archive": ("a compressed archive", "сжатый архив"),
    "pdf": ("a PDF document", "документ PDF"),
    "workbook": ("an Excel workbook or another ZIP archive", "книга Excel или другой архив ZIP"),
    "not utf-8": (
        "{file}, row {row}, column {column}: this is not UTF-8 (Windows-1251 perhaps); save the file as CSV in UTF-8.",
        "{file}, строка {row}, столбец {column}: это не UTF-8 (возможно, Windows-1251); сохраните файл как CSV в UTF-8.",
    ),
    "not utf-8 table": (
        "{file}, row {row}: this is not UTF-8 (Windows-1251 perhaps); save the file as UTF-8.",
        "{file}, строка {row}: это не UTF-8 (возможно, Windows-1251); сохраните файл в UTF-8.",
    ),
    "impossible date": (
        "{file}, row {row}, column {column}: no calendar has the date {date}; correct it or leave it empty.",
        "{file}, строка {row}, столбец {column}: даты {date} нет ни в одном календаре; исправьте или оставьте пустой.",
    ),
    "unread": (
        "{file}, column {column}: values that could not be read and count as empty: {records} (the first in row {row}).",
        "{file}, столбец {column}: значений, которые не удалось прочесть и которые считаются пустыми: {records} (первое в строке {row}).",
    ),
    "nameless": (
        "{file}: records that name nobody: {records} (the first in row {row}); they are linked with nothing and left out of every count.",
        "{file}: записей, которые никого не называют: {records} (первая в строке {row}); они ни с чем не связываются и в подсчёт не входят.",
    ),
    "all nameless": (
        "{file}, column full_name: no record names anybody; there is nothing to count.",
        "{file}, столбец full_name: ни одна запись никого не называет; считать нечего.",
    ),
    "linked": ("{records} records, {people} people: {out}", "Записей: {records}, людей: {people}: {out}"),
    "unknown id": (
        "{file}, row {row}, column {column}: no record has the id {id}.",
        "{file}, строка {row}, столбец {column}: записи с номером {id} нет.",
    ),
    "verdict": (
        "{file}, row {row}, column decision: write same or different, not {verdict}.",
        "{file}, строка {row}, столбец decision: пишите same или different, а не {verdict}.",
    ),
    "with itself": (
        "{file}, row {row}: a record cannot be different from itself.",
        "{file}, строка {row}: запись не может отличаться от самой себя.",
    ),
    "contradiction": (
        "{file}, row {row}, column decision: {one} and {other} are different here and the same by row {rows}; take one of them back.",
        "{file}, строка {row}, столбец decision: {one} и {other} здесь разные люди, а по строке {rows} — один человек; уберите одно из решений.",
    ),
    "contradiction of rows": (
        "{file}, row {row}, column decision: {one} and {other} are different here and the same by rows {rows}; take one of them back.",
        "{file}, строка {row}, столбец decision: {one} и {other} здесь разные люди, а по строкам {rows} — один человек; уберите одно из решений.",
    ),
    "no folder of names": (
        "{path} is not a folder; --names takes the folder of your corrected files.",
        "{path} — не папка; после --names указывают папку с исправленными файлами.",
    ),
    "names not utf-8": ("{file}, line {line}: this is not UTF-8.", "{file}, строка {line}: это не UTF-8."),
    "names not toml": (
        "{file}, line {line}: this line cannot be read ({text}).",
        "{file}, строка {line}: эту строку нельзя прочесть ({text}).",
    ),
    "names head": (
        "{file}, line {line}: the first line must be {text}.",
        "{file}, строка {line}: первой строкой должно быть {text}.",
    ),
    "names fields": (
        "{file}, line {line}: so many fields stand there, so many belong there: {text}; forms of a name are parted by spaces, not commas.",
        "{file}, строка {line}: полей стоит и должно быть: {text}; формы имени разделяют пробелами, а не запятыми.",
    ),
    "names part": (
        "{file}, line {line}: {text} is missing or is not what it is in the installed file; copy it from there.",
        "{file}, строка {line}: {text} нет, или там не то, что в установленном файле; скопируйте оттуда.",
    ),
    "names empty": ("{file}, line {line}: the name is missing.", "{file}, строка {line}: нет самого имени."),
    "names twice": (
        "{file}, line {line}: the name stands there twice (the name and its first line: {text}); put the forms on one line.",
        "{file}, строка {line}: имя стоит дважды (имя и его первая строка: {text}); соберите формы в одной строке.",
    ),
    "names sex": (
        "{file}, line {line}: write m or f, not {text}.",
        "{file}, строка {line}: пишите m или f, а не {text}.",
    ),
    "names letter": (
        "{file}, line {line}: {text} is no letter of a name.",
        "{file}, строка {line}: {text} — не буква имени.",
    ),
    "names sound": (
        "{file}, line {line}: {text} is no sound; the sounds are a e i o u b v g d k l m n p r s t f h C S.",
        "{file}, строка {line}: {text} — не звук; звуки: a e i o u b v g d k l m n p r s t f h C S.",
    ),
    "names pattern": (
        "{file}, line {line}: this mark cannot be read ({text}).",
        "{file}, строка {line}: этот признак нельзя прочесть ({text}).",
    ),
    "memory": (
        "{file}: memory ran out while {records} records were compared; take a larger machine or --engine spark.",
        "{file}: при сравнении {records} записей не хватило памяти; возьмите машину побольше или --engine spark.",
    ),
    "no pair": (
        "{file}: it holds no pair of one person on two lists; review a random sample of likely pairs.",
        "{file}: в нём нет ни одной пары записей одного человека из двух списков; проверьте случайную выборку вероятных пар.",
    ),
    "empty column": (
        "{file}, column {column}: it is empty in every row; choose another for --strata.",
        "{file}, столбец {column}: пуст во всех строках; выберите для --strata другой.",
    ),
    "too many strata": (
        (
            "{file}, column {column}: {values} different values are too many strata (at most {most}); add a column that puts "
            "them together, such as the district."
        ),
        (
            "{file}, столбец {column}: {values} разных значений — слишком много слоёв (не более {most}); добавьте столбец, "
            "который их объединяет, например район."
        ),
    ),
    "unreadable": ("{path} cannot be read: {why}.", "{path} нельзя прочесть: {why}."),
    "unwritable": ("{path} cannot be written: {why}.", "{path} нельзя записать: {why}."),
    "is a folder": ("it is a folder", "это папка"),
    "is a file": ("a file of that name is in the way", "на этом месте стоит файл"),
    "not there": ("it is not there", "его нет"),
    "no folder": ("the folder {folder} is not there", "папки {folder} нет"),
    "forbidden": ("this account may not", "этой учётной записи нельзя"),
    "full": ("the disk is full", "на диске нет места"),
    "not the run": (
        "{file} is not the run of these files: {what} differs, {then} there and {now} here.",
        "{file} — запись другого запуска: {what} не совпадает, там {then}, здесь {now}.",
    ),
    "not a run": ("{file} is not a run.json of kunak count.", "{file} — не run.json команды kunak count."),
}


class BadInputError(Exception):
    """A file that cannot be used: one sentence that says where and what to do."""

    @property
    def why(self) -> Told | str:
        """The sentence, with its Russian if it has one."""
        return self.args[0] if self.args else ""


def bad(key: str, **values: object) -> BadInputError:
    """The complaint of this key, ready to be raised."""
    return BadInputError(said(key, **values))


said = teller(SENTENCES)  # a part of a complaint


def unusable(key: str, path: Path, error: OSError) -> BadInputError:
    """The complaint of what the system said of a file (`unreadable` or `unwritable`)."""
    match error:
        case IsADirectoryError():
            why: object = said("is a folder")
        case FileExistsError() | NotADirectoryError():
            why = said("is a file")
        case FileNotFoundError() if key == "unreadable":
            why = said("not there")
        case FileNotFoundError() if not path.parent.exists():
            why = said("no folder", folder=path.parent)
        case FileNotFoundError() | PermissionError():
            why = said("forbidden")
        case OSError(errno=28):
            why = said("full")
        case _:
            why = error.strerror or str(error)
    return bad(key, path=path, why=why)


def language() -> str:
    """The language of the terminal as far as this room speaks it: ru or en."""
    return "ru" if tongue.language() == "ru" else "en"


def in_terminal(sentence: object) -> str:
    """A sentence in the language of the terminal, on one line."""
    return " ".join(spoken(sentence, language()).split())
