"""What will fail in a run as tables of the loop, and what its faults did as figures."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.control.core.messages import Table
from perigrid.engine.columns import TURN
from perigrid.engine.state import Clock, Count, Ended, World
from perigrid.fleet.faults import LASER_KINDS, FaultKind, FaultSchedule, draw_faults
from perigrid.fleet.model import Contacts, Fleet, Outlook
from perigrid.scenario.model import Scenario

FAULT_STREAM: Final = 3
"""Random stream of faults, derived from the scenario's seed beside those of ``sim.world``."""
COUNTED: Final = ("failed_moves", "lost_tasks", "refused_captures", "suspect_results")
REPEATED: Final = ("retries", "recomputations")


def fault_schedule(scenario: Scenario, fleet: Fleet, outlook: Outlook) -> FaultSchedule:
    """Draw what will fail in a run: the same for every architecture.

    Parameters
    ----------
    scenario, fleet, outlook
        As for :func:`perigrid.fleet.faults.draw_faults`.

    Returns
    -------
    FaultSchedule
        Of the scenario's seed.
    """
    rng = np.random.default_rng([scenario.seed, FAULT_STREAM])
    return draw_faults(scenario, fleet, outlook, rng)


def turn_table(faults: FaultSchedule) -> Table:
    """List when faults begin and end; failed acquisitions show when a leg tries them.

    Parameters
    ----------
    faults : FaultSchedule
        Of a run.

    Returns
    -------
    structured array
        Rows of :data:`perigrid.engine.state.TURN` in order of time, those of an instant in the
        schedule's.
    """
    comes = faults.kind != FaultKind.ACQUISITION
    goes = comes & (faults.kind != FaultKind.CORRUPTION) & np.isfinite(faults.t_end_s)
    table = np.zeros((len(faults), 2), dtype=TURN)
    for column, name in (("kind", "kind"), ("node", "node"), ("detected", "detected")):
        table[column] = getattr(faults, name)[:, None]
    table["t_s"] = np.stack([faults.t_start_s, faults.t_end_s], axis=1)
    table["begins"] = (1, 0)
    turns = table[np.stack([comes, goes], axis=1)]
    return turns[np.argsort(turns["t_s"], kind="stable")]


def dead_contacts(faults: FaultSchedule, contacts: Contacts) -> npt.NDArray[np.bool_]:
    """Find the laser contacts that never lock.

    Parameters
    ----------
    faults : FaultSchedule
        Its acquisitions, each with both ends and the window.
    contacts : Contacts
        Of the outlook.

    Returns
    -------
    (n_contacts,) bool array
        Both directions of a crosslink.
    """
    failed = faults.kind == FaultKind.ACQUISITION
    dead = np.zeros(len(contacts), dtype=np.bool_)
    columns = (faults.node, faults.other, faults.t_start_s, faults.t_end_s)
    windows = set(zip(*(column[failed].tolist() for column in columns), strict=True))
    if windows:
        rows = np.flatnonzero(np.isin(contacts.kind, LASER_KINDS))
        ends = np.sort(np.stack([contacts.source[rows], contacts.target[rows]]), axis=0)
        times = np.stack([contacts.t_start_s[rows], contacts.t_end_s[rows]])
        keys = zip(*ends.tolist(), *times.tolist(), strict=True)
        dead[rows] = [key in windows for key in keys]
    return dead


def fault_figures(w: World, quarantines: int) -> dict[str, Any] | None:
    """Sum up what faults did.

    Parameters
    ----------
    w : World
        At its end.
    quarantines : int
        From the controller.

    Returns
    -------
    dict or None
        For the summary; None in a run without faults.
    """
    if not w.con["faulty"][0]:
        return None
    counted = {name: int(w.counts[Count[name.upper()]]) for name in (*COUNTED, *REPEATED)}
    return {
        "by_kind": {kind.name.lower(): int(w.counts[Count.CRASHES + kind]) for kind in FaultKind},
        **counted,
        "quarantines": quarantines,
        "wrong_answers": int(wrong_answers(w).sum()),
        "work_lost_s": float(w.clock[Clock.LOST]),
    }


def wrong_answers(w: World) -> npt.NDArray[np.bool_]:
    """Say whose answers were delivered from a corrupt result.

    Parameters
    ----------
    w : World
        At its end.

    Returns
    -------
    (n_jobs,) bool array
        No check found them.
    """
    delivered: npt.NDArray[np.bool_] = w.jobs["ended"] == Ended.DELIVERED
    if len(w.tries) == 0:  # nothing fails
        return np.zeros_like(delivered)
    wrong: npt.NDArray[np.bool_] = delivered & w.tries["wrong"].any(axis=1)
    return wrong
