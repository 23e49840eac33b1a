"""Governance from the schema to the model, and the relations between its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from perigrid.base.time import Epoch
from perigrid.base.units import RAD_PER_DEG, S_PER_HOUR
from perigrid.scenario import model
from perigrid.scenario.findings import Finding
from perigrid.scenario.problems import listed
from perigrid.scenario.schema.governance import ClosedAreaSpec, HandlingSpec, PartySpec, RuleSpec

if TYPE_CHECKING:
    from perigrid.scenario.external import Externals
    from perigrid.scenario.schema import ScenarioFile

NONE: Final = "none"

# What a form cannot do without, and what it may take besides.
_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "eu-only": (),
    "no-raw-export": ("to_country",),
    "approve": (),
    "close-area": ("area",),
    "min-gsd": ("finest",),
    "purpose": ("purposes",),
    "bar-export": ("export_class",),
}
_TAKES: Final[dict[str, tuple[str, ...]]] = {
    "eu-only": (),
    "no-raw-export": (),
    "approve": ("action", "product", "to_country", "to_operator", "people"),
    "close-area": (),
    "min-gsd": (),
    "purpose": (),
    "bar-export": ("to_country", "to_operator"),
}
_PLAIN: Final = ("effect", "action", "product", "to_country", "to_operator", "people")
_ALWAYS: Final = ("id", "form", "reason", "source", "date", "confidence")

REASONS: Final[dict[str, str]] = {
    "eu-only": "scenes of the Union are held by operators seated in it only",
    "no-raw-export": "raw pixels stay in the country",
    "approve": "a person decides it",
    "close-area": "the area is closed",
    "min-gsd": "finer pixels than allowed",
    "purpose": "not a purpose this mission serves",
    "bar-export": "this export class may not go there",
}
"""What a form says where the scenario gives no reason."""


def governance(spec: ScenarioFile, externals: Externals) -> model.Governance:
    """Convert everything about governance but the rules.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.
    externals : Externals
        With the policy files, read.

    Returns
    -------
    Governance
        Packs, parties, handling, policies.
    """
    return model.Governance(
        jurisdictions=tuple(spec.jurisdiction),
        parties=tuple(_party(party) for party in spec.parties),
        handling=_handling(spec.handling),
        policies=externals.policies,
    )


def rules(spec: ScenarioFile) -> tuple[model.Rule, ...]:
    """Convert the rules.

    Parameters
    ----------
    spec : ScenarioFile
        Valid, and its relations checked.

    Returns
    -------
    tuple of Rule
        In the order written.
    """
    start, end_s = Epoch.from_iso(spec.start), spec.hours * S_PER_HOUR
    return tuple(_rule(rule, start, end_s) for rule in spec.rules)


def _party(party: PartySpec) -> model.Party:
    state = party.home if party.authorising_state is None else party.authorising_state
    barred = tuple(sorted(set(party.barred)))
    return model.Party(party.name, party.home, "" if state == NONE else state, barred)


def _handling(handling: HandlingSpec) -> model.Handling:
    return model.Handling(
        purpose=handling.purpose,
        customer=handling.customer,
        licence="" if handling.licence == NONE else handling.licence,
        people_visible=handling.people_visible,
        data_export_classes=tuple(sorted(set(handling.data_export_classes))),
        weights_export_classes=tuple(sorted(set(handling.weights_export_classes))),
    )


def _rule(rule: RuleSpec, start: Epoch, end_s: float) -> model.Rule:
    form = rule.form or ""
    return model.Rule(
        id=rule.id,
        effect=rule.effect or ("ask" if form == "approve" else "deny"),
        action=rule.action,
        product=rule.product,
        to_country=rule.to_country,
        to_operator=rule.to_operator,
        reason=rule.reason or REASONS[form],
        form=form,
        approvers=1 if rule.people is None else rule.people.count,
        roles=() if rule.people is None else tuple(rule.people.roles),
        purposes=tuple(rule.purposes),
        gsd_m=0.0 if rule.finest is None else rule.finest.gsd_m,
        export_class=rule.export_class or "",
        area=None if rule.area is None else _area(rule.area, start, end_s),
    )


def _area(area: ClosedAreaSpec, start: Epoch, end_s: float) -> model.ClosedArea:
    opens, closes = area.closed_from, area.closed_until
    return model.ClosedArea(
        south_rad=area.south_deg * RAD_PER_DEG,
        west_rad=area.west_deg * RAD_PER_DEG,
        north_rad=area.north_deg * RAD_PER_DEG,
        east_rad=area.east_deg * RAD_PER_DEG,
        from_s=0.0 if opens is None else Epoch.from_iso(opens).seconds_since(start),
        until_s=end_s if closes is None else Epoch.from_iso(closes).seconds_since(start),
    )


def governance_findings(spec: ScenarioFile) -> Iterator[Finding]:
    """Check what each form of a rule needs and takes.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Yields
    ------
    Finding
        At the key to change.
    """
    for index, rule in enumerate(spec.rules):
        for key, message, remedy in _rule_troubles(rule):
            yield Finding(("rules", index, key), message, remedy)


def _rule_troubles(rule: RuleSpec) -> Iterator[tuple[str, str, str]]:
    """Key, message and remedy of everything wrong with one rule."""
    needs = ("effect", "reason") if rule.form is None else _NEEDS[rule.form]
    given = {key for key in rule.model_fields_set if getattr(rule, key) is not None}
    for key in needs:
        if key not in given:
            what = f"form {rule.form}" if rule.form else "a rule without a form"
            yield key, f"is required in {what}", f"add {key}"
    takes = _PLAIN if rule.form is None else _TAKES[rule.form]
    for key in sorted(given - {*needs, *takes, *_ALWAYS}):
        able = listed((*needs, *takes)) or "no further key"
        yield key, f"no key of {rule.form or 'a rule without a form'}", f"it takes {able}"
    if rule.area is not None and rule.area.south_deg >= rule.area.north_deg:
        yield "area", "the southern edge is not south of the northern", "swap them"
    if rule.effect == "deny" and rule.people is not None:
        yield "effect", "a denial asks nobody", "use effect: ask, or drop people"
