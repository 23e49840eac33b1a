"""The books of all observations as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.jobs import Job, Outcome
from perigrid.control.core.messages import CAUSES
from perigrid.engine.state import LINKS, Count, Ended, World
from perigrid.engine.tables import REASONS, Rows, framed, gathered
from perigrid.fleet.model import Fleet, Outlook
from perigrid.ledger.tables import JOBS
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import CLOUD_DETECTOR, Pipeline
from perigrid.workload.job_graph import Bools
from perigrid.workload.scene_bank import SceneBank

Floats = npt.NDArray[np.float64]
_OUTCOMES: Final = (Outcome.IN_FLIGHT, Outcome.DELIVERED, Outcome.MISSED)


class Mission(Protocol):
    """What a run is of; :class:`perigrid.sim.world.World` is one."""

    @property
    def scenario(self) -> Scenario:
        """The mission."""

    @property
    def fleet(self) -> Fleet:
        """What there is."""

    @property
    def outlook(self) -> Outlook:
        """What decisions cannot change."""

    @property
    def bank(self) -> SceneBank:
        """Executed scenes."""

    @property
    def jobs(self) -> Sequence[Job]:
        """Observations, in order of capture."""

    @property
    def wanted(self) -> Bools:
        """Which have anything to deliver."""


def jobs_frame(mission: Mission, w: World) -> pl.DataFrame:
    """One row per observation that was taken or missed.

    Parameters
    ----------
    mission : Mission
        Names and truth.
    w : World
        At its end.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`.
    """
    taken = int(w.counts[Count.TAKEN])
    jobs, observed = w.jobs[:taken], mission.jobs[:taken]
    names, places = mission.fleet.names, mission.scenario.demand.request_names
    scenes = np.array([job.scene for job in observed], dtype=np.int64)
    targets = np.array([job.target for job in observed], dtype=np.int64)
    missed, done = (jobs["ended"] == one for one in (Ended.MISSED, Ended.DELIVERED))
    data: dict[str, Any] = {
        "job_id": np.arange(taken),
        "satellite": gathered(jobs["origin"], names),
        "t_capture_s": jobs["t_capture_s"],
        "latitude_deg": np.degrees([job.latitude_rad for job in observed]),
        "longitude_deg": np.degrees([job.longitude_rad for job in observed]),
        "target": targets,
        "place": gathered(targets if places else np.full(taken, -1), places),
        "scene": scenes,
        "raw_bytes": jobs["raw_bytes"],
        "cloud_truth": mission.bank.cloud_truth[scenes],
        "cloud_seen": _cloud_seen(mission.scenario.pipeline, jobs, w.outcomes[:, :taken]),
        "kept": mission.wanted[:taken],
        "outcome": gathered(jobs["ended"], _OUTCOMES),
        "reason": gathered(np.where(missed, jobs["reason"].astype(np.int64), -1), REASONS),
        "node": gathered(jobs["node"], names),
        "t_end_s": jobs["t_end_s"],
        "time_to_insight_s": np.where(done, jobs["t_end_s"] - jobs["t_capture_s"], np.nan),
        "space_energy_j": jobs["space_j"],
        "ground_energy_j": jobs["ground_j"],
    }
    for column, cause in enumerate(CAUSES):
        data[f"wait_{cause}_s"] = w.waits_s[:taken, column]
    for column, kind in enumerate(LINKS):
        data[f"{kind}_bytes"] = w.sent_bytes[:taken, column]
    return framed(data, JOBS)


def _cloud_seen(pipeline: Pipeline, jobs: Rows, outcomes: Floats) -> Floats:
    """Say what the detector said of each observation; NaN where it did not run."""
    seen = np.full(len(jobs), np.nan)
    done = jobs["done"]
    for row in reversed(range(len(pipeline.stages))):
        if pipeline.stages[row].executes == CLOUD_DETECTOR:
            seen = np.where((done >> row) & 1, outcomes[row], seen)
    return seen
