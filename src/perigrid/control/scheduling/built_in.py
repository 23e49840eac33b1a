"""What the built-in schedulers have in common: the decision core is compiled with all of them."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class Plan(IntEnum):
    """Schedulers: the built-in ones, and those of others, which are asked outside."""

    FIFO = 0
    EDF = 1
    LOOKAHEAD = 2
    PRICE = 3
    PLANNER = 4
    PLUG_IN = 5


class BuiltIn:
    """Names a scheduler that the decision core knows; it answers nothing itself.

    Attributes
    ----------
    plan : Plan
        Which it is in the core.
    alone, gain : str
        Why no other place is looked at, and what speaks for one that is; empty if none ever is.
    weighs_places : bool
        As for :class:`~perigrid.control.scheduling.protocol.Scheduler`.

    Notes
    -----
    All but ``fifo`` hold jobs back until their satellite is free, then begin the one that is due
    first (:mod:`perigrid.control.core.choose`). A computer is given one stage at a time, so that
    the order among what waits is settled as late as possible; only a first stage that is short is
    given to a computer at work. Where else a job might begin is asked when its pixels come, or have
    been screened, and their satellite is taken up. A job of which no answer can be in time any more
    is given up: it would take from those that can.
    """

    plan: ClassVar[Plan]
    alone: ClassVar[str] = "while it is free no other place is looked at"
    gain: ClassVar[str] = ""
    weighs_places: ClassVar[bool] = False


def plan_of(scheduler: object) -> Plan:
    """Say which of the core's schedulers one is.

    Parameters
    ----------
    scheduler : object
        Any.

    Returns
    -------
    Plan
        ``PLUG_IN`` for all but the built-in ones themselves: what a class makes of one of them is
        its own.
    """
    own = isinstance(scheduler, BuiltIn) and "plan" in vars(type(scheduler))
    return scheduler.plan if own and isinstance(scheduler, BuiltIn) else Plan.PLUG_IN
