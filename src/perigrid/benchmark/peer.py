"""``perigrid bench peer``: the same fleet, jobs and stations flown by orbital-compute."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, duel
from perigrid.benchmark.peer_scenario import PEER, PeerCase, peer_case
from perigrid.control.dispatch.arrays import NEAR, Floats
from perigrid.control.dispatch.candidates import exits, nearest
from perigrid.fleet.array_power import fleet_array_w
from perigrid.fleet.ephemeris import Ephemeris, group_ephemeris, step_edges_s
from perigrid.fleet.model import Fleet
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.ledger.pins import flight_pins
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import station_windows
from perigrid.physics.eclipse import illumination
from perigrid.scenario.load import parse_scenario
from perigrid.sim.flight.build import Flight, build_flight
from perigrid.sim.flight.legs import Leg
from perigrid.sim.flight.parts import PartWriter
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.tables import actions_frame, jobs_frame
from perigrid.sim.flight.telemetry import TelemetryLog
from perigrid.sim.flight.world import Count, Phase

JOBS_PER_SATELLITE: Final = 20
"""About 11 hours of work for each."""

_SAMPLE: Final = 5  # orbital-compute keeps every fifth step
_CALLS: Final = 3
_C_TO_K: Final = 273.15
_S_PER_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both sides are compared by.

    Parameters
    ----------
    eclipse_share : (n,) float array
        Share of the steps' starts without Sun; at Perigrid penumbra counts in part.
    windows : (n,) float array
        Number of contact windows.
    contact_s : (n,) float array
        Their length in all [s].
    completed : int
        Jobs done by the end.
    mean_end_s, last_end_s : float
        When they were done [s].
    work_s : (n,) float array
        Length of the completed jobs by satellite [s].
    lowest_soc : (n,) float array
        Lowest state of charge.
    hottest_k, mean_k : (n,) float array
        Temperature of the computer [K].
    """

    eclipse_share: Floats
    windows: Floats
    contact_s: Floats
    completed: int
    mean_end_s: float
    last_end_s: float
    work_s: Floats
    lowest_soc: Floats
    hottest_k: Floats
    mean_k: Floats


def bench_peer(sizes: tuple[int, ...] = (10, 100), hours: float = 24.0) -> list[Timing]:
    """Time a day of a computing fleet with 10 stations and 20 jobs for each satellite.

    Parameters
    ----------
    sizes : tuple of int
        Satellites of each case.
    hours : float
        Length of the run, at steps of a minute [h].

    Returns
    -------
    list of Timing
        Processor time on one thread. Ours reads the scenario's text, finds orbits, light and
        contact windows, decides and flies; recorded, it also writes decisions, jobs and every
        fifth step of telemetry to a folder, with their chain of digests, and orbital-compute
        writes its results. It keeps that telemetry in memory either way. The agreement is the
        largest difference between the shares of time that a satellite spends in eclipse.
    """
    return [row for n in sizes for row in _rows(peer_case(n, n * JOBS_PER_SATELLITE, hours))]


def _rows(case: PeerCase) -> list[Timing]:
    """Both rows of one size."""
    n, jobs = case.config.n_satellites, case.config.n_jobs
    size = f"{n} satellites, {jobs} jobs, {case.config.sim_duration_hours:g} h"
    with limited_threads(1), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        done = duel(
            lambda: [fly_ours(case) for _ in range(_CALLS)],
            lambda: fly_peer(case),
            1,
            warm_reference=False,
        )
        saved = duel(
            lambda: [_recorded(case, folder) for _ in range(_CALLS)],
            lambda: save_peer(done.reference[1], folder / "results.json"),
            1,
            warm_reference=False,
        )
    apart = np.abs(done.ours[0].eclipse_share - done.reference[0].eclipse_share).max()

    def row(what: str, ours_s: float, reference_s: float) -> Timing:
        return Timing(
            f"peer{what}: {size}", ours_s / _CALLS, "orbital-compute", reference_s,
            agreement=float(apart), unit="of the time",
        )  # fmt: skip

    return [
        row("", done.ours_s, done.reference_s),
        row(", recorded", saved.ours_s, done.reference_s + saved.reference_s),
    ]


def _recorded(case: PeerCase, folder: Path) -> Outcome:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        return fly_ours(case, Path(name))


# ------------------------------------------------------------------ orbital-compute


def fly_peer(case: PeerCase) -> tuple[Outcome, Any]:
    """Set orbital-compute's simulation up and run it.

    Parameters
    ----------
    case : PeerCase
        Its configuration.

    Returns
    -------
    outcome : Outcome
        From its nodes and results.
    simulation : object
        Its own, after the run.
    """
    simulation = development_module(*PEER).Simulation(case.config)
    with contextlib.redirect_stdout(io.StringIO()):
        simulation.setup()
        simulation.run()
    nodes = simulation.nodes
    work_s = dict.fromkeys((node.name for node in nodes), 0.0)
    ends_s = []
    for job in simulation.scheduler.completed_jobs:
        work_s[job.assigned_satellite] += job.duration_seconds
        # It notes the start of the step that completes a job.
        passed = job.completed_at - case.config.start_time
        ends_s.append(passed.total_seconds() + case.config.time_step_seconds)

    def each(value: Callable[[Any], float]) -> Floats:
        return np.array([value(node) for node in nodes], dtype=np.float64)

    outcome = Outcome(
        eclipse_share=each(lambda one: one.eclipse_steps / one.total_steps),
        windows=each(lambda one: len(one.contact_windows)),
        contact_s=each(lambda one: sum(w.duration_seconds for w in one.contact_windows)),
        completed=len(ends_s),
        mean_end_s=float(np.mean(ends_s)),
        last_end_s=float(np.max(ends_s)),
        work_s=np.array(list(work_s.values())),
        lowest_soc=each(lambda one: min(row["battery_pct"] for row in one.power_history)),
        hottest_k=each(lambda one: max(row["temp_c"] for row in one.thermal_history) + _C_TO_K),
        mean_k=each(lambda one: np.mean([row["temp_c"] for row in one.thermal_history]) + _C_TO_K),
    )
    return outcome, simulation


def save_peer(simulation: Any, place: Path) -> None:  # noqa: ANN401  orbital-compute is not typed
    """Write its results and the telemetry that it holds.

    Parameters
    ----------
    simulation : object
        Of :func:`fly_peer`.
    place : Path
        JSON file.
    """
    held = {one.name: [one.power_history, one.thermal_history] for one in simulation.nodes}
    # Some of its flags are numpy's, which JSON does not know.
    text = json.dumps([simulation.results, held], default=lambda one: one.item())
    place.write_text(text, encoding="utf-8")


# ------------------------------------------------------------------ Perigrid


def fly_ours(case: PeerCase, folder: Path | None = None) -> Outcome:
    """Fly the same case from the text of its scenario.

    Parameters
    ----------
    case : PeerCase
        Scenario and jobs.
    folder : Path, optional
        Empty folder to record to.

    Returns
    -------
    Outcome
        Of the flight.

    Notes
    -----
    As in orbital-compute, data are everywhere at once: a satellite is as far from a ground node as
    light goes in a straight line, be the Earth between them or not.
    """
    scenario = parse_scenario(case.text, "peer", folder=None)
    flight = build_flight(scenario, case.jobs)
    world, fleet, start = flight.world, flight.fleet, scenario.start
    t_s = step_edges_s(scenario.duration_s, scenario.step_s)
    sky = group_ephemeris(fleet.groups[0], start, t_s, scenario.earth_orientation)
    lit = illumination(sky.position_teme_m, sky.sun_m)
    windows, contact_s = _contacts(fleet, sky)
    pins = flight_pins(scenario, fleet, "peer", len(world.jobs))
    watch = _Watch(flight, None if folder is None else PartWriter(folder, pins))
    for leg in _legs(fleet, sky, lit):
        fly_leg(world, leg, watch.write_decisions, watch.after)
    done = world.jobs["phase"] == int(Phase.DELIVERED)
    work_s = np.zeros(fleet.n_satellites)
    np.add.at(work_s, world.jobs["node"][done], world.jobs["work_s"][done])
    watch.finish()
    return Outcome(
        eclipse_share=1.0 - lit[:, :-1].mean(axis=1),
        windows=windows,
        contact_s=contact_s,
        completed=int(done.sum()),
        mean_end_s=float(world.jobs["end_s"][done].mean()),
        last_end_s=float(world.jobs["end_s"][done].max()),
        work_s=work_s,
        lowest_soc=world.sats["lowest_j"] / world.con[0]["capacity_j"],
        hottest_k=world.sats["hottest_k"].copy(),
        mean_k=watch.sum_k / (len(t_s) - 1),
    )


def _contacts(fleet: Fleet, sky: Ephemeris) -> tuple[Floats, Floats]:
    """Count every satellite's contact windows and sum their length."""
    stations = list(fleet.stations.values())
    masks = np.array([one.min_elevation_rad for one in stations])
    found = station_windows(
        sky.position_ecef_m, sky.velocity_ecef_m_s, sky.t_s, *ground_sites(stations), masks
    )
    n = fleet.n_satellites
    length_s = np.zeros(n)
    np.add.at(length_s, found.satellite, found.set_s - found.rise_s)
    return np.bincount(found.satellite, minlength=n).astype(np.float64), length_s


def _legs(fleet: Fleet, sky: Ephemeris, lit: Floats) -> Iterator[Leg]:
    """One leg a step: its light, and the way to every satellite."""
    bus, n = fleet.groups[0], fleet.n_satellites
    state = sky.position_teme_m, sky.velocity_teme_m_s, sky.sun_m, lit
    array_w = np.ascontiguousarray(fleet_array_w(bus, sky.t_s, *state).T)
    outside_w = np.ascontiguousarray(fleet_environment_w(bus, *state).T)
    site, _ = ground_sites(list(fleet.stations.values()))
    n_ground = site.shape[1]
    nowhere = np.zeros(0)
    for step in range(len(sky.t_s) - 1):
        away_m = sky.position_ecef_m[:, None, :, step] - site[:, :, None]
        delay_s = np.full((n_ground, n + n_ground), np.inf)
        delay_s[:, :n] = np.sqrt((away_m * away_m).sum(axis=0)) / SPEED_OF_LIGHT_M_S
        near = np.empty((n_ground, NEAR), dtype=np.int32)
        exit_node = np.empty(n, dtype=np.int32)
        nearest(delay_s, near)
        exits(delay_s, exit_node)
        now = slice(step, step + 1)
        yield Leg(
            step, sky.t_s[step : step + 2], array_w[now], outside_w[now], delay_s, near, exit_node,
            nowhere,
        )  # fmt: skip


class _Watch:
    """Sums temperatures up, and records if there is where to."""

    def __init__(self, flight: Flight, parts: PartWriter | None) -> None:
        self._flight, self._world, self._step = flight, flight.world, 0
        self._telemetry = TelemetryLog(flight)
        self._parts, self._t_s = parts, 0.0
        self.sum_k: Floats = np.zeros(flight.fleet.n_satellites)

    def after(self, _t_s: float, t_end_s: float) -> None:
        """Look at the world after a step.

        Parameters
        ----------
        t_end_s : float
            End of the step [s].
        """
        self._step, self._t_s = self._step + 1, t_end_s
        self.sum_k += self._world.sats["computer_k"]
        if self._parts is not None and self._step % _SAMPLE == 0:
            self._telemetry.take(t_end_s)

    def write_decisions(self) -> None:
        """Empty the log of decisions."""
        if self._parts is not None:
            frame = actions_frame(self._flight, self._parts.next_record)
            self._parts.write("actions", frame, self._t_s)
        self._world.counts[Count.LOGGED] = 0

    def finish(self) -> None:
        """Write what is held."""
        if self._parts is None:
            return
        self.write_decisions()
        self._parts.write("telemetry", self._telemetry.frame(), self._t_s)
        jobs = jobs_frame(self._flight, slice(0, len(self._world.jobs)))
        self._parts.write("jobs", jobs, self._t_s)
        self._parts.record.close()
