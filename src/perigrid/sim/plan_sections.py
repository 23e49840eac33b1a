"""Parts of a plan beyond power: shadow, radiation, life in orbit, the smallest bus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.base.units import J_PER_WH
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.lifetime import fleet_hold_m_s_per_year, fleet_lifetime, under_rule
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.radiation import GroupRadiation, group_radiation
from perigrid.fleet.sizing import group_sizing
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.orbit.disposal import FIVE_YEARS, Lifetime
from perigrid.physics.radiation.devices import FaultClass
from perigrid.physics.technology import masses_kg
from perigrid.sim.margins import Margin, tightest

MISSION_YEARS: Final = 5.0
"""Life over which dose is added up: that of the satellites of arXiv:2511.19468."""
_S_PER_MIN: Final = 60.0


def shadow_section(ephemeris: Ephemeris, rows: slice) -> dict[str, Any]:
    """Count the eclipses of a group in the run.

    Parameters
    ----------
    ephemeris : Ephemeris
        Of the mission's satellites.
    rows : slice
        Those of the group.

    Returns
    -------
    dict
        JSON values: ``eclipses`` (stays in penumbra or umbra) and ``longest_min``; a stay cut by
        either end of the run counts with what lies inside.
    """
    found = shadow_windows(
        ephemeris.position_teme_m[:, rows],
        ephemeris.velocity_teme_m_s[:, rows],
        ephemeris.t_s,
        ephemeris.sun_m,
    )
    whole = found.kind == int(Shadow.PENUMBRA)
    lasting_s = (found.end_s - found.start_s)[whole]
    longest_s = float(lasting_s.max(initial=0.0))
    return {"eclipses": int(whole.sum()), "longest_min": longest_s / _S_PER_MIN}


def radiation_section(
    fleet: Fleet, index: int, outlook: Outlook, start: Epoch
) -> tuple[dict[str, Any] | None, list[Margin]]:
    """Say what radiation does to the computers of a group, means over its satellites.

    Parameters
    ----------
    fleet : Fleet
        Shields and devices.
    index : int
        Which of its groups.
    outlook : Outlook
        Where the satellites are.
    start : Epoch
        Instant of ``t_s = 0``.

    Returns
    -------
    section : dict or None
        JSON values; None if the group says nothing of radiation or carries no computer.
    margins : list of Margin
        Dose the device was shown to survive against that of five years.
    """
    group, rows = fleet.spans()[index]
    found = group_radiation(group, outlook, rows, start)
    if found is None:
        return None, []
    tolerated = np.full(fleet.n_satellites, found.device.tolerated_gy)
    note = "dose the device was shown to survive, against that of five years behind its shield"
    need = np.zeros(fleet.n_satellites)
    need[rows] = MISSION_YEARS * found.dose_gy_per_year
    section = {
        "device": found.device.name,
        "shield_mm_al": found.shield_m * 1000.0,
        "dose_gy_per_year": float(found.dose_gy_per_year.mean()),
        "anomaly_share": float(found.anomaly_share.mean()),
        "faults_per_day": {kind.name.lower(): _per_day(found, kind) for kind in FaultClass},
        "checkpoint_min": _finite(float(found.checkpoint_interval_s.min()) / _S_PER_MIN),
    }
    return section, tightest(fleet, "dose", tolerated, need, "Gy", note)


def _per_day(found: GroupRadiation, kind: FaultClass) -> dict[str, float]:
    """Faults of a class per satellite and day, with the range of the device's sensitivity."""
    rates = {"value": found.rate_s, "low": found.low_rate_s, "high": found.high_rate_s}
    return {name: float(rate[kind].mean()) * SECONDS_PER_DAY for name, rate in rates.items()}


def lifetime_section(fleet: Fleet, index: int, start: Epoch) -> tuple[dict[str, Any], list[Margin]]:
    """Say how long a group stays up by itself, and what holding it there takes.

    Parameters
    ----------
    fleet : Fleet
        Orbits, mass and drag.
    index : int
        Which of its groups.
    start : Epoch
        Epoch of designed orbits.

    Returns
    -------
    section : dict
        JSON values: years to re-entry at solar maximum, mean and minimum of the satellite that
        stays longest, whether all that the rule asks are down within five years at the mean (None
        where it asks none), velocity change a year.
    margins : list of Margin
        Five years against the longest mean lifetime; left out where nothing ever comes down.
    """
    group, rows = fleet.spans()[index]
    found, asked = fleet_lifetime(group, start), under_rule(group, start)
    section = {
        "years": _longest(found),
        "down_in_five_years": bool(found.within()[asked].all()) if asked.any() else None,
        "hold_m_s_per_year": float(fleet_hold_m_s_per_year(group, start).max()),
        "mass_kg": group.mass_kg,
    }
    note = "years that the rule allows from end of mission to re-entry, against drag alone"
    stays = np.zeros(fleet.n_satellites)
    stays[rows] = np.where(asked & np.isfinite(found.mean_years), found.mean_years, 0.0)
    allowed = np.full(fleet.n_satellites, FIVE_YEARS)
    return section, tightest(fleet, "deorbit", allowed, stays, "years", note)


def _longest(found: Lifetime) -> dict[str, float | None]:
    """Lifetimes of the satellite that stays longest, by solar activity."""
    return {
        "active": _finite(float(found.active_years.max())),
        "mean": _finite(float(found.mean_years.max())),
        "quiet": _finite(float(found.quiet_years.max())),
    }


def sizing_section(
    fleet: Fleet, index: int, outlook: Outlook, links: Iterable[ContactKind]
) -> dict[str, Any] | None:
    """Find the smallest bus that keeps a group's computers busy, and weigh it.

    Parameters
    ----------
    fleet : Fleet
        Buses and computers.
    index : int
        Which of its groups.
    outlook : Outlook
        Light and heat.
    links : iterable of ContactKind
        Links of an architecture, whose lasers are held.

    Returns
    -------
    dict or None
        JSON values, each part as ``{have, need, unit, kg}``; None without computers, or where no
        size would do.
    """
    group = fleet.groups[index]
    try:
        found = group_sizing(fleet, outlook, index, links, life_years=MISSION_YEARS)
    except ValueError:
        return None
    if found is None:
        return None
    weights = masses_kg(found, new_array_efficiency=group.array.efficiency)
    return {
        "years": MISSION_YEARS,
        "array": _part(group.array.area_m2, found.array_area_m2, "m2", weights.array_kg),
        "battery": _part(
            group.battery.capacity_j / J_PER_WH,
            found.battery_capacity_j / J_PER_WH,
            "Wh",
            weights.battery_kg,
        ),
        "radiator": _part(
            group.thermal.radiator_area_m2, found.radiator_area_m2, "m2", weights.radiator_kg
        ),
        "structure_kg": weights.structure_kg,
    }


def _part(have: float, need: float, unit: str, mass_kg: float) -> dict[str, Any]:
    return {"have": have, "need": need, "unit": unit, "kg": mass_kg}


def _finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if np.isfinite(value) else None
