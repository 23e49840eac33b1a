"""The books of all jobs as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job, Outcome
from perigrid.control.core.messages import CAUSES
from perigrid.engine.fault_table import wrong_answers
from perigrid.engine.state import LINKS, Count, Ended, World
from perigrid.engine.tables import REASONS, Rows, framed, gathered
from perigrid.fleet.model import Fleet, Outlook
from perigrid.ledger.tables import COMPUTE_JOBS, JOBS
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import CLOUD_DETECTOR, Pipeline
from perigrid.workload.job_graph import Bools
from perigrid.workload.scene_bank import SceneBank

Floats = npt.NDArray[np.float64]
Columns = dict[str, Any]
_OUTCOMES: Final = (Outcome.IN_FLIGHT, Outcome.DELIVERED, Outcome.MISSED)
_ASKED: Final = ("user", "model", "area_m2", "deadline_s", "answer_share", "value")


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
        """Observations in order of capture, or compute jobs in that of their asking."""

    @property
    def wanted(self) -> Bools:
        """Which have anything to deliver."""


def jobs_frame(mission: Mission, w: World) -> pl.DataFrame:
    """One row per observation that was taken or missed, or per compute job that was asked for.

    Parameters
    ----------
    mission : Mission
        Names and truth.
    w : World
        At its end.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.JOBS`, or of
        :data:`perigrid.ledger.tables.COMPUTE_JOBS`.
    """
    taken = int(w.counts[Count.TAKEN])
    batch = mission.scenario.jobs is not None
    own = _asked_for(mission, w, taken) if batch else _observed(mission, w, taken)
    return framed({**_shared(mission, w, taken), **own}, COMPUTE_JOBS if batch else JOBS)


def _shared(mission: Mission, w: World, taken: int) -> Columns:
    """Columns of every kind of work."""
    jobs, names = w.jobs[:taken], mission.fleet.names
    missed, done = (jobs["ended"] == one for one in (Ended.MISSED, Ended.DELIVERED))
    data: Columns = {
        "job_id": np.arange(taken),
        "satellite": gathered(jobs["origin"], names),
        "t_capture_s": jobs["t_capture_s"],
        "latitude_deg": np.degrees(column_of(mission.jobs, "latitude_rad")[:taken]),
        "longitude_deg": np.degrees(column_of(mission.jobs, "longitude_rad")[:taken]),
        "raw_bytes": jobs["raw_bytes"],
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
    return data


def _observed(mission: Mission, w: World, taken: int) -> Columns:
    """Columns of observations: what was seen, and where."""
    places = mission.scenario.demand.request_names
    scenes = column_of(mission.jobs, "scene")[:taken].astype(np.int64)
    targets = column_of(mission.jobs, "target")[:taken].astype(np.int64)
    return {
        "target": targets,
        "place": gathered(targets if places else np.full(taken, -1), places),
        "scene": scenes,
        "cloud_truth": mission.bank.cloud_truth[scenes],
        "cloud_seen": _cloud_seen(mission.scenario.pipeline, w.jobs[:taken], w.outcomes[:, :taken]),
        "kept": mission.wanted[:taken],
    }


def _asked_for(mission: Mission, w: World, taken: int) -> Columns:
    """Columns of compute jobs: who asks, how much for, and what the answer is worth."""
    asked = {name: column_of(mission.jobs, name)[:taken] for name in _ASKED}
    answer_bytes = sum(one.output_bytes for one in mission.scenario.pipeline.stages if one.deliver)
    nothing = np.full(taken, np.nan)
    return {
        **dict.fromkeys(("target", "scene"), np.full(taken, -1)),
        **dict.fromkeys(("cloud_truth", "cloud_seen"), nothing),
        "place": gathered(asked["user"], mission.fleet.names),
        "kept": np.ones(taken, dtype=np.bool_),
        "model": asked["model"],
        "size": asked["area_m2"],
        "t_deadline_s": asked["deadline_s"],
        "answer_bytes": answer_bytes * asked["answer_share"],
        "value": asked["value"],
        "attempts": w.jobs["tasks"][:taken],
        "wrong": wrong_answers(w)[:taken],
    }


def _cloud_seen(pipeline: Pipeline, jobs: Rows, outcomes: Floats) -> Floats:
    """Say what the detector said of each observation; NaN where it did not run."""
    seen = np.full(len(jobs), np.nan)
    done = jobs["done"]
    for row in reversed(range(len(pipeline.stages))):
        if pipeline.stages[row].executes == CLOUD_DETECTOR:
            seen = np.where((done >> row) & 1, outcomes[row], seen)
    return seen
