"""The words of the report in English and Russian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "How many: {name}",
        "answer": "{estimate} people in all; with 95 % between {lo} and {hi}.",
        "none": "These lists cannot say how many there are in all. {reason}",
        "observed": "{records} records on {lists} lists name {observed} different people. The rest of the total, if the lists "
        "relate in ways that the methods know, stands on no list at all.",
        "nameless": "Another {records} records give no name. Nobody can tell whom they mean, or whether the others mean the same people: they are "
        "not in the table.",
        "warnings": "To be said beside the number",
        "plot": "The intervals and the lists",
        "methods": "By each method",
        "method": "method",
        "people": "people",
        "lo": "from",
        "hi": "to",
        "assumes": "takes for granted",
        "changed": "If other choices had been made",
        "changed how": "Each row is the answer with one choice made otherwise, links taken as right.",
        "choice": "choice",
        "without": "without the list {name}",
        "threshold": "links from {name} bits on (the report itself: {own})",
        "pair": "two lists, taken as independent",
        "links": "The links between the lists",
        "reviewed": "A reviewer judged pairs of records of two lists: {found} rightly linked, {missed} missed, {wrong} wrongly "
        "linked. The interval allows for as much error.",
        "unreviewed": "Nobody has reviewed these links. By the linkage's own probabilities, which were fitted on invented lists, "
        "about {found} pairs of records of two lists are rightly linked, {missed} are missed and {wrong} are wrongly linked. The "
        "total above is the answer over tables in which so many are put right at random, and its interval allows for it. Real "
        "lists may be worse: review a random sample of likely pairs and run again (--reviewed).",
        "as linked": "Had every link been right, the answer would be {estimate} ({lo} to {hi}).",
        "may": "What may be claimed",
        "may not": "What may not be claimed",
        "overlap": "How the lists overlap",
        "exactly": "on exactly these lists",
        "strata": "Apart by {column}",
        "stratum": "stratum",
        "seen": "on the lists",
        "ignoring": "All figures of this table take the links as right; without taking the strata apart the answer would then be "
        "{estimate} ({lo} to {hi}).",
        "rest": "the rest together",
        "together": "Too few people of these stand on two lists to be estimated alone, and they were put together: {names}.",
        "given": "Of {people} people no record says the stratum. They were given one, in the shares of those who stand on as "
        "many lists.",
        "repeat": "To repeat it to the digit",
        "repeat how": "The same files, these versions and the command kunak count with --repeat run.json give the same bytes. "
        "The first figure after a file is its SHA-256: whoever holds the files can check that they are these.",
    },
    "ru": {
        "title": "Сколько людей: {name}",
        "answer": "Всего {estimate} чел.; с вероятностью 95 % от {lo} до {hi}.",
        "none": "По этим спискам нельзя сказать, сколько людей всего. {reason}",
        "observed": "Записей: {records}, списков: {lists}, разных людей в них: {observed}. Остальные, если списки связаны "
        "так, как это знают методы, не стоят ни в одном списке.",
        "nameless": "Ещё записей без имени: {records}. О ком они и не о тех ли же людях остальные, сказать нельзя; в таблицу они не вошли.",
        "warnings": "Что нужно сказать рядом с числом",
        "plot": "Интервалы и списки",
        "methods": "По каждому методу",
        "method": "метод",
        "people": "человек",
        "lo": "от",
        "hi": "до",
        "assumes": "что предполагается",
        "changed": "Если бы решения были другими",
        "changed how": "В каждой строке ответ при одном ином решении; связи считаются верными.",
        "choice": "решение",
        "without": "без списка {name}",
        "threshold": "связи от {name} бит (в самом отчёте: {own})",
        "pair": "два списка, принятые за независимые",
        "links": "Связи между списками",
        "reviewed": "Проверены пары записей из двух списков: верно связано {found}, пропущено {missed}, связано ошибочно "
        "{wrong}. Интервал учитывает такую долю ошибок.",
        "unreviewed": "Эти связи никто не проверял. По собственным вероятностям связывания, подобранным на вымышленных списках, "
        "верно связано около {found} пар записей из двух списков, пропущено {missed}, связано ошибочно {wrong}. Итог выше посчитан "
        "по таблицам, где столько же ошибок случайным образом исправлено, и интервал это учитывает. Настоящие списки могут быть "
        "хуже: проверьте случайную выборку вероятных пар и повторите (--reviewed).",
        "as linked": "Если бы все связи были верны, ответ был бы {estimate} (от {lo} до {hi}).",
        "may": "Что можно утверждать",
        "may not": "Чего утверждать нельзя",
        "overlap": "Как списки пересекаются",
        "exactly": "ровно в этих списках",
        "strata": "По отдельности: {column}",
        "stratum": "слой",
        "seen": "в списках",
        "ignoring": "Все числа этой таблицы считают связи верными; без деления на слои ответ был бы тогда {estimate} (от {lo} до "
        "{hi}).",
        "rest": "остальные вместе",
        "together": "В этих слоях слишком мало людей стоит в двух списках, чтобы оценить каждый отдельно, и они объединены: {names}.",
        "given": "О слое {people} чел. не говорит ни одна запись. Они распределены в тех же долях, что и люди, стоящие в "
        "стольких же списках.",
        "repeat": "Чтобы повторить до последней цифры",
        "repeat how": "Те же файлы, эти версии и команда kunak count с ключом --repeat run.json дают те же байты. Число после "
        "имени файла — его SHA-256: у кого есть файлы, тот может проверить, что они те самые.",
    },
}

RUN = {
    "en": {
        "part": "what", "value": "which", "inputs": "files", "versions": "versions", "seed": "seed", "strata": "strata by",
        "lists": "lists", "settings": "settings",
    },
    "ru": {
        "part": "что", "value": "какое", "inputs": "файлы", "versions": "версии", "seed": "зерно (seed)", "strata": "слои по столбцу",
        "lists": "списки", "settings": "настройки",
    },
}  # fmt: skip

ASSUMES = {
    "en": {
        "average": "nothing that the others agree to doubt",
        "loglinear": "one log-linear model, the best by BIC",
        "loglinear-average": "log-linear models, averaged by BIC",
        "stepwise": "pairs of lists that lean on each other",
        "dga": "a graph of dependence; all decomposable ones are averaged",
        "lcmcr": "kinds of people, within which lists are independent",
        "rasch": "people unlike in how conspicuous they are, and lists that lean on each other a little",
        "coverage": "how much of the population the lists cover",
    },
    "ru": {
        "average": "ничего сверх того, в чём сходятся остальные",
        "loglinear": "одна логлинейная модель, лучшая по BIC",
        "loglinear-average": "логлинейные модели, усреднённые по BIC",
        "stepwise": "пары списков, опирающихся друг на друга",
        "dga": "граф зависимости; усреднены все разложимые",
        "lcmcr": "группы людей, внутри которых списки независимы",
        "rasch": "люди неодинаково заметны, а списки немного опираются друг на друга",
        "coverage": "какую долю людей охватывают списки",
    },
}

MAY = {
    "en": [
        (
            "In a sentence: “The lists name {observed} people; in all there were most likely about {estimate}, and, with the assumptions "
            "named in the report, between {lo} and {hi}.”"
        ),
        "At least {observed} people, once the links have been reviewed: always.",
        "Between {lo} and {hi}, if the lists relate in one of the ways that these methods know, and no warning speaks against it.",
        "That a lower figure is incompatible with these lists, if it lies under {observed}, or under every interval of this report.",
    ],
    "ru": [
        (
            "Одной фразой: «В списках названы {observed} чел.; всего, вероятнее всего, около {estimate}, а при допущениях, названных в "
            "отчёте, от {lo} до {hi}»."
        ),
        "Не менее {observed} человек, если связи проверены: всегда.",
        "От {lo} до {hi}, если списки связаны одним из известных этим методам способов и ни одно предупреждение не возражает.",
        "Что меньшее число несовместимо с этими списками, если оно ниже {observed} или ниже всех интервалов этого отчёта.",
    ],
}

MAY_NOT = {
    "en": [
        "That the total is a fact: those who could never be on any list leave no trace in the overlaps.",
        "The number without its interval and its warnings.",
        "That the lower end is a proven minimum, or the upper end the most that there can be.",
        "Anything, if one source fed two lists: the overlap then counts the source, not the people.",
        "More for one group than for another, unless their intervals are apart.",
    ],
    "ru": [
        "Что итог — установленный факт: кто не мог попасть ни в один список, не оставляет следа в пересечениях.",
        "Число без интервала и предупреждений.",
        "Что нижняя граница — доказанный минимум, а верхняя — наибольшее возможное.",
        "Что бы то ни было, если один источник питал два списка: тогда пересечение считает источник, а не людей.",
        "Что в одной группе больше, чем в другой, если их интервалы пересекаются.",
    ],
}
