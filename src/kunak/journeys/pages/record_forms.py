"""The forms of places, ways, escorts and the frame, with what is in use already among their choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.frame.words import mark
from kunak.journeys.reckoning.believing import LONGEST
from kunak.journeys.reckoning.vocabulary import DOCUMENTS, KINDS, MAKEUPS, MODES, SERVICES, ZONES

from .fields import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kunak.journeys.known.records import Known


def offered(fixed: Sequence[tuple[str, str]], used: Iterable[str]) -> list[tuple[str, str]]:
    """The usual choices, then what is in use besides."""
    known = {name for name, _ in fixed}
    return [*fixed, *((name, name) for name in sorted(set(used) - known))]


def services_in_use(known: Known) -> list[tuple[str, str]]:
    places = (word for each in known.places.values() for word in each.kept.services)
    parties = (word for each in known.parties.values() if each.sheet for word in each.sheet.kept.needs)
    return offered(SERVICES, [*places, *parties])


def documents_in_use(known: Known) -> list[tuple[str, str]]:
    legs = (doc for each in known.legs.values() for way in each.kept.documents for doc in way)
    parties = (paper.doc for each in known.parties.values() if each.sheet for paper in each.sheet.kept.documents)
    return offered(DOCUMENTS, [*legs, *parties])


def modes_in_use(known: Known) -> list[tuple[str, str]]:
    return offered(MODES, [each.kept.mode for each in known.legs.values()])


def places_in_use(known: Known) -> list[tuple[str, str]]:
    return [(name, each.kept.title) for name, each in known.places.items()]


def place_fields(known: Known) -> list[Field]:
    who, when, limits = mark("Who can stay"), mark("When"), mark("Cost and danger")
    return [
        Field("place", "name", mark("Short name"), mark("No address and no person's name: flat-7, haven-DE."), blind=True),
        Field("title", "name", mark("What we call it"), optional=True),
        Field("zone", "choice", mark("Zone"), options=ZONES),
        Field("kind", "choice", mark("Kind"), options=KINDS),
        Field("town", "name", mark("Town, for the map"), optional=True),
        Field("beds", "whole", mark("Beds a night"), mark("Empty: no limit."), optional=True, group=who),
        Field("services", "words", mark("What there is"), options=services_in_use(known), group=who),
        Field("admits", "words", mark("Only for"), mark("None ticked: for all."), MAKEUPS, optional=True, group=who),
        Field("max_parties", "whole", mark("Parties the host may meet"), mark("Empty: no limit."), optional=True, group=who),
        Field("max_stay", "whole", mark("Longest stay, nights"), mark("Empty: no limit."), optional=True, group=who),
        Field("open_from", "day", mark("First night"), optional=True, group=when),
        Field("open_until", "day", mark("Last night"), optional=True, group=when),
        Field("intake", "numbers", mark("A haven: people a week"), mark("One number for each week; the last goes on."), optional=True, group=when),
        Field("intake_from", "day", mark("Weeks counted from"), mark("Empty: from the first day of planning."), optional=True, group=when),
        Field("night_cost", "whole", mark("Cost of a night and person"), group=limits),
        Field("hazard", "whole", mark("Points a night"), mark("Danger of the place itself, added to that of the party."), group=limits),
    ]  # fmt: skip


def leg_fields(known: Known) -> list[Field]:
    places = places_in_use(known)
    goes, takes, needs = mark("When it goes"), mark("What it takes"), mark("Who can go")
    pools = [(name, each.kept.title) for name, each in known.escorts.items()]
    return [
        Field("leg", "name", mark("Short name")),
        Field("origin", "choice", mark("From"), options=places),
        Field("to", "choice", mark("To"), options=places),
        Field("mode", "choice", mark("Goes by"), options=modes_in_use(known)),
        Field("nights", "whole", mark("Nights on the road")),
        Field("first", "day", mark("First departure"), group=goes),
        Field("last", "day", mark("Last departure"), group=goes),
        Field("every", "whole", mark("Every so many days"), least=1, group=goes),
        Field("excepted", "days", mark("But not on"), group=goes),
        Field("seats", "whole", mark("Seats"), mark("Empty: no limit."), optional=True, group=takes),
        Field("fare", "whole", mark("Cost of a seat"), group=takes),
        Field("risk", "whole", mark("Points a trip"), mark("1 point is 1 chance in 10,000 of grave harm for one person."), group=takes),
        Field("documents", "ways", mark("Documents"), mark("One line for each way to fulfil it, commas between what is needed together. Empty: none."), documents_in_use(known), group=needs),
        Field("checks", "yes", mark("Identity is checked against wanted lists"), group=needs),
        Field("step_free", "yes", mark("Can be taken without steps"), group=needs),
        Field("escort_pool", "choice", mark("Escorts from"), options=pools, optional=True, group=needs),
        Field("escort_days", "whole", mark("Days an escort is away"), least=1, group=needs),
    ]  # fmt: skip


def escorts_fields(known: Known) -> list[Field]:  # noqa: ARG001 - forms of one shape
    return [
        Field("pool", "name", mark("Short name")),
        Field("title", "name", mark("What we call them"), optional=True),
        Field("first", "day", mark("First day")),
        Field("available", "numbers", mark("How many are free each day"), mark("One number for each day from the first on; the last goes on.")),
    ]  # fmt: skip


def frame_fields() -> list[Field]:
    money, harm, change = mark("Money"), mark("How harm is counted"), mark("What a broken promise costs")
    return [
        Field("name", "name", mark("Name of the planning")),
        Field("first", "day", mark("First day")),
        Field("horizon", "whole", mark("Days to plan"), least=1, most=LONGEST),
        Field("note", "text", mark("Note"), mark("It goes along in the scenario file: no name, no address."), optional=True),
        Field("total", "whole", mark("Money in all"), mark("All sums in one currency, without cents. Empty: no limit."), optional=True, group=money),
        Field("weekly", "numbers", mark("Money by week"), mark("One number for each week; the last goes on. Empty: no limit."), optional=True, group=money),
        Field("point_value", "whole", mark("Money for one point"), mark("How much we would spend to spare somebody 1 chance in 10,000 of grave harm."), least=1, group=money),
        Field("tail_nights", "whole", mark("The last night counts for so many more"), group=harm),
        Field("unsheltered_hazard", "whole", mark("Points of a night without a bed"), group=harm),
        Field("compromised_hazard", "whole", mark("Points of a night in a compromised place"), group=harm),
        Field("near_days", "whole", mark("Near is within so many days"), group=change),
        Field("near", "whole", mark("Points for a near step changed"), group=change),
        Field("far", "whole", mark("Points for a later step changed"), group=change),
    ]  # fmt: skip
