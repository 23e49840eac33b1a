"""People, envelopes and orders of a scenario: checked against each other, and in SI units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perigrid.base.approvals import Box, Envelope
from perigrid.base.errors import InputError
from perigrid.base.grant_papers import key_name
from perigrid.base.grants import CapabilityGrant
from perigrid.base.signing import VerifyKey
from perigrid.base.units import BYTES_PER_GB, RAD_PER_DEG, S_PER_HOUR
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder, Terms
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.oversight import EnvelopeArea, EnvelopeSpec, OrderSpec, PersonSpec
from perigrid.scenario.sharing import Sharing
from perigrid.scenario.tree import Loc
from perigrid.scenario.vocabulary import DEFAULT_ROLE

S_PER_MINUTE = 60.0
J_PER_KJ = 1000.0
SIMULATED_KEY = "-"
NONE = "-"


def oversight(spec: ScenarioFile) -> Oversight:
    """Convert what a scenario says of people.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.

    Returns
    -------
    Oversight
        In SI units.
    """
    terms = spec.approval
    return Oversight(
        people=tuple(_person(one) for one in spec.approvers),
        terms=Terms(
            people=terms.people,
            roles=tuple(terms.roles),
            valid_s=terms.valid_hours * S_PER_HOUR,
            order_roles=tuple(terms.order_roles),
        ),
        envelopes=tuple(_envelope(one) for one in spec.envelopes),
        orders=tuple(_order(one) for one in spec.orders),
        autonomy_s=spec.autonomy.hours * S_PER_HOUR if spec.autonomy else None,
    )


def sharing(spec: ScenarioFile) -> Sharing:
    """Convert what a scenario says of several operators.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.

    Returns
    -------
    Sharing
        In SI units.
    """
    owners = tuple((one.name, tuple(one.satellites)) for one in spec.operators)
    grants = tuple(
        CapabilityGrant(
            id=one.id,
            lender=one.lender,
            borrower=one.borrower,
            parent="" if one.parent == NONE else one.parent,
            compute_s=one.compute_hours * S_PER_HOUR,
            from_s=one.from_hours * S_PER_HOUR,
            until_s=one.until_hours * S_PER_HOUR,
            nodes=tuple(one.nodes),
            territories=tuple(one.territories),
            may_regrant=one.may_regrant,
            nonce=one.id,
        )
        for one in spec.grants
    )
    return Sharing(owners, grants)


def people_findings(spec: ScenarioFile) -> Iterator[tuple[Loc, str, str]]:
    """Find relations between people, envelopes and orders that do not hold.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Yields
    ------
    (Loc, str, str)
        Key, what is wrong, what to change.
    """
    holders = {(one.name, one.role) for one in spec.approvers}
    roles = Counter([role for _, role in holders] or [DEFAULT_ROLE])
    people_there = len({name for name, _ in holders} or {DEFAULT_ROLE})
    wanted: list[tuple[Loc, int, list[str]]] = [
        (("approval",), spec.approval.people, spec.approval.roles),
        *((("envelopes", i), one.people, one.roles) for i, one in enumerate(spec.envelopes)),
    ]
    for loc, people, among in wanted:
        if max(people, len(among)) > people_there or Counter(among) - roles:
            yield loc, "fewer people are listed than must sign", "add them under approvers"
    yield from _keys(spec)
    names = {one.name for one in spec.approvers if one.key == SIMULATED_KEY}
    for index, order in enumerate(spec.orders):
        if order.by not in names:
            yield (
                ("orders", index, "by"),
                f"'{order.by}' is no simulated person under approvers",
                "name one that is",
            )
    yield from _envelopes(spec)
    yield from _grants(spec)
    if spec.grants or spec.operators:
        yield from _operator_keys(spec)


def _operator_keys(spec: ScenarioFile) -> Iterator[tuple[Loc, str, str]]:
    """Find operators whose keys nobody could tell apart: one could sign for the other."""
    named: list[tuple[Loc, str]] = [
        *((("groups", i, "operator"), one.operator) for i, one in enumerate(spec.groups)),
        *((("operators", i, "name"), one.name) for i, one in enumerate(spec.operators)),
        *((("grants", i, "lender"), one.lender) for i, one in enumerate(spec.grants)),
        *((("grants", i, "borrower"), one.borrower) for i, one in enumerate(spec.grants)),
    ]
    known: dict[str, str] = {}
    for loc, name in named:
        other = known.setdefault(key_name(name).casefold(), name)
        if other != name:
            remedy = "rename one: blanks, hyphens, plus signs and capitals are no difference"
            yield loc, f"'{name}' and '{other}' would have one key", remedy


def _grants(spec: ScenarioFile) -> Iterator[tuple[Loc, str, str]]:
    known: set[str] = set()
    for index, one in enumerate(spec.grants):
        if one.id in known:
            yield ("grants", index, "id"), f"'{one.id}' is used twice", "rename one"
        if one.parent not in {NONE, *known}:
            yield (
                ("grants", index, "parent"),
                f"no grant '{one.parent}' stands before this one",
                "list the parent first",
            )
        if one.until_hours <= one.from_hours:
            yield ("grants", index, "until_hours"), "not after from_hours", "give a later hour"
        known.add(one.id)


def _keys(spec: ScenarioFile) -> Iterator[tuple[Loc, str, str]]:
    rows = Counter((one.name, one.role) for one in spec.approvers)
    for index, person in enumerate(spec.approvers):
        if rows[person.name, person.role] > 1:
            here: Loc = ("approvers", index, "name")
            yield here, f"'{person.name}' stands twice in one role", "rename or remove one"
        if person.key == SIMULATED_KEY:
            continue
        try:
            VerifyKey.parse(person.key)
        except InputError as error:
            why = error.problems[0].message
            yield ("approvers", index, "key"), why, "copy the public line of `perigrid keys`"


def _envelopes(spec: ScenarioFile) -> Iterator[tuple[Loc, str, str]]:
    ids = Counter(one.id for one in spec.envelopes)
    for index, one in enumerate(spec.envelopes):
        here: Loc = ("envelopes", index)
        if ids[one.id] > 1:
            yield (*here, "id"), f"'{one.id}' is used twice", "rename one"
        if one.until_hours <= one.from_hours:
            yield (*here, "until_hours"), "not after from_hours", "give a later hour"
        if one.area and one.area.north_deg < one.area.south_deg:
            yield (*here, "area", "north_deg"), "south of south_deg", "exchange them"


def _person(person: PersonSpec) -> PersonModel:
    return PersonModel(
        name=person.name,
        role=person.role,
        delay_s=person.delay_minutes * S_PER_MINUTE,
        delay_spread=person.delay_spread,
        from_hour=person.from_hour,
        until_hour=person.until_hour,
        utc_offset_s=person.utc_offset_hours * S_PER_HOUR,
        grants_share=person.grants_share,
        key="" if person.key == SIMULATED_KEY else person.key,
        revoked_s=person.revoked_hours * S_PER_HOUR,
    )


def _envelope(one: EnvelopeSpec) -> Envelope:
    return Envelope(
        id=one.id,
        actions=tuple(one.actions),
        products=tuple(one.products),
        nodes=tuple(one.nodes),
        countries=tuple(one.countries),
        territories=tuple(one.territories),
        area=_box(one.area) if one.area else None,
        from_s=one.from_hours * S_PER_HOUR,
        until_s=one.until_hours * S_PER_HOUR,
        count=float(one.count),
        nbytes=one.sent_gb * BYTES_PER_GB,
        energy_j=one.energy_kj * J_PER_KJ,
        people=one.people,
        roles=tuple(one.roles),
    )


def _box(area: EnvelopeArea) -> Box:
    south, west, north, east = (
        edge * RAD_PER_DEG
        for edge in (area.south_deg, area.west_deg, area.north_deg, area.east_deg)
    )
    return Box(south, west, north, east)


def _order(order: OrderSpec) -> PlannedOrder:
    return PlannedOrder(
        kind=order.kind,
        person=order.by,
        at_s=order.at_hours * S_PER_HOUR,
        for_s=order.for_hours * S_PER_HOUR,
        nodes=tuple(order.nodes),
        reason=order.reason,
    )
