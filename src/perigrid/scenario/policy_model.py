"""Governance of a mission as every floor above reads it; part of :mod:`perigrid.scenario.model`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClosedArea:
    """Ground between two parallels and two meridians, closed for a while.

    ``east_rad`` is less than ``west_rad`` where the area crosses the date line.
    """

    south_rad: float
    west_rad: float
    north_rad: float
    east_rad: float
    from_s: float  # after the scenario's start
    until_s: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One readable policy rule; ``control.policy.rules`` writes it as Cedar."""

    id: str
    effect: str  # "deny" or "ask"
    action: str  # "move", "compute" or "any"
    product: str  # "raw", "answer" or "any"
    to_country: str  # ISO 3166 alpha-2 or "any"
    to_operator: str  # or "any"
    reason: str
    form: str = ""  # "eu-only", "close-area", ...; empty for the rule the fields above spell out
    approvers: int = 1  # how many people an "ask" takes
    roles: tuple[str, ...] = ()  # that have to be among them
    purposes: tuple[str, ...] = ()
    gsd_m: float = 0.0
    export_class: str = ""
    area: ClosedArea | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """What policy may ask about an operator."""

    name: str
    home: str  # state of its seat, ISO 3166 alpha-2
    authorising_state: str  # that authorises and supervises it in space; empty for none
    barred: tuple[str, ...] = ()  # export classes it may not receive


@dataclass(frozen=True, slots=True)
class Handling:
    """What policy may ask about the observations and the models."""

    purpose: str = "observation"
    customer: str = "civil"
    licence: str = ""
    people_visible: bool = False
    data_export_classes: tuple[str, ...] = ()
    weights_export_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file of the scenario's ``policies`` folder: Cedar, or entities as JSON."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Governance:
    """Whose law holds besides the rules: packs, parties, handling, and policies in Cedar."""

    jurisdictions: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    handling: Handling = Handling()
    policies: tuple[PolicyFile, ...] = ()
