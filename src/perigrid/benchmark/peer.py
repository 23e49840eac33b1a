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
import polars as pl

from perigrid.base.architecture import ORBITAL, Architecture
from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.base.errors import InvariantError
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, duel
from perigrid.benchmark.peer_scenario import PEER, PeerCase, peer_case
from perigrid.engine.fault_table import fault_schedule
from perigrid.fleet.batch import table_of
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import Ephemeris, group_ephemeris, step_edges_s
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.network.legs import LEGS_PER_BLOCK, NEAR, Leg, Sky, nearest
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import station_windows
from perigrid.physics.eclipse import illumination
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.run import write_run
from perigrid.sim.world import World
from perigrid.workload.scene_bank import NO_SCENES

JOBS_PER_SATELLITE: Final = 20
"""About 11 hours of work for each."""

_CALLS: Final = 3
_C_TO_K: Final = 273.15


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
        contact windows, decides and flies, and writes its folder: every decision, every step of
        telemetry and all jobs, hashed and signed. orbital-compute writes its results and every
        fifth step, which it keeps in memory. The agreement is the largest difference between the
        shares of time that a satellite spends in eclipse.
    """
    return [_row(peer_case(n, n * JOBS_PER_SATELLITE, hours)) for n in sizes]


def _row(case: PeerCase) -> Timing:
    """Time one size."""
    n, jobs = case.config.n_satellites, case.config.n_jobs
    with limited_threads(1), tempfile.TemporaryDirectory() as name:
        done = duel(
            lambda: [_recorded(case, Path(name)) for _ in range(_CALLS)],
            lambda: _saved(case, Path(name)),
            1,
            warm_reference=False,
        )
    apart = np.abs(done.ours[0].eclipse_share - done.reference.eclipse_share).max()
    return Timing(
        f"peer: {n} satellites, {jobs} jobs, {case.config.sim_duration_hours:g} h",
        done.ours_s / _CALLS, "orbital-compute", done.reference_s,
        agreement=float(apart), unit="of the time",
    )  # fmt: skip


def _saved(case: PeerCase, folder: Path) -> Outcome:
    outcome, simulation = fly_peer(case)
    save_peer(simulation, folder / "results.json")
    return outcome


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


def fly_ours(case: PeerCase, folder: Path) -> Outcome:
    """Fly the same case from the text of its scenario.

    Parameters
    ----------
    case : PeerCase
        Scenario and jobs.
    folder : Path
        Empty folder to record to.

    Returns
    -------
    Outcome
        Of the run.

    Raises
    ------
    InvariantError
        If the scenario asks for no jobs.

    Notes
    -----
    As in orbital-compute, data are everywhere at once: a satellite is as far from a ground node as
    light goes in a straight line, be the Earth between them or not.
    """
    scenario = parse_scenario(case.text, "peer", folder=None)
    fleet, asked = build_fleet(scenario), scenario.jobs
    if asked is None:
        raise InvariantError("the case has no jobs")
    world = World(
        scenario, fleet, build_outlook(scenario, fleet), NO_SCENES,
        table_of(asked, fleet, case.jobs), {},
    )  # fmt: skip
    flight = fly_compiled(world, ORBITAL, folder, skies=_straight)
    jobs = write_run(flight, world, ORBITAL, folder).jobs.filter(pl.col("outcome") == "delivered")
    told = pl.read_parquet(folder / "telemetry" / "part-*.parquet")
    of = told.group_by("satellite", maintain_order=True).agg(
        pl.col("battery_soc").min(),
        pl.col("computer_k").max().alias("hottest_k"),
        pl.col("computer_k").mean().alias("mean_k"),
    )
    lit, windows, contact_s = _seen(scenario, fleet)
    done = dict(jobs.group_by("node").agg(pl.col("size").sum()).iter_rows())
    names = fleet.names[: fleet.n_satellites]
    return Outcome(
        eclipse_share=1.0 - lit[:, :-1].mean(axis=1),
        windows=windows,
        contact_s=contact_s,
        completed=jobs.height,
        mean_end_s=float(jobs["t_end_s"].to_numpy().mean()),
        last_end_s=float(jobs["t_end_s"].to_numpy().max()),
        work_s=asked.work_s * np.array([done.get(name, 0.0) for name in names]),
        lowest_soc=of["battery_soc"].to_numpy(),
        hottest_k=of["hottest_k"].to_numpy(),
        mean_k=of["mean_k"].to_numpy(),
    )


def _seen(scenario: Scenario, fleet: Fleet) -> tuple[Floats, Floats, Floats]:
    """Work out light and contact windows, which orbital-compute counts."""
    t_s = step_edges_s(scenario.duration_s, scenario.step_s)
    sky = group_ephemeris(fleet.groups[0], scenario.start, t_s, scenario.earth_orientation)
    return illumination(sky.position_teme_m, sky.sun_m), *_contacts(fleet, sky)


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


def _straight(world: World, architecture: Architecture) -> Sky:
    """Reach every satellite in a straight line."""
    mission = world.scenario, world.fleet
    nothing = fault_schedule(*mission, world.outlook)
    return _StraightSky(*mission, fleet_mesh(*mission, architecture), nothing)


class _StraightSky(Sky):
    """Legs on which light goes from every ground node to every satellite."""

    def legs(self, first: int) -> Iterator[Leg]:
        """Work out legs from one on.

        Parameters
        ----------
        first : int
            Which.

        Yields
        ------
        Leg
            With the way to every satellite.
        """
        site, edges_s = self._ground.position_m, self._edges_s  # a leg is a step
        n_ground, n = site.shape[1], self._fleet.n_satellites
        for low in range(first, self.n_legs, LEGS_PER_BLOCK):
            t_s = edges_s[low : low + LEGS_PER_BLOCK + 1]
            stretch = self._light.at(t_s[:-1])
            fixed_m = self._light.fixed_m(stretch)
            for k in range(len(t_s) - 1):
                away_m = fixed_m[:, None, :, k] - site[:, :, None]
                delay_s = np.full((n_ground, n + n_ground), np.inf)
                delay_s[:, :n] = np.sqrt((away_m * away_m).sum(axis=0)) / SPEED_OF_LIGHT_M_S
                near = np.empty((n_ground, NEAR), dtype=np.int32)
                nearest(delay_s, near)
                yield Leg(
                    low + k, t_s[k : k + 2], stretch.array_w[:, k : k + 1].T,
                    stretch.environment_w[:, k : k + 1].T, delay_s, near, np.zeros(0),
                    np.zeros(n, dtype=bool), np.zeros(0, dtype=bool),
                )  # fmt: skip
