"""The twin beside a live run: battery, heat and storage of the satellites, stepped as they act.

It stands in for the telemetry that real satellites would report.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from perigrid.base.jobs import Job
from perigrid.base.messages import Leg, StateReported
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.fleet.state import advance, initial_state
from perigrid.fleet.storage import Storage


class Twin:
    """State of the computing satellites under the loads they are given.

    Parameters
    ----------
    fleet : Fleet
        What there is.
    outlook : Outlook
        Light, heat and the edges of the steps.
    laser_w : (n_satellites, n_steps) float array
        What holding the laser links draws, from
        :func:`perigrid.fleet.laser_load.held_laser_w` [W].
    """

    def __init__(self, fleet: Fleet, outlook: Outlook, laser_w: Floats) -> None:
        self._fleet = fleet
        self._outlook = outlook
        self._state = initial_state(fleet)
        self._storage = Storage(fleet.buses.storage_bytes, self._state.storage_bytes)
        self._compute_j: Floats = fleet.buses.idle_w[:, None] * np.diff(outlook.t_s)
        self._link_j: Floats = laser_w * np.diff(outlook.t_s)

    # ------------------------------------------------------------------ loads

    def computes(self, row: int, t_start_s: float, t_end_s: float, power_w: float) -> None:
        """Load a satellite with a stage; nodes on the ground have no battery to care for.

        Parameters
        ----------
        row : int
            Fleet row.
        t_start_s, t_end_s : float
            When it runs [s].
        power_w : float
            Above idle [W].
        """
        if row < self._fleet.n_satellites:
            self._compute_j[row] += self._in_steps_s(t_start_s, t_end_s) * power_w

    def sends(self, legs: Iterable[Leg]) -> None:
        """Load radios with booked transmissions; laser legs go over links that are held anyway.

        Parameters
        ----------
        legs : iterable of Leg
            Booked.
        """
        self._load_radios(legs, 1.0)

    def recall(self, job: Job, legs: Iterable[Leg]) -> None:
        """Take off what a move would have loaded and kept room for; nothing of it was sent.

        Parameters
        ----------
        job : Job
            The observation.
        legs : iterable of Leg
            Booked before.
        """
        self._load_radios(legs, -1.0)
        self._storage.cancel(job.job_id)

    def _load_radios(self, legs: Iterable[Leg], share: float) -> None:
        radio_w = self._fleet.buses.radio_w
        for leg in legs:
            if leg.kind == "downlink":
                busy_s = self._in_steps_s(leg.t_start_s, leg.t_end_s)
                self._link_j[leg.source] += share * busy_s * radio_w[leg.source]

    def _in_steps_s(self, t_start_s: float, t_end_s: float) -> Floats:
        """Part of an interval that falls into each step."""
        edges_s = self._outlook.t_s
        overlap_s = np.minimum(t_end_s, edges_s[1:]) - np.maximum(t_start_s, edges_s[:-1])
        return np.asarray(np.maximum(overlap_s, 0.0), dtype=np.float64)

    # ------------------------------------------------------------------ storage

    def capture(self, job: Job) -> bool:
        """Store the pixels of an observation on the satellite that takes it.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        bool
            False if they do not fit: then nothing is stored.
        """
        if not self._storage.has_room(job.origin, job.raw_bytes):
            return False
        self._storage.take(job.job_id, job.origin, job.raw_bytes)
        return True

    def set_out(self, job: Job, row: int) -> None:
        """Keep room where pixels are sent.

        Parameters
        ----------
        job : Job
            The observation.
        row : int
            Fleet row of the receiver; the ground's storage is not counted.
        """
        self._storage.reserve(job.job_id, row, job.raw_bytes)

    def arrive(self, job: Job) -> None:
        """Take pixels from the node that sent them to the one that received them.

        Parameters
        ----------
        job : Job
            The observation.
        """
        self._storage.arrive(job.job_id)

    def release(self, job: Job) -> None:
        """Free what a job's pixels take, if anything.

        Parameters
        ----------
        job : Job
            The observation.
        """
        self._storage.release(job.job_id)

    # ------------------------------------------------------------------ time

    def advance(self, step: int) -> None:
        """Carry battery and temperatures over a step with what was loaded on it.

        Parameters
        ----------
        step : int
            Index of the step.
        """
        dt_s = self._outlook.t_s[step + 1] - self._outlook.t_s[step]
        compute_w, link_w = self._compute_j[:, step] / dt_s, self._link_j[:, step] / dt_s
        advance(self._state, self._fleet, self._outlook, step, compute_w=compute_w, link_w=link_w)

    def report(self, t_s: float) -> StateReported:
        """Telemetry.

        Parameters
        ----------
        t_s : float
            Now [s].

        Returns
        -------
        StateReported
            Of every computing satellite.
        """
        state = self._state
        columns = (state.battery_j, state.computer_k, state.radiator_k, state.storage_bytes)
        battery, computer, radiator, storage = (tuple(column.tolist()) for column in columns)
        return StateReported(t_s, battery, computer, radiator, storage)
