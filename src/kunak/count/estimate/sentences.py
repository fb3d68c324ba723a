"""The sentences of the brain, each in English and in Russian, by a key (`told.told`)."""

from __future__ import annotations

SENTENCES = {
    # why there is no answer
    "empty": ("The table is empty: nobody is on any list.", "Таблица пуста: ни в одном списке никого нет."),
    "too few lists": (
        (
            "Lists that name anybody: {lists}; at least three are needed, because with two nothing can tell lists that lean "
            "on each other from lists that miss many people."
        ),
        (
            "Списков, которые кого-либо называют: {lists}; нужно не менее трёх: по двум нельзя отличить списки, опирающиеся друг на "
            "друга, от списков, пропустивших многих."
        ),
    ),
    "no overlap": (
        "No overlap: nobody stands on two lists, so nothing tells how many are on none.",
        "Пересечений нет: никто не стоит в двух списках, и ничто не говорит, сколько людей не стоит ни в одном.",
    ),
    "identical": (
        (
            "The lists {one} and {other} are identical: one is a copy of the other and bears no witness of its own. Remove one and "
            "ask again."
        ),
        "Списки {one} и {other} одинаковы: один — копия другого и ни о чём сам не свидетельствует. Уберите один и повторите.",
    ),
    "apart": (
        "The lists fall apart into groups that share nobody, none of three lists: no group can be estimated.",
        "Списки распадаются на группы без общих людей, ни в одной нет трёх списков: оценить нельзя ни одну.",
    ),
    "everybody": (
        (
            "Everybody is on the list {one}: the other lists found nobody new, so no estimate of the unseen exists. The other lists "
            "may have been drawn from it."
        ),
        (
            "В списке {one} есть все: остальные никого нового не нашли, и оценки ненайденных не существует. Возможно, остальные "
            "составлены по нему."
        ),
    ),
    "no model": (
        "No log-linear model has an estimate on this table: the lists share too few people.",
        "Ни одна логлинейная модель не даёт оценки: у списков слишком мало общих людей.",
    ),
    "no stepwise": (
        "The stepwise log-linear model has no estimate on this table.",
        "Пошаговая логлинейная модель не даёт оценки по этой таблице.",
    ),
    "too many for graphs": (
        "Decomposable graphs are averaged over at most {most} lists; merge the smallest lists.",
        "Разложимые графы усредняются не более чем по {most} спискам; объедините наименьшие.",
    ),
    "too many for ties": (
        "Ties between the lists are weighed over at most {most} lists; merge the smallest lists.",
        "Связи между списками взвешиваются не более чем по {most} спискам; объедините наименьшие.",
    ),
    "too many for models": (
        "Log-linear models are compared over at most {most} lists; merge the smallest lists.",
        "Логлинейные модели сравниваются не более чем по {most} спискам; объедините наименьшие.",
    ),
    "below": (
        "By sample coverage the total would be under the {observed} that were observed: the lists avoid each other.",
        "По покрытию итог был бы меньше {observed} найденных: списки избегают друг друга.",
    ),
    "no coverage": (
        "Sample coverage is zero: nobody stands on two lists.",
        "Покрытие равно нулю: никто не стоит в двух списках.",
    ),
    "links": (
        "The links are too uncertain: with their errors put right, most tables have no estimate.",
        "Связи между записями слишком ненадёжны: после исправления ошибок большинство таблиц не даёт оценки.",
    ),
    "no method": ("No method has an estimate on this table.", "Ни один метод не даёт оценки по этой таблице."),
    # what must stand beside a number
    "few shared": (
        "Only {people} people stand on two lists or more; the estimate hangs on each of them.",
        "В двух и более списках стоят лишь {people} чел.; оценка зависит от каждого из них.",
    ),
    "few people": (
        "Only {people} people are on any list: too few to tell models apart.",
        "Во всех списках лишь {people} чел.: слишком мало, чтобы различить модели.",
    ),
    "names nobody": (
        "The list {one} names nobody and adds nothing.",
        "Список {one} никого не называет и ничего не добавляет.",
    ),
    "shares nobody": (
        "The list {one} shares nobody with the others: whom it was made of may be another population.",
        "У списка {one} нет общих людей с остальными: возможно, он составлен из других людей.",
    ),
    "nearly the same": (
        "The lists {one} and {other} name nearly the same people: one may be copied from the other.",
        "Списки {one} и {other} называют почти одних и тех же людей: один мог быть списан с другого.",
    ),
    "within": (
        "Everybody on the list {one} is on {other} too: it may have been drawn from it.",
        "Все из списка {one} стоят и в списке {other}: он мог быть составлен по нему.",
    ),
    "disagree": (
        "The methods disagree: {least} by {low}, {most} by {high}. Say the interval, not the middle.",
        "Методы расходятся: {least} ({low}), {most} ({high}). Называйте интервал, а не середину.",
    ),
    "wide": (
        "The interval is so wide that no single number should be published.",
        "Интервал так широк, что публиковать одно число нельзя.",
    ),
    "chains": (
        "The chains of {method} disagree (R-hat {apart}; medians {least} to {most}): the weight of each is uncertain.",
        "Цепи метода {method} расходятся (R-hat {apart}; медианы от {least} до {most}): вес каждой неизвестен.",
    ),
    "low coverage": (
        "Sample coverage is {coverage}, under 55 %: the one-step estimate is used; it tends to be too low.",
        "Покрытие {coverage}, менее 55 %: взята одношаговая оценка, обычно заниженная.",
    ),
    "endless": (
        "The posterior does not end within 200 times the observed: these lists hardly bound the total.",
        "Апостериорное распределение не кончается и на 200-кратном числе найденных: списки почти не ограничивают итог.",
    ),
    "stratum": (
        "Stratum {one} has no estimate and counts as observed only: {why}",
        "Для слоя {one} оценки нет, в нём учтены только найденные: {why}",
    ),
    "merged strata": (
        "Strata too thin to answer alone were put together: {names}.",
        "Слишком малые слои объединены: {names}.",
    ),
    "ignoring strata": (
        "Ignoring the strata would give {pooled} instead of {total}.",
        "Без деления на слои получилось бы {pooled} вместо {total}.",
    ),
    "no estimate by": ("No estimate by {method}: {why}", "Метод {method} не даёт оценки: {why}"),
    # what is wrong with a table
    "not json": (
        "The table is not JSON: line {line}, column {column}.",
        "Таблица не в формате JSON: строка {line}, столбец {column}.",
    ),
    "not an object": (
        'The table must be a JSON object with the keys "lists" and "table".',
        "Таблица должна быть объектом JSON с ключами «lists» и «table».",
    ),
    "no lists": (
        'The key "lists" is missing or is not a list of names.',
        "Нет ключа «lists», или это не перечень названий.",
    ),
    "same name": (
        'Two entries of "lists" have the same name, {one}; rename one.',
        "Два списка в «lists» названы одинаково: {one}; переименуйте один.",
    ),
    "number of lists": (
        '"lists" names {lists} lists; 1 to {most} can be read. Merge the smallest ones.',
        "В «lists» списков: {lists}; читается от 1 до {most}. Объедините наименьшие.",
    ),
    "not parts": (
        'The key "{part}" must be a list of objects, each with "{label}" and "table".',
        "Ключ «{part}» должен быть перечнем объектов с «{label}» и «table» в каждом.",
    ),
    "no label": ('Entry {number} of "{part}" has no "{label}".', "В записи {number} ключа «{part}» нет «{label}»."),
    "not a sum": (
        'The strata do not sum to the table, for one at pattern "{pattern}": {parts} there, {whole} in the table.',
        "Слои в сумме не дают таблицы, например в узоре «{pattern}»: в слоях {parts}, в таблице {whole}.",
    ),
    "no rows": (
        "The key {where} is missing or is not a list of [pattern, count] rows.",
        "{where}: его нет, или это не перечень строк [узор, число].",
    ),
    "in table": ('"table"', "ключ «table»"),
    "in part": ('"table" of entry {number} of "{part}"', "ключ «table» записи {number} в «{part}»"),
    "not a pair": (
        'Row {row} of {where} is not a pair like ["101", 12].',
        '{where}, строка {row} — не пара вида ["101", 12].',
    ),
    "not digits": (
        "Row {row} of {where}, first column: the pattern {pattern} is not a text of the digits 0 and 1.",
        "{where}, строка {row}, первый столбец: узор {pattern} — не текст из цифр 0 и 1.",
    ),
    "pattern length": (
        'Row {row} of {where}, first column: the pattern "{pattern}" has {digits} digits for {lists} lists.',
        "{where}, строка {row}, первый столбец: в узоре «{pattern}» цифр {digits}, а списков {lists}.",
    ),
    "not whole": (
        'Row {row} of {where}, second column: the count of pattern "{pattern}" is {count}, not a whole number.',
        "{where}, строка {row}, второй столбец: число людей в узоре «{pattern}» — {count}, а нужно целое.",
    ),
    "negative": (
        'Row {row} of {where}, second column: the count of pattern "{pattern}" is negative ({count}).',
        "{where}, строка {row}, второй столбец: число людей в узоре «{pattern}» меньше нуля ({count}).",
    ),
    "milliard": (
        'Row {row} of {where}, second column: the count of pattern "{pattern}" is over a milliard people.',
        "{where}, строка {row}, второй столбец: в узоре «{pattern}» больше миллиарда человек.",
    ),
    "on no list": (
        "Row {row} of {where}: people on no list cannot be counted, they are the question; remove this row.",
        "{where}, строка {row}: людей, которых нет ни в одном списке, сосчитать нельзя — о них и вопрос; уберите строку.",
    ),
    # what stands in a drawing
    "plot title": ("{name}: how many in all", "{name}: сколько всего"),
    "plot nameless": ("These lists", "Эти списки"),
    "plot intervals": (
        "People in all, with 95 % intervals; the dashed line is who was observed ({observed})",
        "Людей всего, интервалы 95 %; пунктир — сколько найдено ({observed})",
    ),
    "plot logarithmic": (
        "People in all, with 95 % intervals, logarithmic; the dashed line is who was observed ({observed})",
        "Людей всего, интервалы 95 %, шкала логарифмическая; пунктир — сколько найдено ({observed})",
    ),
    "plot shapes": (
        "filled dot: the answer; ring: one method alone; diamond: another choice",
        "чёрная точка — ответ; кольцо — один метод; ромб — другое решение",
    ),
    "plot average": ("all together", "все вместе"),
    "plot right": ("all links taken as right", "все связи верны"),
    "plot without": ("without {one}", "без «{one}»"),
    "plot without pair": ("without {one}, two lists", "без «{one}», два списка"),
    "plot linked": ("linked at {threshold}", "порог {threshold}"),
    "plot linked pair": ("linked at {threshold}, two lists", "порог {threshold}, два списка"),
    "plot overlap": (
        "How the lists overlap: people on exactly the lists with a filled dot",
        "Как списки пересекаются: люди ровно в тех списках, где чёрная точка",
    ),
    "plot smaller": (
        "and {people} people in {patterns} smaller patterns",
        "и ещё {people} чел. в меньших узорах ({patterns})",
    ),
    "plot none": ("No estimate: {why}", "Оценки нет: {why}"),
}
