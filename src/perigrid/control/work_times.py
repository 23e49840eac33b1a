"""What computing a scene takes on each satellite: nothing is alike in a mixed fleet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from perigrid.fleet.model import Fleet, Floats
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.job_graph import Ways, sure_stages
from perigrid.workload.profile import stage_power_w, stage_time_s


@dataclass(frozen=True, slots=True)
class SceneWork:
    """The stages of a scene on one computer at full speed.

    Parameters
    ----------
    stage_s, stage_j : mapping of str to float
        Time [s], and energy above an idle computer [J], of each stage in order; 0 of those that
        run elsewhere.
    sure : tuple of str
        The first stages, that every scene goes through before an outcome may end it.
    """

    stage_s: Mapping[str, float]
    stage_j: Mapping[str, float]
    sure: tuple[str, ...]

    @property
    def work_s(self) -> float:
        """Time of all stages that a scene may need [s]."""
        return sum(self.stage_s.values())

    @property
    def energy_j(self) -> float:
        """Energy of all of them [J]."""
        return sum(self.stage_j.values())

    @property
    def sure_s(self) -> float:
        """The least that a scene takes [s]."""
        return sum(self.stage_s[name] for name in self.sure)

    def least(self, ways: Ways) -> tuple[float, float]:
        """Say what a scene takes at least, whichever way it goes.

        Parameters
        ----------
        ways : list of tuple of Stage
            That scenes take; all stages if there are none.

        Returns
        -------
        work_s, energy_j : float
            Of the quickest and of the thriftiest way [s], [J].
        """
        if not ways:
            return self.work_s, self.energy_j
        work_s, energy_j = (
            min(sum(cost[stage.name] for stage in way) for way in ways)
            for cost in (self.stage_s, self.stage_j)
        )
        return work_s, energy_j


class WorkTimes:
    """Times and energies by satellite and by size of the scene.

    Parameters
    ----------
    fleet : Fleet
        Computers, and the imagers whose scenes they are given.
    pipeline : Pipeline
        The stages.
    apart : frozenset of str
        Stages for which a scene leaves the satellite that began it: not reckoned there.
    ways : list of tuple of Stage
        Ways that scenes take, to reckon with the least; else with all stages.
    """

    def __init__(
        self,
        fleet: Fleet,
        pipeline: Pipeline,
        apart: frozenset[str] = frozenset(),
        ways: Ways | None = None,
    ) -> None:
        self._fleet = fleet
        self._first: list[int] = [rows.start for _, rows in fleet.spans()]
        self._group_of: list[int] = fleet.group_of.tolist()
        self._pipeline = pipeline
        self._apart = apart
        self._ways = ways or []
        self._sure = sure_stages(pipeline)
        self._known: dict[tuple[int, float], SceneWork] = {}
        self._columns: dict[float, tuple[Floats, Floats]] = {}

    @property
    def first_stage(self) -> str:
        """What a scene begins with."""
        return self._sure[0]

    def at_best(self, ways: Ways) -> WorkTimes:
        """Reckon columns with the least that any scene takes.

        Parameters
        ----------
        ways : list of tuple of Stage
            That scenes take.

        Returns
        -------
        WorkTimes
            The same in all else.
        """
        return WorkTimes(self._fleet, self._pipeline, self._apart, ways)

    def on(self, node: int, area_m2: float) -> SceneWork:
        """Say what a scene takes on a computer.

        Parameters
        ----------
        node : int
            Fleet row of a satellite or a data centre.
        area_m2 : float
            Ground area of the scene [m2].

        Returns
        -------
        SceneWork
            All zero where there is no computer.
        """
        in_orbit = node < len(self._group_of)
        key = (self._first[self._group_of[node]] if in_orbit else node, area_m2)
        if key not in self._known:
            self._known[key] = self._worked_out(*key)
        return self._known[key]

    def by_satellite(self, area_m2: float) -> tuple[Floats, Floats]:
        """Say what a scene takes on every satellite.

        Parameters
        ----------
        area_m2 : float
            Ground area of the scene [m2].

        Returns
        -------
        work_s, energy_j : (n_satellites,) float array
            Time [s] and energy [J] of all stages; endless where there is no computer. Not to be
            written to.
        """
        if area_m2 not in self._columns:
            works = [self.on(row, area_m2) for row in self._first]
            both = np.array([one.least(self._ways) for one in works])[self._fleet.group_of]
            both[~self._fleet.buses.computes] = np.inf
            self._columns[area_m2] = both[:, 0], both[:, 1]
        return self._columns[area_m2]

    def least(self, rows: Sequence[int], areas_m2: Iterable[float]) -> tuple[float, float]:
        """Say what any scene takes at least on any of some satellites.

        Parameters
        ----------
        rows : sequence of int
            Fleet rows of satellites.
        areas_m2 : iterable of float
            Ground areas of the scenes [m2].

        Returns
        -------
        work_s, energy_j : float
            Of all stages; endless without a computer [s], [J].
        """
        columns = [self.by_satellite(area_m2) for area_m2 in set(areas_m2)]
        work_s, energy_j = (
            min(float(one[rows].min()) for one in of) for of in zip(*columns, strict=True)
        )
        return work_s, energy_j

    def of_largest(self) -> tuple[Floats, Floats]:
        """Say what the largest scene that the fleet takes would need on each satellite.

        Returns
        -------
        work_s, energy_j : (n_satellites,) float array
            Time [s] and energy [J] of all stages; 0 where there is no computer.
        """
        swaths_m = [group.sensor.swath_m for group in self._fleet.groups if group.sensor]
        columns = self.by_satellite(max(swaths_m, default=0.0) ** 2)
        work_s, energy_j = (np.where(self._fleet.buses.computes, one, 0.0) for one in columns)
        return work_s, energy_j

    def _worked_out(self, node: int, area_m2: float) -> SceneWork:
        computer = self._fleet.computer(node)
        stage_s, stage_j = dict.fromkeys(self._pipeline.names, 0.0), {}
        for stage in self._pipeline.stages:
            left = node < len(self._group_of) and stage.name in self._apart
            if computer is not None and not left:
                stage_s[stage.name] = stage_time_s(stage, computer, area_m2)
            power_w = 0.0 if computer is None else stage_power_w(stage, computer)
            stage_j[stage.name] = stage_s[stage.name] * power_w
        return SceneWork(stage_s, stage_j, self._sure)
