"""A finished simulation as the tables of a run folder."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from perigrid.base.jobs import Cause, Outcome
from perigrid.base.messages import Acknowledge, Action, AskApproval, Close, Compute, Move, Wait
from perigrid.fleet.model import ContactKind
from perigrid.ledger.tables import ACTIONS, CONTACTS, JOBS
from perigrid.sim.accounting import Account
from perigrid.sim.trace import Trace
from perigrid.sim.world import World

_LINK_CLASSES = ("downlink", "crosslink", "relay", "terrestrial")


def jobs_frame(world: World, trace: Trace) -> pl.DataFrame:
    """One row per observation.

    Parameters
    ----------
    world : World
        Names and truth.
    trace : Trace
        The simulation.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`.
    """
    rows = [_job_row(world, account) for account in trace.accounts]
    return pl.DataFrame(rows, schema=JOBS, orient="row")


def _job_row(world: World, account: Account) -> tuple[Any, ...]:
    job = account.job
    delivered = account.outcome is Outcome.DELIVERED
    row: dict[str, Any] = {
        "job_id": job.job_id,
        "satellite": world.fleet.names[job.origin],
        "t_capture_s": job.t_capture_s,
        "latitude_deg": math.degrees(job.latitude_rad),
        "longitude_deg": math.degrees(job.longitude_rad),
        "target": job.target,
        "scene": job.scene,
        "raw_bytes": job.raw_bytes,
        "cloud_truth": float(world.bank.cloud_truth[job.scene]),
        "cloud_seen": account.cloud_seen,
        "kept": bool(world.cloud_seen[job.scene] <= world.scenario.pipeline.drop_above_cloud),
        "outcome": account.outcome.value,
        "reason": account.reason,
        "node": world.fleet.names[account.node] if account.node >= 0 else "",
        "t_end_s": account.t_end_s,
        "time_to_insight_s": account.t_end_s - job.t_capture_s if delivered else math.nan,
        "space_energy_j": account.space_j,
        "ground_energy_j": account.ground_j,
    }
    row |= {f"wait_{cause.value}_s": account.waits_s[cause] for cause in Cause}
    row |= {f"{kind}_bytes": account.moved_bytes.get(kind, 0.0) for kind in _LINK_CLASSES}
    return tuple(row[name] for name in JOBS)


def actions_frame(world: World, trace: Trace) -> pl.DataFrame:
    """One row per decision, refusals included.

    Parameters
    ----------
    world : World
        Names.
    trace : Trace
        The simulation.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.ACTIONS`.
    """
    names = world.fleet.names
    rows = [
        (sequence, t_s, action.job_id, *_action_cells(names, action), verdict, rule, _why(action))
        for sequence, t_s, action, verdict, rule, _reason in trace.decisions
    ]
    return pl.DataFrame(rows, schema=ACTIONS, orient="row")


def _action_cells(names: tuple[str, ...], action: Action) -> tuple[str, str, str, str, str, float]:
    """Kind, product, stage, source, target, planned end."""
    match action:
        case Move():
            ends = names[action.source], names[action.target]
            return ("move", action.product.value, "", *ends, action.legs[-1].t_arrival_s)
        case Compute():
            return ("compute", "", action.stage.value, names[action.node], "", math.nan)
        case Wait():
            return ("wait", "", "", "", "", action.until_s)
        case AskApproval():
            return ("ask", "", "", "", "", math.nan)
        case Close():
            return ("close", "", "", "", "", math.nan)
        case Acknowledge(what=what):
            return (what, "", "", "", "", math.nan)


def _why(action: Action) -> str:
    match action:
        case AskApproval():
            return f"rule {action.rule} reserves this to people"
        case Close():
            return f"{action.reason}: {action.detail}" if action.reason else action.detail
        case Acknowledge():
            return action.detail
        case _:
            return action.reason


def contacts_frame(world: World, trace: Trace) -> pl.DataFrame:
    """One row per contact window, with what was booked on it.

    Parameters
    ----------
    world : World
        Windows and names.
    trace : Trace
        The simulation.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.CONTACTS`.
    """
    contacts, names = world.outlook.contacts, world.fleet.names
    data: dict[str, object] = {
        "kind": [ContactKind(int(kind)).name.lower() for kind in contacts.kind],
        "source": [names[int(row)] for row in contacts.source],
        "target": [names[int(row)] for row in contacts.target],
        "t_start_s": contacts.t_start_s,
        "t_end_s": contacts.t_end_s,
        "rate_bps": contacts.rate_bps,
        "light_time_s": contacts.light_time_s,
        "hops": contacts.hops,
        "max_elevation_deg": np.degrees(contacts.max_elevation_rad),
        "booked_bytes": trace.booked_bytes,
    }
    return pl.DataFrame({name: data[name] for name in CONTACTS}, schema=CONTACTS)
