"""Parts of a plan beyond power: shadow, radiation, life in orbit, one more station."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.base.units import S_PER_HOUR
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.lifetime import fleet_hold_m_s_per_year, fleet_lifetime, under_rule
from perigrid.fleet.long_track import TRACK_DAYS, LongTrack
from perigrid.fleet.model import Fleet, NodeKind
from perigrid.fleet.radiation import GroupRadiation, group_radiation
from perigrid.fleet.siting import Site, View, next_station
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.orbit.disposal import FIVE_YEARS, Lifetime, Verdict
from perigrid.physics.radiation.devices import FaultClass
from perigrid.scenario.model import Scenario
from perigrid.sim.margins import Margin, tightest
from perigrid.sim.plan_year import MISSION_YEARS

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
    fleet: Fleet, index: int, track: LongTrack, start: Epoch
) -> tuple[dict[str, Any] | None, list[Margin]]:
    """Say what radiation does to the computers of a group, means over its satellites.

    Parameters
    ----------
    fleet : Fleet
        Shields and devices.
    index : int
        Which of its groups.
    track : LongTrack
        Where its satellites are through some days.
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
    found = group_radiation(group, track, slice(0, len(track.satellite)), start)
    if found is None:
        return None, []
    tolerated = np.full(fleet.n_satellites, found.device.tolerated_gy)
    note = "dose the device was shown to survive, against that of five years behind its shield"
    need = np.zeros(fleet.n_satellites)
    need[rows.start + track.satellite] = MISSION_YEARS * found.dose_gy_per_year
    section = {
        "device": found.device.name,
        "shield_mm_al": found.shield_m * 1000.0,
        "days": TRACK_DAYS,
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
        JSON values: ``years`` to re-entry of the satellite that stays longest, at solar maximum,
        mean and minimum, and the soonest and latest by the phase of the Sun's cycle;
        ``five_year_rule``, a :class:`perigrid.physics.orbit.disposal.Verdict` (None where the rule
        asks nothing); velocity change a year.
    margins : list of Margin
        Five years against the longest mean lifetime, uncertain where the Sun's cycle decides; left
        out where nothing ever comes down.
    """
    group, rows = fleet.spans()[index]
    found, asked = fleet_lifetime(group, start), under_rule(group, start)
    verdict = found.verdict(asked) if asked.any() else None
    section = {
        "years": _longest(found),
        "five_year_rule": None if verdict is None else str(verdict),
        "hold_m_s_per_year": float(fleet_hold_m_s_per_year(group, start).max()),
        "mass_kg": group.mass_kg,
    }
    note = "years that the rule allows from end of mission to re-entry, against drag alone"
    stays = np.zeros(fleet.n_satellites)
    stays[rows] = np.where(asked & np.isfinite(found.mean_years), found.mean_years, 0.0)
    allowed = np.full(fleet.n_satellites, FIVE_YEARS)
    margins = tightest(fleet, "deorbit", allowed, stays, "years", note)
    unsure = verdict is Verdict.UNCERTAIN
    return section, [replace(one, uncertain=unsure) for one in margins]


def _longest(found: Lifetime) -> dict[str, float | None]:
    """Lifetimes of the satellite that stays longest, by solar activity."""
    return {
        "active": _finite(float(found.active_years.max())),
        "mean": _finite(float(found.mean_years.max())),
        "quiet": _finite(float(found.quiet_years.max())),
        "soonest": _finite(float(found.soonest_years.max())),
        "latest": _finite(float(found.latest_years.max())),
    }


def station_section(
    scenario: Scenario, fleet: Fleet, tracks: Sequence[LongTrack]
) -> dict[str, Any] | None:
    """Say where one more station would help most.

    Parameters
    ----------
    scenario : Scenario
        Names places.
    fleet : Fleet
        Its stations.
    tracks : sequence of LongTrack
        One for each group.

    Returns
    -------
    dict or None
        JSON values: ``today``, ``most_contact``, ``shortest_gap`` and ``best_named``, each with
        ``minutes_per_satellite_day`` and ``longest_gap_h``, the last three with ``name,
        latitude_deg, longitude_deg``; ``places`` tried, over ``days``. None where nobody sends.
    """
    sending = [
        track for group, track in zip(fleet.groups, tracks, strict=True) if group.radio is not None
    ]
    rows = fleet.rows(NodeKind.STATION).tolist()
    found = next_station(scenario, [fleet.stations[row] for row in rows], sending)
    if found is None:
        return None
    named = found.best_named
    return {
        "today": _view(found.today),
        "most_contact": _site(found.most_contact),
        "shortest_gap": _site(found.shortest_gap),
        "best_named": None if named is None else _site(named),
        "places": found.tried,
        "days": TRACK_DAYS,
    }


def _view(view: View) -> dict[str, float]:
    return {
        "minutes_per_satellite_day": view.share * SECONDS_PER_DAY / _S_PER_MIN,
        "longest_gap_h": view.longest_gap_s / S_PER_HOUR,
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "latitude_deg": math.degrees(site.latitude_rad),
        "longitude_deg": math.degrees(site.longitude_rad),
        **_view(site.view),
    }


def _finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if np.isfinite(value) else None
