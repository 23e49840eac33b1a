"""The year of a plan: its light, the power that lasts through it, and the smallest bus for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.base.units import J_PER_WH
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.fleet.sizing import YearSizing, group_sizing, year_sizing
from perigrid.fleet.sustained import group_sustained
from perigrid.fleet.year import PlaneYear, group_year
from perigrid.physics.sizing import Sizing
from perigrid.physics.technology import Masses, masses_kg
from perigrid.scenario.model import SatelliteGroup
from perigrid.sim.margins import LIMITS, Margin

MISSION_YEARS: Final = 5.0
"""Life over which dose is added up and a bus is sized: that of the satellites of
arXiv:2511.19468."""
_S_PER_MIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class GroupYear:
    """A group through a year.

    Parameters
    ----------
    group : SatelliteGroup
        Its bus.
    start : Epoch
        First day.
    names : tuple of str
        Its satellites.
    planes : tuple of PlaneYear
        Their orbits on the telling days.
    held_w : tuple of float
        Mean power of the lasers held, of the satellite of each plane that holds most [W].
    """

    group: SatelliteGroup
    start: Epoch
    names: tuple[str, ...]
    planes: tuple[PlaneYear, ...]
    held_w: tuple[float, ...]

    @classmethod
    def of(cls, fleet: Fleet, index: int, start: Epoch, laser_w: Floats) -> GroupYear:
        """Fly a group's year.

        Parameters
        ----------
        fleet : Fleet
            Groups.
        index : int
            Which of them.
        start : Epoch
            First day.
        laser_w : (n_satellites,) float array
            Mean power of the lasers that each satellite of the fleet holds [W].

        Returns
        -------
        GroupYear
            Of that group.
        """
        group, rows = fleet.spans()[index]
        planes = group_year(group, start)
        held = tuple(float(laser_w[rows][one.members].max()) for one in planes)
        return cls(group, start, fleet.names[rows], planes, held)

    def date(self, day: int) -> str:
        """Name a day of the year, as ``2026-12-22``."""
        return self.start.plus(day * SECONDS_PER_DAY).iso()[:10]


def year_section(year: GroupYear) -> dict[str, Any]:
    """Say what light a group has through the year.

    Parameters
    ----------
    year : GroupYear
        Its year.

    Returns
    -------
    dict
        JSON values: ``darkest`` (``date, dark_min, sunlit_share`` of the longest shadow of an
        orbit), ``weakest`` (``date, array_w_mean``), ``warmest`` (``date, environment_w_mean``),
        and ``days`` of the plane with the longest shadow: ``date, beta_deg, dark_min,
        array_w_mean, environment_w_mean``.
    """
    shadow = max(year.planes, key=lambda one: float(one.dark_s.max()))
    weak = min(year.planes, key=lambda one: float(one.array_w.mean(axis=1).min()))
    warm = max(year.planes, key=lambda one: float(one.environment_w.mean(axis=1).max()))
    days = [_day(year, shadow, row) for row in range(len(shadow.day))]
    return {
        "darkest": _day(year, shadow, int(np.argmax(shadow.dark_s))),
        "weakest": _day(year, weak, int(np.argmin(weak.array_w.mean(axis=1)))),
        "warmest": _day(year, warm, int(np.argmax(warm.environment_w.mean(axis=1)))),
        "days": days,
    }


def _day(year: GroupYear, plane: PlaneYear, row: int) -> dict[str, Any]:
    """One orbit on one day."""
    return {
        "date": year.date(int(plane.day[row])),
        "satellite": year.names[plane.satellite],
        "beta_deg": float(np.degrees(plane.beta_rad[row])),
        "dark_min": float(plane.dark_s[row]) / _S_PER_MIN,
        "array_w_mean": float(plane.array_w[row].mean()),
        "environment_w_mean": float(plane.environment_w[row].mean()),
    }


def year_margins(year: GroupYear) -> list[Margin]:
    """Compare what heat, energy and battery carry on the hardest day with the installed computer.

    Parameters
    ----------
    year : GroupYear
        Of a group.

    Returns
    -------
    list of Margin
        ``heat``, ``energy`` and ``battery``, each on its own satellite and date; empty without
        computers.
    """
    if year.group.computer is None:
        return []
    need_w = year.group.computer.active_w
    limits = [_limits_w(year, row) for row in range(len(year.planes))]
    margins = []
    for place, (name, note) in enumerate(LIMITS.items()):
        least = [float(of_plane[place].min()) for of_plane in limits]
        row = int(np.argmin(least))
        plane = year.planes[row]
        date = year.date(int(plane.day[np.argmin(limits[row][place])]))
        where = year.names[plane.satellite]
        margins.append(Margin(name, least[row], need_w, "W", where, note, date=date))
    return margins


def _limits_w(year: GroupYear, row: int) -> Floats:
    """Compute power by limit and day of one plane, ``(3, n_days)``."""
    plane = year.planes[row]
    held_w = np.full_like(plane.array_w, year.held_w[row])
    found = group_sustained(year.group, plane.array_w, plane.environment_w, plane.step_s, held_w)
    return np.stack([found.heat_w, found.energy_w, found.battery_w])


def sizing_section(
    year: GroupYear,
    fleet: Fleet,
    index: int,
    by_run: tuple[Outlook, frozenset[ContactKind]] | None = None,
) -> dict[str, Any] | None:
    """Find the smallest bus that keeps a group's computers busy in the run and through the year.

    Parameters
    ----------
    year : GroupYear
        Of the group, whose lasers draw their mean power.
    fleet : Fleet
        Buses and computers.
    index : int
        Which of its groups.
    by_run : tuple of Outlook and frozenset of ContactKind, optional
        The run and the links of an architecture, whose lasers come and go; left out where they
        do not.

    Returns
    -------
    dict or None
        JSON values, each part as ``{have, need, unit, kg, date}``, the date empty where the run
        itself asks for most; None without computers, or where no size would do.
    """
    years = MISSION_YEARS
    try:
        by_year = year_sizing(year.group, year.planes, year.held_w, life_years=years)
        flown = by_run and group_sizing(fleet, by_run[0], index, by_run[1], life_years=years)
    except ValueError:
        return None
    if by_year is None:
        return None
    smallest = _larger(by_year.smallest, flown) if flown else by_year.smallest
    weights = masses_kg(smallest, new_array_efficiency=year.group.array.efficiency)
    return {
        "years": years,
        **_parts(year, by_year, smallest, weights),
        "structure_kg": weights.structure_kg,
    }


def _larger(one: Sizing, other: Sizing) -> Sizing:
    """Take the larger of each part, with a battery that is enough for the smaller array."""
    return replace(
        one,
        array_area_m2=max(one.array_area_m2, other.array_area_m2),
        battery_capacity_j=max(one.battery_capacity_j, other.battery_capacity_j),
        radiator_area_m2=max(one.radiator_area_m2, other.radiator_area_m2),
    )


def _parts(
    year: GroupYear, found: YearSizing, smallest: Sizing, weights: Masses
) -> dict[str, dict[str, Any]]:
    """Array, battery and radiator: what there is, what is needed, its mass, and when."""
    bus, by_year = year.group, found.smallest
    rows: Sequence[tuple[str, float, float, float, str, float, int]] = (
        ("array", bus.array.area_m2, smallest.array_area_m2, by_year.array_area_m2, "m2",
         weights.array_kg, found.array_day),
        ("battery", bus.battery.capacity_j / J_PER_WH, smallest.battery_capacity_j / J_PER_WH,
         by_year.battery_capacity_j / J_PER_WH, "Wh", weights.battery_kg, found.battery_day),
        ("radiator", bus.thermal.radiator_area_m2, smallest.radiator_area_m2,
         by_year.radiator_area_m2, "m2", weights.radiator_kg, found.radiator_day),
    )  # fmt: skip
    return {
        name: {
            "have": have, "need": need, "unit": unit, "kg": kg,
            "date": year.date(day) if need <= of_year else "",
        }
        for name, have, need, of_year, unit, kg, day in rows
    }  # fmt: skip
