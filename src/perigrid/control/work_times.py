"""What computing a scene takes on each satellite: nothing is alike in a mixed fleet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from perigrid.fleet.model import Fleet, Floats
from perigrid.scenario.model import Pipeline
from perigrid.workload.profile import stage_power_w, stage_time_s


@dataclass(frozen=True, slots=True)
class SceneWork:
    """Both stages of a scene on one computer at full speed.

    Parameters
    ----------
    screen_s, classify_s : float
        Time of each [s].
    energy_j : float
        Of both, above an idle computer [J].
    screen_j : float
        Of it, what the first takes [J].
    """

    screen_s: float
    classify_s: float
    energy_j: float
    screen_j: float = 0.0

    @property
    def work_s(self) -> float:
        """Time of both stages [s]."""
        return self.screen_s + self.classify_s


class WorkTimes:
    """Times and energies by satellite and by size of the scene.

    Parameters
    ----------
    fleet : Fleet
        Computers, and the imagers whose scenes they are given.
    pipeline : Pipeline
        The stages.
    together : bool
        Whether a scene stays on the satellite that screened it; else only that is reckoned there.
    """

    def __init__(self, fleet: Fleet, pipeline: Pipeline, *, together: bool = True) -> None:
        self._fleet = fleet
        self._first: list[int] = [rows.start for _, rows in fleet.spans()]
        self._group_of: list[int] = fleet.group_of.tolist()
        self._pipeline = pipeline
        self._together = together
        self._known: dict[tuple[int, float], SceneWork] = {}
        self._columns: dict[float, tuple[Floats, Floats]] = {}

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
            Time [s] and energy [J] of both stages; endless where there is no computer. Not to be
            written to.
        """
        if area_m2 not in self._columns:
            works = [self.on(row, area_m2) for row in self._first]
            both = np.array([(one.work_s, one.energy_j) for one in works])[self._fleet.group_of]
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
            Of both stages; endless without a computer [s], [J].
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
            Time [s] and energy [J] of both stages; 0 where there is no computer.
        """
        swaths_m = [group.sensor.swath_m for group in self._fleet.groups if group.sensor]
        columns = self.by_satellite(max(swaths_m, default=0.0) ** 2)
        work_s, energy_j = (np.where(self._fleet.buses.computes, one, 0.0) for one in columns)
        return work_s, energy_j

    def _worked_out(self, node: int, area_m2: float) -> SceneWork:
        computer = self._fleet.computer(node)
        if computer is None:
            return SceneWork(0.0, 0.0, 0.0)
        stages = (self._pipeline.screen, self._pipeline.classify)
        screen_s, classify_s = (stage_time_s(one, computer, area_m2) for one in stages)
        if node < len(self._group_of) and not self._together:
            classify_s = 0.0
        screen_w, classify_w = (stage_power_w(one, computer) for one in stages)
        screen_j, classify_j = screen_s * screen_w, classify_s * classify_w
        return SceneWork(screen_s, classify_s, screen_j + classify_j, screen_j)
