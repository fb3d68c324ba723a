"""What the brain says to its reader, in English and in Russian. A `Told` is the English sentence and knows the Russian one."""

from __future__ import annotations

SENTENCES = {
    # why there is no answer
    "empty": ("The table is empty: nobody is on any list.", "Таблица пуста: ни в одном списке никого нет."),
    "too few lists": (
        (
            "Only {lists} of the lists name anybody; at least three are needed, because with two nothing can tell lists that lean "
            "on each other from lists that miss many people."
        ),
        (
            "Кого-либо называют лишь {lists} из списков; нужно не менее трёх: по двум нельзя отличить списки, опирающиеся друг на "
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
        "Latent-class chains disagree (R-hat {apart}; medians {least} to {most}): the weight of each is uncertain.",
        "Цепи латентных классов расходятся (R-hat {apart}; медианы от {least} до {most}): вес каждой неизвестен.",
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
}


class Told(str):
    """A sentence for the reader: the English one, with the Russian beside it."""

    __slots__ = ("russian",)
    russian: str


def told(key: str, **values: object) -> Told:
    """The sentence of this key with its values. A value that is itself `Told` speaks the language of the sentence."""
    english, russian = SENTENCES[key]
    sentence = Told(english.format(**values))
    sentence.russian = russian.format(**{name: in_russian(value) for name, value in values.items()})
    return sentence


def in_russian(value: object) -> str:
    """The Russian of a sentence; numbers and names as they are."""
    return value.russian if isinstance(value, Told) else str(value)


def people(number: float) -> str:
    """A number of people, as it is read in both languages."""
    return f"{number:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
