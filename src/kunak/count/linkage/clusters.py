"""From pairs to people: likely pairs first, and never a cluster in which two names, sexes or years contradict.

Relatives taken in the same raid share everything but the given name, namesakes share the name and nothing else: a pair
of records cannot always tell, a cluster can. Each wrong merge erases a person, so that

1. pairs are taken by falling weight, a reviewer's pairs first;
2. two clusters that hold contradicting parts stay apart (`contradiction`), and so do those a reviewer holds apart;
3. two clusters merge only if the pairs between them speak for it on average, and never on a day and a place alone: a record
   without any name stays alone;
4. a record that fits two clusters which cannot be one person goes to neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

from kunak.count.linkage.forms import Part
from kunak.count.linkage.reading import Reading

_LONG = 5  # sounds
_ONE_WRONG_DIGIT = {9, 10, 11}  # 1983 for 1973, and a year off besides


@dataclass(frozen=True)
class Caution:
    """How sure one must be: weights in bits (names/model.toml, [caution])."""

    pair: float  # a single pair must weigh so much
    average: float  # and the pairs between two clusters so much on average
    unseen: float  # a pair that no key brought together counts so much
    margin: float  # a record must fit its cluster better than a rival by so much
    years: int  # exact birth years may differ so much
    ages: int  # and birth years told by ages so much


@dataclass(slots=True)
class Profile:
    """What the records of a cluster say of the person."""

    members: list[int]
    named: bool = True  # whether any of them names anybody
    given: set[Part] = field(default_factory=set)
    father: set[Part] = field(default_factory=set)
    sexes: set[str] = field(default_factory=set)
    born: set[int] = field(default_factory=set)
    about: set[int] = field(default_factory=set)  # years of birth by the age, where no year is given
    apart: set[int] = field(default_factory=set)  # records that a reviewer holds apart from these

    @classmethod
    def of(cls, number: int, reading: Reading) -> Profile:
        """The cluster of one record."""
        profile = cls([number], named=reading.named)
        if reading.name.given.initials:
            profile.given.add(reading.name.given)
        if reading.name.father.initials:
            profile.father.add(reading.name.father)
        if reading.name.sex:
            profile.sexes.add(reading.name.sex)
        if reading.born:
            profile.born.add(reading.born)
        elif reading.born_about():
            profile.about.add(reading.born_about())
        return profile

    def absorb(self, other: Profile) -> None:
        """Take over the records of another cluster."""
        self.members += other.members
        self.named = self.named or other.named
        self.given |= other.given
        self.father |= other.father
        self.sexes |= other.sexes
        self.born |= other.born
        self.about |= other.about
        self.apart |= other.apart


def contradiction(one: Profile, other: Profile, caution: Caution) -> str:
    """What makes one person of two clusters impossible: a word for it, or nothing."""
    if not (one.named and other.named):
        return "nobody"
    if any(parts_differ(a, b) for a in one.given for b in other.given):
        return "given"
    if any(parts_differ(a, b) for a in one.father for b in other.father):
        return "father"
    if one.sexes and other.sexes and one.sexes != other.sexes:
        return "sex"
    return "born" if _born_apart(one, other, caution) else ""


def _born_apart(one: Profile, other: Profile, caution: Caution) -> bool:
    if one.born and other.born and all(_years_differ(a, b, caution.years) for a in one.born for b in other.born):
        return True
    if (one.about and (other.about or other.born)) or (one.born and other.about):
        years = [(a, b) for a in one.born | one.about for b in other.born | other.about]
        return all(abs(a - b) > caution.ages for a, b in years)
    return False


def parts_differ(a: Part, b: Part) -> bool:
    """Whether two given names (or fathers' names) cannot be one name."""
    if a.only_initial or b.only_initial:
        return not set(a.initials) & set(b.initials)
    if a.name == b.name or set(a.maybe) & set(b.maybe):
        return False
    if a.known and b.known:
        return True
    if (a.fond and b.raw.startswith(a.fond)) or (b.fond and a.raw.startswith(b.fond)):
        return False
    slips = DamerauLevenshtein.distance(a.raw, b.raw)
    # Two slips only in a long name, and hardly ever in its first letter: Казбек and Ризбек are brothers.
    return slips > (2 if min(len(a.raw), len(b.raw)) >= _LONG and a.raw[0] == b.raw[0] else 1)


def _years_differ(a: int, b: int, allowed: int) -> bool:
    return abs(a - b) > allowed and abs(a - b) not in _ONE_WRONG_DIGIT


class Clusters:
    """The partition as it grows."""

    def __init__(self, readings: Sequence[Reading], caution: Caution) -> None:
        self.caution = caution
        self.profiles = {i: Profile.of(i, r) for i, r in enumerate(readings)}
        self.home = list(range(len(readings)))
        self.weights: dict[tuple[int, int], float] = {}
        self.near: dict[int, list[tuple[float, int]]] = {}

    def find(self, record: int) -> int:
        """The cluster of a record."""
        while self.home[record] != record:
            self.home[record] = self.home[self.home[record]]
            record = self.home[record]
        return record

    def unite(self, a: int, b: int) -> None:
        """Make one cluster of two."""
        a, b = sorted((self.find(a), self.find(b)), key=lambda c: (-len(self.profiles[c].members), c))
        if a != b:
            self.profiles[a].absorb(self.profiles.pop(b))
            self.home[b] = a

    def forced_apart(self, a: int, b: int) -> bool:
        """Whether a reviewer holds two clusters apart."""
        one, other = self.profiles[a], self.profiles[b]
        return any(m in one.apart for m in other.members) or any(m in other.apart for m in one.members)

    def contradict(self, a: int, b: int) -> bool:
        """Whether two clusters cannot be one person."""
        return bool(contradiction(self.profiles[a], self.profiles[b], self.caution))

    def average(self, a: int, b: int) -> float:
        """What the pairs between two clusters weigh on average."""
        one, other = self.profiles[a].members, self.profiles[b].members
        total = sum(self.weights.get((min(x, y), max(x, y)), self.caution.unseen) for x in one for y in other)
        return total / (len(one) * len(other))

    def rival(self, record: int, cluster: int, weight: float) -> bool:
        """Whether a record fits, about as well, a cluster that cannot be the same person as this one."""
        for other_weight, neighbour in self.near.get(record, ()):
            if other_weight < weight - self.caution.margin:
                return False
            own, other = self.find(record), self.find(neighbour)
            if other in (cluster, own) or self.contradict(own, other):
                continue
            if self.contradict(cluster, other):
                return True
        return False


def cluster(
    readings: Sequence[Reading],
    pairs: Sequence[tuple[int, int, float]],
    caution: Caution,
    *,
    same: Iterable[tuple[int, int]] = (),
    different: Iterable[tuple[int, int]] = (),
) -> tuple[list[int], dict[int, Profile]]:
    """The cluster of each record, and the profile of each cluster. `pairs` come by falling weight, then by number."""
    clusters = Clusters(readings, caution)
    for a, b in different:
        clusters.profiles[a].apart.add(b)
        clusters.profiles[b].apart.add(a)
    for a, b in same:
        clusters.unite(a, b)
    for a, b, weight in pairs:
        clusters.weights[min(a, b), max(a, b)] = weight
        clusters.near.setdefault(a, []).append((weight, b))
        clusters.near.setdefault(b, []).append((weight, a))
    for a, b in _merges(clusters, pairs):
        clusters.unite(a, b)
    return [clusters.find(i) for i in range(len(readings))], clusters.profiles


def _merges(clusters: Clusters, pairs: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int]]:
    caution = clusters.caution
    for a, b, weight in pairs:
        if weight < caution.pair:
            return
        one, other = clusters.find(a), clusters.find(b)
        if one == other or clusters.forced_apart(one, other):
            continue
        if clusters.contradict(one, other):
            continue
        if clusters.average(one, other) < caution.average:
            continue
        if clusters.rival(a, other, weight) or clusters.rival(b, one, weight):
            continue
        yield one, other
