"""What a flight came to: answers, misses by cause, value and bound, latency, energy, limits."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SPEED_OF_LIGHT_M_S
from perigrid.base.jobs import Cause
from perigrid.control.dispatch.codes import NAMES
from perigrid.control.planning.prices import Bound, Demand, price_bound
from perigrid.fleet.ephemeris import GroupOrbits
from perigrid.fleet.faults import FaultKind
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.tables import missed_for, waited_s
from perigrid.sim.flight.world import Count, Phase
from perigrid.sim.summary import median_age_s, per, percentile, shares_of, time_groups

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
        JSON values, with the keys of :func:`perigrid.sim.summary.summarise` where they apply; null
        where a flight books nothing. Nothing in it depends on the machine.
    """
    world = flight.world
    jobs, counts = world.jobs, world.counts
    done, missed = (jobs["phase"] == int(one) for one in (Phase.DELIVERED, Phase.MISSED))
    right = done & (jobs["wrong"] == 0)
    waits_s = waited_s(flight, slice(0, len(jobs)))
    insights, n_missed = int(done.sum()), int(missed.sum())
    causes = np.asarray(missed_for(jobs, waits_s))[missed]
    wrong = insights - int(right.sum())
    return {
        "jobs": len(jobs),
        "insights_delivered": insights,
        "insights_missed": n_missed,
        "in_flight": len(jobs) - insights - n_missed,
        "missed_by": dict(sorted(_counted(causes, tuple(map(str, Cause))).items())),
        "missed_by_detail": _counted(jobs["cause"][missed], NAMES),
        **_times(flight, done, missed),
        "bytes": {"downlink": float(jobs["down_bytes"].sum()), "crosslink": None,
                  "relay": 0.0, "terrestrial": 0.0},
        "binding": shares_of(dict(zip(map(str, Cause), waits_s.sum(axis=0).tolist(), strict=True))),
        **_value(flight, right),
        "wrong": wrong,
        "decisions": int(counts[Count.DECISIONS]),
        "restarts": int(counts[Count.RESTARTS]),
        **_fleet(flight, insights),
        **_faults(flight, wrong),
    }  # fmt: skip


def _counted(codes: npt.NDArray[Any], names: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _times(
    flight: Flight, done: npt.NDArray[np.bool_], missed: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    """Sum up the times from the request to the answer."""
    jobs = flight.world.jobs
    ended_s = np.where(done, jobs["end_s"], flight.scenario.duration_s)
    ages_s = np.where(missed, np.inf, ended_s - jobs["release_s"])
    times_s = ages_s[done]
    shown = {f"p{p}": percentile(times_s, p) for p in _PERCENTILES}
    shown["mean"] = float(times_s.mean()) if len(times_s) else None
    shown["p50_all"] = median_age_s(ages_s, done)
    return {"time_to_insight_s": shown, "time_groups": time_groups(times_s, len(jobs))}


def _value(flight: Flight, right: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Value of the right answers beside the bound."""
    value, bound = float(flight.world.jobs["value"][right].sum()), flight_bound(flight)
    return {
        "value": value,
        "asked_value": bound.asked,
        "bound": {"value": bound.value, "kind": bound.kind},
        "value_share": value / bound.value if bound.value > 0.0 else None,
    }


def _fleet(flight: Flight, insights: int) -> dict[str, Any]:
    """Energy and limits of the satellites."""
    sats, con, duration_s = flight.world.sats, flight.world.con[0], flight.scenario.duration_s
    lived_s = len(sats) * duration_s
    compute_j, link_w = float(sats["compute_j"].sum()), float(con["link_w"])
    return {
        "satellites": len(sats),
        "utilisation": compute_j / (float(con["extra_w"]) * lived_s),
        "compute_energy_j": compute_j,
        "energy_j": {name: float(sats[name].sum()) for name in ENERGY_FLOWS},
        "energy_j_per_insight": {"total": None, "ground": None,
                                 "space": per(compute_j + link_w * lived_s, insights)},
        "held_laser_j_per_insight": per(link_w * lived_s, insights),
        "compute_w_mean": float(con["idle_w"]) + compute_j / lived_s,
        "link_w_mean": link_w,
        "battery_soc_min": float(sats["lowest_j"].min() / con["capacity_j"]),
        "computer_k_min": float(sats["coldest_k"].min()),
        "computer_k_max": float(sats["hottest_k"].max()),
        "radiator_k_max": float(sats["hottest_radiator_k"].max()),
        "unserved_j": float(sats["unserved_j"].sum()),
    }  # fmt: skip


def _faults(flight: Flight, wrong: int) -> dict[str, Any]:
    """Count the faults there were, in a scenario that has any."""
    if flight.scenario.faults is None:
        return {}
    kinds = {kind.name.lower(): int((flight.faults.kind == kind).sum()) for kind in FaultKind}
    retries = int(flight.world.counts[Count.RESTARTS])
    return {"faults": {"by_kind": kinds, "retries": retries, "wrong_answers": wrong}}


def flight_bound(flight: Flight) -> Bound:
    """Bound the value of any way to fly the same jobs.

    Parameters
    ----------
    flight : Flight
        After its last step: the light it had is summed up by then.

    Returns
    -------
    Bound
        See :func:`perigrid.control.planning.prices.price_bound`.

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
    possible &= world.spans["shut"][world.first[jobs["law"]]] == 0
    demand = Demand(
        np.ascontiguousarray(jobs["release_s"]), end_s,
        np.ascontiguousarray(jobs["work_s"]), np.ascontiguousarray(jobs["value"]), possible,
    )  # fmt: skip
    allowed = flight.rules.open_places()[: len(sats)] > 0
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
