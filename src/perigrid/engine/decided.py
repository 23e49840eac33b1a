"""The loop and the decision core as one kernel: no instant goes through Python."""

from __future__ import annotations

from perigrid.control.core.build import enlarged
from perigrid.control.core.handle import handle
from perigrid.control.core.messages import EventKind
from perigrid.control.core.shared import shared as core_shared
from perigrid.control.core.state import FINE, NO_ROOM, NOT_OURS, Core, Floats
from perigrid.engine.loop import carry_out, next_instant
from perigrid.engine.shared import shared
from perigrid.engine.state import Clock, Count, Filled, Status, World
from perigrid.physics.compiled import kernel, part

_REPORTED = int(EventKind.STATE_REPORTED)
_INSTANT, _CRAMPED, _UNDECIDED, _BROKEN = (
    int(Status.INSTANT), int(Status.CRAMPED), int(Status.UNDECIDED), int(Status.BROKEN),
)  # fmt: skip
_ASKED, _OLD_EVENTS, _NOW = int(Count.ASKED), int(Count.OLD_EVENTS), int(Clock.NOW)
_EVENTS = int(Filled.EVENTS)


@kernel
def fly_decided(world: World, core: Core) -> int:
    """Let time pass, and decide on what happens.

    Parameters
    ----------
    world : World
        Changed in place.
    core : Core
        Changed in place.

    Returns
    -------
    int
        :class:`perigrid.engine.state.Status`: why it hands over.
    """
    w = shared(world)
    c = core_shared(core, w.log.decisions, w.log.legs, w.log.others, w.log.filled)
    while True:
        if w.counts[_ASKED] == 0:
            status = next_instant(w)
            if status != _INSTANT:
                return status
        first = w.counts[_OLD_EVENTS]
        count = w.log.filled[_EVENTS] - first
        if w.log.events[first].kind == _REPORTED:
            _tell(w, core.told)
        said = handle(c, w.clock[_NOW], w.log.events[first:], count)
        w.counts[_ASKED] = said != FINE
        if said != FINE:
            return _CRAMPED if said == NO_ROOM else _UNDECIDED if said == NOT_OURS else _BROKEN
        carry_out(w)


@part
def _tell(w: World, told: Floats) -> None:
    """Report telemetry to the decision core."""
    for row in range(len(w.sats)):
        me = w.sats[row]
        told[0, row], told[1, row], told[2, row] = me.battery_j, me.computer_k, me.radiator_k


class Decided:
    """Advances a world with a decision core, and gives that more room when it asks for it.

    Parameters
    ----------
    core : Core
        Fresh.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

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
        while (status := fly_decided(world, self.core)) == _CRAMPED:
            if world.counts[Count.OLD_EVENTS] > 0:  # an empty log may be room enough
                return int(Status.LOG_FULL)
            self.core = enlarged(self.core)
        return status
