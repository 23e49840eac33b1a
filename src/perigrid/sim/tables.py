"""A finished simulation as the tables of a run folder."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from perigrid.base.jobs import Cause, Outcome
from perigrid.fleet.model import ContactKind
from perigrid.ledger.tables import CONTACTS, JOBS
from perigrid.scenario.pipeline import CLOUD_DETECTOR
from perigrid.sim.accounting import Account
from perigrid.sim.trace import Trace
from perigrid.sim.world import World

_LINK_CLASSES = ("downlink", "crosslink", "relay", "terrestrial")


def jobs_frame(world: World, accounts: Sequence[Account]) -> pl.DataFrame:
    """One row per observation.

    Parameters
    ----------
    world : World
        Names and truth.
    accounts : sequence of Account
        At the end.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`.
    """
    jobs = [account.job for account in accounts]
    names = world.fleet.names
    kept = world.wanted
    places = world.scenario.demand.request_names
    scenes = np.array([job.scene for job in jobs], dtype=int)
    data: dict[str, object] = {
        "job_id": [job.job_id for job in jobs],
        "satellite": [names[job.origin] for job in jobs],
        "t_capture_s": [job.t_capture_s for job in jobs],
        "latitude_deg": [math.degrees(job.latitude_rad) for job in jobs],
        "longitude_deg": [math.degrees(job.longitude_rad) for job in jobs],
        "target": [job.target for job in jobs],
        "place": [places[job.target] if places else "" for job in jobs],
        "scene": scenes,
        "raw_bytes": [job.raw_bytes for job in jobs],
        "cloud_truth": world.bank.cloud_truth[scenes],
        "cloud_seen": _cloud_seen(world, accounts),
        "kept": kept[[job.job_id for job in jobs]],
        "outcome": [account.outcome.value for account in accounts],
        "reason": [account.reason for account in accounts],
        "node": [names[account.node] if account.node >= 0 else "" for account in accounts],
        "t_end_s": [account.t_end_s for account in accounts],
        "time_to_insight_s": [
            one.t_end_s - one.job.t_capture_s if one.outcome is Outcome.DELIVERED else math.nan
            for one in accounts
        ],
        "space_energy_j": [account.space_j for account in accounts],
        "ground_energy_j": [account.ground_j for account in accounts],
    }
    for cause in Cause:
        data[f"wait_{cause}_s"] = [account.waits_s[cause] for account in accounts]
    for kind in _LINK_CLASSES:
        data[f"{kind}_bytes"] = [account.moved_bytes.get(kind, 0.0) for account in accounts]
    return pl.DataFrame({name: data[name] for name in JOBS}, schema=JOBS)


def _cloud_seen(world: World, accounts: Sequence[Account]) -> list[float]:
    """Say what the detector said of each observation; NaN where it did not run."""
    detectors = [
        one.name for one in world.scenario.pipeline.stages if one.executes == CLOUD_DETECTOR
    ]
    seen = [[account.results.get(name) for name in detectors] for account in accounts]
    return [next((one for one in row if one is not None), math.nan) for row in seen]


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
