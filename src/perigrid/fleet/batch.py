"""Compute jobs as a kind of work: what is asked for, from where, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.job_table import JobTable
from perigrid.base.jobs import Job
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.model import Fleet, Ints
from perigrid.scenario.jobs import ComputeJobs
from perigrid.scenario.model import Scenario
from perigrid.workload.job_graph import Floats
from perigrid.workload.requests import DrawnJobs, draw_jobs
from perigrid.workload.scene_bank import SceneBank

_STREAMS: Final = 2  # jobs come from the first


class Batch:
    """Jobs that users ask for near the ground nodes, or that work on data satellites hold."""

    def draw(
        self,
        scenario: Scenario,
        fleet: Fleet,
        ephemeris: Ephemeris,  # noqa: ARG002  of the protocol, as is the next
        n_scenes: int,  # noqa: ARG002
    ) -> JobTable:
        """Draw the jobs of a run.

        Parameters
        ----------
        scenario, fleet, ephemeris, n_scenes
            As for :meth:`perigrid.fleet.workloads.WorkloadKind.draw`; where satellites are makes
            no difference, and there are no scenes.

        Returns
        -------
        JobTable
            In the order in which they are asked for.

        Raises
        ------
        ScenarioError
            If the scenario asks for none.
        """
        asked = scenario.jobs
        if asked is None:
            message, remedy = "the scenario asks for no compute jobs", "add a section 'jobs'"
            raise ScenarioError([Problem(message, remedy, key="jobs", path=scenario.source_path)])
        rng = np.random.default_rng(scenario.seed).spawn(_STREAMS)[0]
        longitude_rad = fleet.longitude_rad[list(fleet.stations)]
        drawn = draw_jobs(
            asked, scenario.start, scenario.duration_s, fleet.n_satellites, longitude_rad, rng
        )
        return table_of(asked, fleet, drawn)

    def outcomes(
        self,
        scenario: Scenario,  # noqa: ARG002  of the protocol, as are all
        jobs: Sequence[Job],  # noqa: ARG002
        bank: SceneBank,  # noqa: ARG002
    ) -> dict[str, Floats]:
        """Say that no stage finds anything out.

        Parameters
        ----------
        scenario, jobs, bank
            As for :meth:`perigrid.fleet.workloads.WorkloadKind.outcomes`.

        Returns
        -------
        dict
            Empty.
        """
        return {}


def table_of(asked: ComputeJobs, fleet: Fleet, drawn: DrawnJobs) -> JobTable:
    """Lay jobs out as columns, their nodes as rows of the fleet.

    Parameters
    ----------
    asked : ComputeJobs
        For the median size of an answer.
    fleet : Fleet
        Where satellites and ground nodes stand in it.
    drawn : DrawnJobs
        In the order in which they are asked for.

    Returns
    -------
    JobTable
        The same jobs.
    """
    origin = _rows(fleet, drawn.source)
    share = drawn.output_bytes / asked.output_bytes if asked.output_bytes > 0.0 else 0.0
    return JobTable(
        {
            "origin": origin,
            "t_capture_s": drawn.release_s,
            "deadline_s": drawn.deadline_s,
            "raw_bytes": drawn.input_bytes,
            "area_m2": drawn.size,
            "latitude_rad": fleet.latitude_rad[origin],
            "longitude_rad": fleet.longitude_rad[origin],
            "user": np.where(origin < fleet.n_satellites, -1, origin),
            "answer_share": np.broadcast_to(share, origin.shape),
            "power_share": drawn.power_share,
            "model": drawn.model.astype(np.int64),
            "model_bytes": drawn.model_bytes[drawn.model],
            "value": drawn.value,
        }
    )


def _rows(fleet: Fleet, source: np.ndarray[tuple[int], np.dtype[np.int32]]) -> Ints:
    """Fleet rows of nodes of the network, whose ground nodes follow the satellites."""
    behind = np.array(list(fleet.stations), dtype=np.int64)
    ground = source >= fleet.n_satellites
    rows = source.astype(np.int64)
    rows[ground] = behind[rows[ground] - fleet.n_satellites]
    return rows
