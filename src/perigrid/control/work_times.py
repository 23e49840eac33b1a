"""What computing a scene takes on each satellite: nothing is alike in a mixed fleet."""

from __future__ import annotations

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
    """

    screen_s: float
    classify_s: float
    energy_j: float

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
    """

    def __init__(self, fleet: Fleet, pipeline: Pipeline) -> None:
        self._fleet = fleet
        self._group_of: list[int] = fleet.group_of.tolist()
        self._pipeline = pipeline
        self._known: dict[tuple[int, float], SceneWork] = {}

    def on(self, node: int, area_m2: float) -> SceneWork:
        """Say what a scene takes on a satellite.

        Parameters
        ----------
        node : int
            Fleet row of a satellite.
        area_m2 : float
            Ground area of the scene [m2].

        Returns
        -------
        SceneWork
            All zero where there is no computer.
        """
        key = (self._group_of[node], area_m2)
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
            Time [s] and energy [J] of both stages; 0 where there is no computer.
        """
        rows = [rows.start for _, rows in self._fleet.spans()]
        works = [self.on(row, area_m2) for row in rows]
        group_of = self._fleet.group_of
        return (
            np.array([one.work_s for one in works], dtype=np.float64)[group_of],
            np.array([one.energy_j for one in works], dtype=np.float64)[group_of],
        )

    def of_largest(self) -> tuple[Floats, Floats]:
        """Say what the largest scene that the fleet takes would need on each satellite.

        Returns
        -------
        work_s, energy_j : (n_satellites,) float array
            Time [s] and energy [J] of both stages; 0 where there is no computer.
        """
        swaths_m = [group.sensor.swath_m for group in self._fleet.groups if group.sensor]
        return self.by_satellite(max(swaths_m, default=0.0) ** 2)

    def _worked_out(self, group: int, area_m2: float) -> SceneWork:
        computer = self._fleet.groups[group].computer
        if computer is None:
            return SceneWork(0.0, 0.0, 0.0)
        stages = (self._pipeline.screen, self._pipeline.classify)
        screen_s, classify_s = (stage_time_s(one, computer, area_m2) for one in stages)
        screen_w, classify_w = (stage_power_w(one, computer) for one in stages)
        return SceneWork(screen_s, classify_s, screen_s * screen_w + classify_s * classify_w)
