"""A case of orbital-compute as a scenario and jobs of Perigrid."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from perigrid.base.constants import SOLAR_CONSTANT_W_M2
from perigrid.benchmark.development import development_module
from perigrid.workload.requests import DrawnJobs

PEER: Final = ("orbital_compute.simulator", "orbital-compute")
"""Its simulator, and the package that has it."""
PEAK_W: Final = 800.0
"""Most that a job of orbital-compute's own distribution draws [W]."""

_MEDIAN_S: Final = 60.0
_EFFICIENCY: Final = 0.3
_COUNTRIES: Final = {
    "Svalbard": "NO", "Fairbanks": "US", "Wallops": "US", "Canberra": "AU", "Bangalore": "IN",
    "Hartebeest": "ZA", "Santiago": "CL", "Tromso": "NO", "McMurdo": "AQ", "Singapore": "SG",
}  # fmt: skip
_NOWHERE: Final = "ZZ"


@dataclass(frozen=True, slots=True)
class PeerCase:
    """What both sides are given.

    Parameters
    ----------
    config : object
        orbital-compute's ``SimulationConfig``.
    text : str
        The same as a scenario.
    jobs : DrawnJobs
        Its jobs in the order of its queue: by priority, then as submitted.
    """

    config: Any
    text: str
    jobs: DrawnJobs


def peer_case(satellites: int, jobs: int, hours: float = 24.0) -> PeerCase:
    """Take orbital-compute's own synthetic satellites, stations, bus and jobs.

    Parameters
    ----------
    satellites, jobs : int
        Their numbers.
    hours : float
        Length of the run, at steps of a minute [h].

    Returns
    -------
    PeerCase
        Nothing has been simulated.

    Raises
    ------
    WorkError
        If orbital-compute is not installed.
    """
    api = development_module(*PEER)
    # Set up for no time at all, it makes its satellites and jobs without searching contacts.
    bare = api.Simulation(
        api.SimulationConfig(n_satellites=satellites, n_jobs=jobs, sim_duration_hours=0.0)
    )
    with contextlib.redirect_stdout(io.StringIO()):
        bare.setup()
    config = api.SimulationConfig(n_satellites=satellites, n_jobs=jobs, sim_duration_hours=hours)
    text = json.dumps(_scenario(config, bare.nodes, api.DEFAULT_GROUND_STATIONS), indent=1)
    sources = satellites + np.arange(jobs) % len(api.DEFAULT_GROUND_STATIONS)
    return PeerCase(config, text, _jobs(bare.scheduler.job_queue, sources, hours))


def _jobs(queue: list[Any], source: np.ndarray[Any, Any], hours: float) -> DrawnJobs:
    """Jobs that are all there at the start and weigh nothing on the links."""
    count = len(queue)
    nothing = np.zeros(count)
    return DrawnJobs(
        source=source.astype(np.int32),
        release_s=nothing,
        deadline_s=np.full(count, 2.0 * hours * 3600.0),
        size=np.array([job.duration_seconds for job in queue]) / _MEDIAN_S,
        input_bytes=nothing,
        output_bytes=nothing,
        value=np.ones(count),
        model=np.zeros(count, dtype=np.int32),
        power_share=np.array([job.power_watts for job in queue]) / PEAK_W,
        model_bytes=np.zeros(1),
    )


def _scenario(config: Any, nodes: list[Any], stations: list[Any]) -> dict[str, Any]:  # noqa: ANN401  orbital-compute is not typed
    """Scenario with its numbers."""
    return {
        "perigrid": 1,
        "name": "peer",
        "title": "The simulation of orbital-compute",
        "start": config.start_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hours": config.sim_duration_hours,
        "step_s": config.time_step_seconds,
        "source": "orbital-compute 0.3.0",
        "date": "2026-11-23",
        "confidence": "assumed",
        "groups": [_group(nodes)],
        "stations": [_network(one) for one in stations],
        "data_centres": [
            {"name": "Virginia", "operator": "peer", "country": "US", "latitude_deg": 37.94,
             "longitude_deg": -75.46}
        ],
        "jobs": {"work_s": _MEDIAN_S, "input_mb": 0, "output_mb": 0, "models": 1, "memory_gb": 0,
                 "routes_s": config.time_step_seconds},
    }  # fmt: skip


def _group(nodes: list[Any]) -> dict[str, Any]:
    """Satellites with orbital-compute's bus."""
    power, heat = nodes[0].power.config, nodes[0].thermal.config
    lines = [
        f"{node.name}\n{node.satellite.tle_line1}\n{node.satellite.tle_line2}" for node in nodes
    ]
    return {
        "name": "shell",
        "role": "compute",
        "operator": "peer",
        "registry_state": "US",
        "orbit": {"element_sets": {"tle": "\n".join(lines)}},
        "bus_load_w": power.housekeeping_watts,
        "array": {
            "area_m2": power.solar_panel_watts / (SOLAR_CONSTANT_W_M2 * _EFFICIENCY),
            "efficiency": _EFFICIENCY,
        },
        "battery": {
            "capacity_wh": power.battery_capacity_wh,
            "min_soc": power.min_battery_pct,
            "initial_soc": power.battery_initial_pct,
            "charge_efficiency": power.charge_efficiency,
            "discharge_efficiency": power.discharge_efficiency,
            # Neither side limits them: more than anything here gives or takes.
            "max_charge_w": power.battery_capacity_wh,
            "max_discharge_w": power.battery_capacity_wh,
        },
        "thermal": {
            # One body there, two here: nearly all in the radiator, and a close tie to it.
            "computer_heat_capacity_j_k": 0.1 * heat.thermal_mass_j_per_k,
            "radiator_heat_capacity_j_k": 0.9 * heat.thermal_mass_j_per_k,
            "conductance_w_k": 1000.0,
            "radiator_area_m2": heat.radiator_area_m2,
            "emissivity": heat.radiator_emissivity,
            "absorptivity": heat.solar_absorptivity,
            "earth_view_factor": 0.5,
            "sun_incidence": 0.25,
            "initial_c": 25.0,
            "computer_throttle_c": heat.compute_temp_limit_c,
            "computer_limit_c": heat.max_temp_c,
            "survival_min_c": heat.min_temp_c,
        },
        "computer": {"idle_w": 0, "active_w": PEAK_W, "host_w": 0, "slots": 1},
        "laser": None,
    }


def _network(station: Any) -> dict[str, Any]:  # noqa: ANN401  orbital-compute is not typed
    """One ground station."""
    return {
        "name": station.name.lower(),
        "role": "operator",
        "operator": "peer",
        "min_elevation_deg": station.min_elevation_deg,
        "sites": [
            {"name": station.name, "country": _COUNTRIES.get(station.name, _NOWHERE),
             "latitude_deg": station.lat_deg, "longitude_deg": station.lon_deg}
        ],
    }  # fmt: skip
