"""Other people: nothing of theirs is used to learn the weights, only to see whether they hold elsewhere.

Other surnames (Ingush, Dagestani, double, without -ov), flatter names, twins with twin names, grandsons named after their
grandfathers, cousins who are namesakes.
"""

from __future__ import annotations

from dataclasses import replace

from bench.invented.people import Person, World

_ROOTS = (
    "Аза Бата Вага Гада Дока Жама Исра Када Лаба Муса Наза Ока Пайза Рак Сааду Таса Ума Хама Цага Чупа Шида Эска Юша Яхи "
    "Альту Барза Газда Дели Зуба Идри Кадыр Маца Оздо Сайда Темир Хаду Эльму Баку Ведзи Арсам"
)
_ENDS = "ев лов баев лиев ханов беков султанов мурзаев гиреев мирзоев лаев каев маев таев шев саев наев ригов"
_WHOLE = (
    "Аушев Евлоев Оздоев Цечоев Плиев Хамхоев Гагиев Мержоев Дзауров Албогачиев Барахоев Гаджиев Курбанов Алибеков Мусаев "
    "Исмаилов Рамазанов Сулейманов Ибрагимов Шишани Хаттуни Арсанукаев-Дышни Ахмадов-Беной Дышнинский Чермоев Мальсагов "
    "Шаипов Тасуханов Эдиев Яхъяев Заурбеков Дзейтов Горчханов Куштов Точиев Бузуртанов Хашагульгов Шадиев Цороев Ужахов"
)
_TWINS = (
    ("Хасан", "Хусейн"),
    ("Халид", "Хамид"),
    ("Зара", "Зарема"),
    ("Ахмад", "Ахмед-Хан"),
    ("Иса", "Муса"),
    ("Умар", "Усман"),
)


class OtherWorld(World):
    """Larger families, nearer to one another in name and age."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.homes = self.rng.sample(sorted(self.places), 45)
        self.sweeps = [self._date() for _ in range(25)]
        self.forms |= {n: ([], []) for n in ("Ахмед-Хан",)}

    def one(self, names: list[str]) -> str:
        """Flatter than at home."""
        wide = 14 if names is self.homes else 60
        return names[int(self.rng.expovariate(1 / wide)) % len(names)]

    def surname(self, slav: bool) -> str:
        """Roots and ends of other families."""
        if slav or self.rng.random() < 0.2:
            return super().surname(slav)
        if self.rng.random() < 0.35:
            return self.rng.choice(_WHOLE.split())
        return self.rng.choice(_ROOTS.split()) + self.rng.choice(_ENDS.split())

    def family(self, number: int, first: int) -> list[Person]:
        """Brothers as elsewhere, and those who are hardest to tell from them."""
        people = super().family(number, first)
        r, one = self.rng, people[0]
        if r.random() < 0.04:
            names = [t for t in _TWINS if (t[0] == "Зара") == (one.sex == "f")]
            a, b = r.choice(names)
            people = [replace(one, given=a), replace(one, given=b), *people[1:]]
        if r.random() < 0.05 and one.sex == "m" and one.event.year - one.born > 55:  # a grandson of the same name
            people.append(replace(one, father=self.one(self.men), born=one.born + r.randint(36, 40)))
        if r.random() < 0.03:  # a cousin of the same name and village
            when = self._date()
            people.append(
                replace(
                    one, father=self.one(self.men), born=min(one.born + r.randint(-9, 9), when.year - 15), event=when
                )
            )
        return [replace(p, number=first + k) for k, p in enumerate(people)]
