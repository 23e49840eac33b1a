"""What a flight came to: answers, misses by cause, value and bound, latency, energy, limits."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SPEED_OF_LIGHT_M_S
from perigrid.control.dispatch.bound import Bound, Demand, price_bound
from perigrid.control.dispatch.codes import NAMES
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.faults import FaultKind
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.world import Count, Phase

Floats = npt.NDArray[np.float64]

WINDOW_S: Final = 300.0
"""Windows of the bound [s]."""
_PERCENTILES: Final = (50, 95, 99)


def summarise(flight: Flight) -> dict[str, Any]:
    """Sum a flight up.

    Parameters
    ----------
    flight : Flight
        After its last step.

    Returns
    -------
    dict
        JSON values; nothing in it depends on the machine.
    """
    jobs, counts = flight.world.jobs, flight.world.counts
    done = jobs["phase"] == int(Phase.DELIVERED)
    right = done & (jobs["wrong"] == 0)
    value = float(jobs["value"][right].sum())
    bound = flight_bound(flight)
    missed = jobs["cause"][jobs["phase"] == int(Phase.MISSED)]
    return {
        "jobs": len(jobs),
        "delivered": int(done.sum()),
        "wrong": int((done & ~right).sum()),
        "missed": len(missed),
        "missed_by_cause": {
            NAMES[code]: int(count)
            for code, count in enumerate(np.bincount(missed, minlength=len(NAMES)).tolist())
            if count
        },
        "in_flight": int(len(jobs) - done.sum() - len(missed)),
        "decisions": int(counts[Count.DECISIONS]),
        "restarts": int(counts[Count.RESTARTS]),
        "value": value,
        "asked_value": bound.asked,
        "bound": bound.value,
        "bound_by": bound.kind,
        "value_of_bound": value / bound.value if bound.value > 0.0 else 1.0,
        "latency_s": _latency(jobs["end_s"][done] - jobs["release_s"][done]),
        **_fleet(flight),
    }


def _latency(latency_s: Floats) -> dict[str, float | None]:
    """Percentiles from the request to the answer."""
    if len(latency_s) == 0:
        return {f"p{p}": None for p in _PERCENTILES}
    found = np.percentile(latency_s, _PERCENTILES)
    return {f"p{p}": float(one) for p, one in zip(_PERCENTILES, found, strict=True)}


def _fleet(flight: Flight) -> dict[str, Any]:
    """Energy and limits of the satellites."""
    sats, con = flight.world.sats, flight.world.con[0]
    installed_j = con["extra_w"] * len(sats) * flight.scenario.duration_s
    kelvin = {"coldest_k": sats["coldest_k"].min(), "hottest_k": sats["hottest_k"].max()}
    return {
        "satellites": len(sats),
        "utilisation": float(sats["compute_j"].sum() / installed_j),
        "compute_energy_j": float(sats["compute_j"].sum()),
        "energy_j": {name: float(sats[name].sum()) for name in ENERGY_FLOWS},
        "lowest_soc": float(sats["lowest_j"].min() / con["capacity_j"]),
        "computer": {name: float(value) for name, value in kelvin.items()},
        "faults": {
            kind.name.lower(): int((flight.faults.kind == kind).sum()) for kind in FaultKind
        },
    }


def flight_bound(flight: Flight) -> Bound:
    """Bound the value of any way to fly the same jobs.

    Parameters
    ----------
    flight : Flight
        After its last step: the light it had is summed up by then.

    Returns
    -------
    Bound
        See :func:`perigrid.control.dispatch.bound.price_bound`.

    Notes
    -----
    Energy: what the array gives beyond the base load, step by step, and what the battery held
    above its floor. Nights' base load and losses of charging are left out.
    """
    world, duration_s = flight.world, flight.scenario.duration_s
    jobs, sats, con = world.jobs, world.sats, world.con[0]
    end_s = np.minimum(jobs["deadline_s"], duration_s)
    possible = jobs["release_s"] + jobs["work_s"] + _least_way_s(flight) <= end_s
    need = world.model_bytes[jobs["model"]] + con["job_bytes"]
    possible &= need <= con["memory_bytes"]
    demand = Demand(
        np.ascontiguousarray(jobs["release_s"]), end_s,
        np.ascontiguousarray(jobs["work_s"]), np.ascontiguousarray(jobs["value"]), possible,
    )  # fmt: skip
    allowed = sats["forbidden"] == 0
    battery = flight.fleet.groups[0].battery
    usable_j = battery.capacity_j * max(0.0, battery.initial_soc - battery.min_soc)
    energy_j = float((sats["surplus_j"][allowed] + usable_j * battery.discharge_efficiency).sum())
    # All as thrifty as the thriftiest: too high at worst.
    thriftiest_w = float(con["extra_w"]) * float(jobs["power_share"].min())
    energy_s = energy_j * float(con["slots"]) / max(thriftiest_w, 1e-9)
    return price_bound(demand, _capacity_s(flight, allowed), WINDOW_S, energy_s)


def _least_way_s(flight: Flight) -> float:
    """Light time straight up and down; down only where satellites hold the data."""
    orbits = GroupOrbits.of(flight.fleet.groups[0], flight.scenario.start)
    # Every five minutes of an orbit; 50 km are taken off for what lies between and the geoid.
    position, _ = orbits.states(np.arange(0.0, 6000.0, 300.0))
    lowest_m = float(np.sqrt((position * position).sum(axis=0)).min())
    height_m = max(0.0, lowest_m - EARTH_EQUATORIAL_RADIUS_M - 50.0e3)
    ways = 2.0 if flight.asked.origin == "ground" else 1.0
    return ways * height_m / SPEED_OF_LIGHT_M_S


def _capacity_s(flight: Flight, allowed: npt.NDArray[np.bool_]) -> Floats:
    """Slot seconds of each window, without satellites that are away or forbidden."""
    duration_s, faults = flight.scenario.duration_s, flight.faults
    edges: Floats = np.minimum(np.arange(np.ceil(duration_s / WINDOW_S) + 1) * WINDOW_S, duration_s)
    up_s: Floats = np.diff(edges) * np.count_nonzero(allowed)
    # Losses may overlap crashes, so only crashes are taken off: at worst the bound is higher.
    rows = np.flatnonzero(faults.kind == FaultKind.CRASH)
    for row in rows[allowed[faults.node[rows]]].tolist():
        away_s = np.clip(edges, faults.t_start_s[row], faults.t_end_s[row])
        up_s -= np.diff(away_s)
    slots: Floats = up_s * float(flight.world.con[0]["slots"])
    return slots
