"""The loop and the decision core as one kernel: no instant goes through Python."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from perigrid.control.core.build import enlarged
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import EventKind
from perigrid.control.core.outside import Outside
from perigrid.control.core.shared import shared as core_shared
from perigrid.control.core.state import FINE, NO_ROOM, Core, Floats
from perigrid.engine.faults import is_there
from perigrid.engine.leaves import hash_instant
from perigrid.engine.loop import carry_out, next_instant
from perigrid.engine.shared import shared
from perigrid.engine.state import Clock, Count, Filled, Status, World
from perigrid.fleet.network.legs import Leg
from perigrid.physics.compiled import kernel, part
from perigrid.physics.far_calls import call_at

_REPORTED = int(EventKind.STATE_REPORTED)
_INSTANT, _CRAMPED, _BROKEN = int(Status.INSTANT), int(Status.CRAMPED), int(Status.BROKEN)
_ASKED, _OLD_EVENTS, _NOW = int(Count.ASKED), int(Count.OLD_EVENTS), int(Clock.NOW)
_EVENTS = int(Filled.EVENTS)
Arrays = dict[str, npt.NDArray[Any]]
_UNCHANGED: Final = frozenset(
    {"outlook_s", "array_w", "environment_w", "laser_w", "outside", "starts_s", "ways_s"}
)
"""Arrays that a run does not change, or that nobody reads once an instant is decided on."""


@kernel
def fly_decided(world: World, core: Core, deciding: int) -> int:
    """Let time pass, and decide on what happens.

    Parameters
    ----------
    world : World
        Changed in place.
    core : Core
        Changed in place.
    deciding : int
        Where the code of the decision core lies, from
        :func:`perigrid.control.core.handle.handle_once`.

    Returns
    -------
    int
        :class:`perigrid.engine.state.Status`: why it hands over.
    """
    w = shared(world)
    c = core_shared(core, w.log.decisions, w.log.legs, w.log.others, w.log.filled)
    w.con[0].way_legs = c.con[0].way_legs
    while True:
        if w.counts[_ASKED] == 0:
            status = next_instant(w)
            if status != _INSTANT:
                return status
        first = w.counts[_OLD_EVENTS]
        count = w.log.filled[_EVENTS] - first
        if w.log.events[first].kind == _REPORTED:
            _tell(w, core.told, core.con[0].reports == 0)
        said: int = call_at(deciding, c, w.clock[_NOW], w.log.events[first:], count)
        w.counts[_ASKED] = said != FINE
        if said != FINE:
            return _CRAMPED if said == NO_ROOM else _BROKEN
        hash_instant(w)
        carry_out(w)


@part
def _tell(w: World, told: Floats, all_told: bool) -> None:  # noqa: FBT001  compiled
    """Report telemetry to the decision core; of satellites that are away the last is kept."""
    for row in range(len(w.sats)):
        me = w.sats[row]
        if not (all_told or is_there(w, row)):
            continue
        told[0, row], told[1, row], told[2, row] = me.battery_j, me.computer_k, me.radiator_k
        told[3, row] = me.held_bytes


def _changing(fields: NamedTuple, within: str) -> Arrays:
    """List the arrays of a tuple that a run changes, or may change."""
    found: Arrays = {}
    for name, value in zip(fields._fields, fields, strict=True):
        if isinstance(value, np.ndarray):
            if name not in _UNCHANGED:
                found[within + name] = value.view(np.uint8) if value.dtype.names else value
        else:
            found |= _changing(value, f"{within}{name}.")
    return found


class Decided:
    """Advances a world with a decision core, and gives that more room when it asks for it.

    Parameters
    ----------
    core : Core
        Fresh.
    outside : Outside, optional
        Whom it asks what is not compiled; None if it never does.
    """

    def __init__(self, core: Core, outside: Outside | None = None) -> None:
        self.core = core
        self._outside = outside
        self._deciding = 0

    def state(self) -> Arrays:
        """Show what changes of the core.

        Returns
        -------
        dict
            By name; the arrays themselves, structured ones as bytes.
        """
        return _changing(self.core, "")

    def take_routes(self, leg: Leg) -> None:
        """Let the core know the routes of a leg.

        Parameters
        ----------
        leg : Leg
            That begins now.
        """
        core = self.core
        core.route_delay_s[...], core.route_near[...] = leg.delay_s, leg.near
        core.laser_s[...] = leg.laser_s
        core.route_missed[...], core.laser_cut[...] = leg.missed, leg.laser_cut
        core.con["route_end_s"] = leg.t_s[-1]

    def make_room(self, state: Arrays) -> None:
        """Have as much room as when a state was written.

        Parameters
        ----------
        state : dict
            Of the same names as :meth:`state`.
        """
        while len(self.core.spare) < len(state["spare"]):
            self.core = enlarged(self.core)

    def __call__(self, world: World) -> int:
        """Advance until the loop hands over.

        Parameters
        ----------
        world : World
            Changed in place.

        Returns
        -------
        int
            :class:`perigrid.engine.state.Status`.
        """
        while (status := self._fly(world)) == _CRAMPED:
            if world.counts[Count.OLD_EVENTS] > 0:  # an empty log may be room enough
                return int(Status.LOG_FULL)
            self.core = enlarged(self.core)
        return status

    def _fly(self, world: World) -> int:
        log, core = world.log, self.core
        if self._deciding == 0:
            tables = log.decisions, log.legs, log.others, log.filled
            self._deciding = handle_once(core, 0.0, log.events, -1, *tables)
        if self._outside is None:
            return fly_decided(world, core, self._deciding)
        self._outside.see(self.core, log.decisions, log.legs, log.others, log.filled)
        status = fly_decided(world, core, self._deciding)
        self._outside.raise_failure()
        return status
