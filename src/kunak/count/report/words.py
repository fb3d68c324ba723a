"""The words of the report in English and Russian."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "How many: {name}",
        "answer": "About {estimate} people in all. 95 % interval: {lo} to {hi}, if the lists relate in one of the ways that these methods know.",
        "none": "These lists cannot say how many there are in all. {reason}",
        "observed": "{records} records on {lists} lists name {observed} different people. Whoever else there is stands on no list at all: how many "
        "they are is inferred from how the lists overlap. The fewer people two lists share, the more must have been missed by both. "
        "The interval says how far the total may lie from its middle.",
        "nameless": "Another {records} records give no name. Nobody can tell whom they mean, or whether the others mean the same people: they are "
        "not in the table.",
        "warnings": "To be said beside the number",
        "plot": "The intervals and the lists",
        "unreviewed short": "Nobody has reviewed the links between the lists. Have a random sample of them reviewed before the number is published.",
        "methods": "By each method",
        "methods how": "Each method on the lists as they were linked, all links taken as right{strata}. The answer at the top allows for wrong and "
        "missed links as well, which makes it lower as a rule.",
        "without strata": ", strata not taken apart",
        "all methods": "all together",
        "method": "method",
        "people": "people",
        "lo": "from",
        "hi": "to",
        "assumes": "takes for granted",
        "changed": "If other choices had been made",
        "changed how": "The first row is the answer with all links taken as right{strata}; each further row is the same with one choice made "
        "otherwise. A bit of evidence doubles the odds that two records are one person.",
        "unchanged": "nothing changed",
        "choice": "choice",
        "without": "without the list {name}",
        "bolder": "linked more boldly: from {name} bits on (the report: {own})",
        "shyer": "linked more cautiously: from {name} bits on (the report: {own})",
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
        "answer": "Всего около {estimate} чел. Интервал 95 %: от {lo} до {hi}, если списки связаны одним из известных этим методам способов.",
        "none": "По этим спискам нельзя сказать, сколько людей всего. {reason}",
        "observed": "Записей: {records}, списков: {lists}, разных людей в них: {observed}. Остальные не стоят ни в одном списке: сколько их, "
        "выводится из того, как списки пересекаются. Чем меньше у двух списков общих людей, тем больше тех, кого пропустили оба. "
        "Интервал говорит, как далеко итог может лежать от середины.",
        "nameless": "Ещё записей без имени: {records}. О ком они и не о тех ли же людях остальные, сказать нельзя; в таблицу они не вошли.",
        "warnings": "Что нужно сказать рядом с числом",
        "plot": "Интервалы и списки",
        "unreviewed short": "Связи между списками никто не проверял. Прежде чем публиковать число, дайте проверить их случайную выборку.",
        "methods": "По каждому методу",
        "methods how": "Каждый метод применён к спискам, как они связаны; все связи считаются верными{strata}. Ответ наверху учитывает и "
        "ошибочные, и пропущенные связи, поэтому он, как правило, ниже.",
        "without strata": ", без деления на слои",
        "all methods": "все вместе",
        "method": "метод",
        "people": "человек",
        "lo": "от",
        "hi": "до",
        "assumes": "что предполагается",
        "changed": "Если бы решения были другими",
        "changed how": "В первой строке ответ, если все связи верны{strata}; в каждой следующей то же при одном ином решении. Один бит доводов "
        "вдвое повышает шансы, что две записи об одном человеке.",
        "unchanged": "ничего не изменено",
        "choice": "решение",
        "without": "без списка {name}",
        "bolder": "связано смелее: от {name} бит (в отчёте: {own})",
        "shyer": "связано осторожнее: от {name} бит (в отчёте: {own})",
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
