"""What the gate is asked: who wants which action on which node, and everything known about it.

A request is plain frozen data, equal to another if and only if the answer must be the same; what is
not known is None and left out, so that the schema refuses the request.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Final, Protocol

PROCESS: Final = "process"
MOVE: Final = "move"
DOWNLINK: Final = "downlink"
TASK: Final = "task"
MANOEUVRE: Final = "manoeuvre"
LOAD_MODEL: Final = "load_model"
ADMIT: Final = "admit"
ACTIONS: Final = (PROCESS, MOVE, DOWNLINK, TASK, MANOEUVRE, LOAD_MODEL, ADMIT)

ROUNDING_CM: Final = 1e-6
"""What binary numbers may lack of a whole centimetre. [cm]"""
_CM_PER_M: Final = 100.0

RAW: Final = "raw"
DERIVED: Final = "derived"


@dataclass(frozen=True, slots=True)
class Approver:
    """A person who approved an action, and in which role."""

    name: str
    role: str


class Approvals(Protocol):
    """Knows which people approved what, signatures checked."""

    def granted(self, action_hash: str, t_s: float) -> tuple[Approver, ...]:
        """List who approved an action and whose approval still holds.

        Parameters
        ----------
        action_hash : str
            :func:`perigrid.base.digest.action_hash` of the action.
        t_s : float
            Now [s].

        Returns
        -------
        tuple of Approver
            Different people; empty if nobody did.
        """
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of an observation: the context of process, move, downlink and task.

    Parameters
    ----------
    territory : tuple of str
        States whose land the footprint touches, and the regions they belong to.
    level : str
        ``raw`` or ``derived``.
    gsd_cm : int
        Ground sample distance [cm].
    people_visible : bool
        Whether people can be made out.
    areas : tuple of str
        Named areas of the scenario that the footprint touches.
    captured_s : int
        Shutter time after the scenario's start, rounded down [s].
    purpose, customer, licence : str
        Of the observation.
    export_classes : tuple of str
        Of the data, and of the weights where they are used.
    held_by : tuple of str
        Operators that have held it.
    held_barred : tuple of str
        Export classes barred to any of them.
    """

    territory: tuple[str, ...] | None
    level: str | None
    gsd_cm: int | None
    people_visible: bool | None
    areas: tuple[str, ...] | None
    captured_s: int | None
    purpose: str | None
    customer: str | None
    licence: str | None
    export_classes: tuple[str, ...] | None
    held_by: tuple[str, ...] | None
    held_barred: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Load:
    """What is known of a model or a tenant: the context of load_model and admit."""

    model_known: bool | None
    purpose: str | None
    customer: str | None
    licence: str | None
    export_classes: tuple[str, ...] | None
    held_by: tuple[str, ...] | None
    held_barred: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Burn:
    """What is known of a manoeuvre.

    Parameters
    ----------
    purpose : str
        ``avoidance``, ``station-keeping``, ``disposal``, ...
    pc_1e9 : int
        Probability of collision, in 1e-9.
    commit_deadline_s : int
        Until it is too late to decide [s].
    propellant_after_g, disposal_propellant_g : int
        What is left afterwards; what passivation and deorbit will take [g].
    life_after_days : int
        In orbit after the end of the mission [days].
    """

    purpose: str | None
    pc_1e9: int | None
    commit_deadline_s: int | None
    propellant_after_g: int | None
    disposal_propellant_g: int | None
    life_after_days: int | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who approved, when, and whether the fleet is in safe mode."""

    approver_roles: tuple[str, ...] | None = ()
    approver_count: int | None = 0
    now_s: int | None = 0
    safe_mode: bool | None = False


@dataclass(frozen=True, slots=True)
class Principal:
    """Who wants it: an ``Agent`` (a program) or a ``Human``, with a name."""

    kind: str
    name: str


SCHEDULER: Final = Principal("Agent", "scheduler")
OPERATOR: Final = Principal("Human", "operator")


@dataclass(frozen=True, slots=True)
class Request:
    """One question for the gate."""

    action: str
    node: str
    about: Scene | Load | Burn
    circumstances: Circumstances = Circumstances()
    principal: Principal = SCHEDULER

    def to_cedar(self) -> dict[str, Any]:
        """Write it as the Cedar engine takes it.

        Returns
        -------
        dict
            Entity names in structured form; facts that are None are left out.
        """
        return {
            "principal": {"type": self.principal.kind, "id": self.principal.name},
            "action": {"type": "Action", "id": self.action},
            "resource": {"type": "Node", "id": self.node},
            "context": _facts(self.about) | _facts(self.circumstances),
        }


def _facts(record: Scene | Load | Burn | Circumstances) -> dict[str, Any]:
    """Names and values of what is known; tuples become lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in _NAMES[type(record)]
        if (value := getattr(record, name)) is not None
    }


def whole_cm(length_m: float) -> int:
    """Write a ground sample distance as policies read it.

    Parameters
    ----------
    length_m : float
        [m]

    Returns
    -------
    int
        Rounded down, so that pixels never count as coarser than they are [cm].
    """
    return math.floor(length_m * _CM_PER_M + ROUNDING_CM)


_NAMES: Final = {
    kind: tuple(field.name for field in dataclasses.fields(kind))
    for kind in (Scene, Load, Burn, Circumstances)
}


def circumstances(
    approvers: tuple[Approver, ...], t_s: float, *, safe_mode: bool = False
) -> Circumstances:
    """Put together what is the same for every step of an action.

    Parameters
    ----------
    approvers : tuple of Approver
        Who approved this very action; one person counts once, whatever the roles.
    t_s : float
        Now [s].
    safe_mode : bool
        Whether the fleet is in safe mode.

    Returns
    -------
    Circumstances
        As the policies see them.
    """
    roles = tuple(sorted({approver.role for approver in approvers}))
    count = len({approver.name for approver in approvers})
    return Circumstances(roles, count, int(t_s), safe_mode)
