"""What a mission offers before any job runs: orbits, light, contacts, power and heat margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import GEOMETRY_STEP_S, Ephemeris, satellite_ephemeris
from perigrid.fleet.laser_load import LASER_KINDS, held_laser_w
from perigrid.fleet.long_track import LongTrack, long_track
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.fleet.outlook import build_outlook, outlook_under
from perigrid.fleet.pass_shares import shared_s
from perigrid.fleet.workloads import draw_jobs
from perigrid.physics.sustained import SustainedCompute
from perigrid.scenario.model import ElementSets, Scenario
from perigrid.sim.margins import Margin, compute_margins, least_of_each, work_margins
from perigrid.sim.plan_day import busy_day, hardest_pressed
from perigrid.sim.plan_sections import (
    lifetime_section,
    radiation_section,
    shadow_section,
    station_section,
)
from perigrid.sim.plan_year import GroupYear, sizing_section, year_margins, year_section
from perigrid.sim.sustained import sustained_by_architecture

_MOST_STATES: Final = 1_000_000
"""Satellites times steps up to which the whole of a run of compute jobs is looked at."""
_STEADY_W: Final = 1.0e-6
_FEWEST_STEPS: Final = 100
"""Of the geometry's grid: an orbit in low Earth orbit."""


def plan(scenario: Scenario, progress: Progress | None = None) -> dict[str, Any]:
    """Compute what no decision can change and say what binds.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    dict
        JSON values: ``scenario, hours, looked_at_hours`` (fewer for a large fleet of compute
        jobs), ``satellites, fleet, contacts, sustained, groups`` (each with
        ``shadow, year, radiation, lifetime, smallest_bus``), ``next_station, observations,
        margins`` (tightest first), ``binds`` and ``day`` (the hardest-pressed satellite through the
        run).

    Notes
    -----
    Compute that can be sustained, and what binds, are those of the architecture whose held lasers
    leave the least, among the scenario's that compute in space. Light, power and heat are looked at
    over the run and over the year that begins with it; dose and stations over some days, however
    short the run is.
    """
    tell = progress if progress is not None else _silent
    fleet = build_fleet(scenario)
    shown = _looked_at(scenario, fleet.n_satellites)
    ephemeris = satellite_ephemeris(shown)
    # Also of what flies over routes the plan shows windows, and light at every step.
    by_windows = replace(shown, jobs=None)
    outlook = build_outlook(by_windows, fleet, ephemeris, progress=progress)
    tell("sustained power", 0.0)
    load = _hardest_load(shown, fleet, outlook)
    tell("sustained power", 1.0)
    sustained, pressed = load.sustained, load.outlook
    none = np.zeros(fleet.n_satellites), ("computer",) * fleet.n_satellites
    sustained_w, limits = (sustained.compute_w, sustained.binding) if sustained else none
    # Which bank scene a job draws does not matter here.
    jobs = draw_jobs(scenario, fleet, ephemeris, 1 if scenario.jobs is None else 0)
    tracks = [long_track(one, scenario.start, scenario.earth_orientation) for one in fleet.groups]
    tell("year", 0.0)
    held_w = held_laser_w(fleet, pressed, load.links)
    years = _years(scenario, fleet, pressed, held_w)
    # The year knows lasers by their mean, and else more than the run, which ends within an orbit.
    flown = bool(held_w.size and np.ptp(held_w, axis=1).max() > _STEADY_W)
    by_run = (pressed, load.links) if flown else None
    groups, more = _groups(scenario, fleet, ephemeris, outlook, tracks, years, by_run, sustained_w)
    tell("year", 1.0)
    margins = least_of_each([*(compute_margins(fleet, sustained) if flown else ()), *more])
    if scenario.jobs is None:  # compute jobs come from anywhere, and wait for no window
        margins += work_margins(scenario, fleet, outlook, jobs)
    margins.sort(key=lambda one: one.margin)
    mean_array_w = outlook.array_w.mean(axis=1)
    satellites = [
        {
            "name": fleet.names[row],
            "altitude_km": float(outlook.altitude_m[row].mean()) / 1000.0,
            "sunlit_share": float(outlook.illumination[row].mean()),
            "array_w_mean": float(mean_array_w[row]),
            "sustained_compute_w": float(sustained_w[row]),
            "bound_by": limits[row],
            "element_age_days": _age_days(fleet, row),
        }
        for row in range(fleet.n_satellites)
    ]
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "start": scenario.start.iso(),
        "hours": scenario.duration_s / 3600.0,
        "looked_at_hours": shown.duration_s / 3600.0,
        "satellites": satellites,
        "fleet": {
            "satellites": fleet.n_satellites,
            "relays": fleet.n_relays,
            "stations": len(fleet.stations),
            "sunlit_share": float(outlook.illumination.mean()),
            "array_w_mean": float(mean_array_w.mean()),
            "bus_load_w": float(fleet.buses.bus_load_w.mean()),
            "compute_peak_w": _mean_w(fleet.buses.active_w, fleet),
            "sustained_compute_w": _mean_w(sustained_w, fleet),
            "environment_w_max": float(outlook.environment_w.max()),
        },
        "contacts": _contacts(shown, fleet, outlook),
        "sustained": {
            "loads": _loads(load.architecture),
            "compute_w": {
                one.name: _mean_w(found.compute_w, fleet)
                for one, found in load.by_architecture.items()
            },
            "headroom": _headroom(sustained),
        },
        "groups": groups,
        "next_station": station_section(scenario, fleet, tracks),
        "observations": len(jobs),
        "margins": [{**asdict(one), "margin": one.margin} for one in margins],
        "binds": _binds(margins),
        "day": busy_day(fleet, pressed, hardest_pressed(sustained), load.links),
    }


@dataclass(frozen=True, slots=True)
class _Load:
    """What each architecture sustains, and the run of the one whose held lasers leave least."""

    by_architecture: dict[Architecture, SustainedCompute]
    architecture: Architecture | None
    sustained: SustainedCompute | None
    links: frozenset[ContactKind]
    outlook: Outlook


def _hardest_load(scenario: Scenario, fleet: Fleet, outlook: Outlook) -> _Load:
    """Find the architecture that has it hardest."""
    chosen = [scenario.architecture(name) for name in scenario.architectures]
    outlooks = {one: outlook_under(scenario, fleet, outlook, one) for one in chosen}
    found = sustained_by_architecture(fleet, outlooks)
    hardest = _hardest(found)
    if hardest is None:
        return _Load(found, None, None, frozenset(), outlook)
    links = frozenset(ContactKind.of(hardest.every_link))
    return _Load(found, hardest, found[hardest], links, outlooks[hardest])


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""


def _looked_at(scenario: Scenario, satellites: int) -> Scenario:
    """Shorten the run of a large fleet that serves compute jobs: all its orbits are alike."""
    states = satellites * scenario.duration_s / scenario.step_s
    if scenario.jobs is None or states <= _MOST_STATES:
        return scenario
    step_s = max(scenario.step_s, GEOMETRY_STEP_S)
    lasting_s = step_s * max(_FEWEST_STEPS, _MOST_STATES // satellites)
    return replace(scenario, step_s=step_s, duration_s=min(scenario.duration_s, lasting_s))


def _years(scenario: Scenario, fleet: Fleet, outlook: Outlook, held_w: Floats) -> list[GroupYear]:
    """Fly each group's year with the mean of the lasers that it holds in the run."""
    laser_w = np.zeros(fleet.n_satellites)
    if held_w.size:
        laser_w = np.average(held_w, axis=1, weights=np.diff(outlook.t_s))
    return [
        GroupYear.of(fleet, index, scenario.start, laser_w) for index in range(len(fleet.groups))
    ]


def _groups(
    scenario: Scenario,
    fleet: Fleet,
    ephemeris: Ephemeris,
    outlook: Outlook,
    tracks: Sequence[LongTrack],
    years: Sequence[GroupYear],
    by_run: tuple[Outlook, frozenset[ContactKind]] | None,
    sustained_w: Floats,
) -> tuple[list[dict[str, Any]], list[Margin]]:
    """Say of each group what is its own, with its margins."""
    groups, margins = [], list[Margin]()
    for index, (group, rows) in enumerate(fleet.spans()):
        radiation, dose = radiation_section(fleet, index, tracks[index], scenario.start)
        lifetime, deorbit = lifetime_section(fleet, index, scenario.start)
        margins += [*year_margins(years[index]), *dose, *deorbit]
        groups.append(
            {
                "name": group.name,
                "operator": group.operator,
                "satellites": rows.stop - rows.start,
                "takes_scenes": group.sensor is not None,
                "array_w_mean": float(outlook.array_w[rows].mean()),
                "bus_load_w": group.bus_load_w,
                "compute_peak_w": 0.0 if group.computer is None else group.computer.active_w,
                "sustained_compute_w": float(sustained_w[rows].mean()),
                "shadow": shadow_section(ephemeris, rows),
                "year": year_section(years[index]),
                "radiation": radiation,
                "lifetime": lifetime,
                "smallest_bus": sizing_section(years[index], fleet, index, by_run),
            }
        )
    return groups, margins


def _mean_w(power_w: Floats, fleet: Fleet) -> float:
    """Mean power over the satellites with a computer; 0 without any."""
    computes = fleet.buses.computes
    return float(power_w[computes].mean()) if computes.any() else 0.0


def _age_days(fleet: Fleet, row: int) -> float | None:
    """Age of a satellite's elements at the start; None of a designed orbit."""
    published = isinstance(fleet.bus(row).orbit, ElementSets)
    return float(fleet.element_age_s[row]) / 86_400.0 if published else None


def _hardest(found: dict[Architecture, SustainedCompute]) -> Architecture | None:
    """Find the architecture whose held lasers leave the least for compute; the first of equals."""
    in_orbit = [one for one in found if one.computes_in_orbit]
    return min(in_orbit or found, key=lambda one: _least_w(found[one]), default=None)


def _least_w(found: SustainedCompute) -> float:
    """Limit of the tightest satellite, installed power or not, by which architectures differ."""
    return float(min(found.heat_w.min(), found.energy_w.min(), found.battery_w.min()))


def _loads(architecture: Architecture | None) -> str:
    """Say which loads a sustained power stands beside."""
    if architecture is None:
        return ""
    if not ContactKind.of(architecture.every_link) & LASER_KINDS:
        return f"the bus, as {architecture.name} holds no laser link; not the radio"
    return f"the bus and the laser links that {architecture.name} holds; not the radio"


def _headroom(sustained: SustainedCompute | None) -> dict[str, float]:
    """Room that the tightest satellite has at its sustained power, by limit."""
    if sustained is None:
        return {}
    return {
        "heat_k": float(sustained.heat_margin_k.min()),
        "energy_w": float(sustained.energy_margin_w.min()),
        "battery_j": float(sustained.battery_margin_j.min()),
    }


def _contacts(scenario: Scenario, fleet: Fleet, outlook: Outlook) -> dict[str, Any]:
    """Windows, time and volume by kind, per satellite and day; antennas shared out evenly."""
    contacts = outlook.contacts
    all_s = shared_s(contacts, fleet.stations)
    per_day = scenario.duration_s / 86_400.0 * max(fleet.n_satellites, 1)
    out = {}
    for kind in (ContactKind.DOWNLINK, ContactKind.CROSSLINK, ContactKind.RELAY):
        mask = contacts.kind == int(kind)
        windows_s, seconds_s = (contacts.t_end_s - contacts.t_start_s)[mask], all_s[mask]
        volume_bytes = float((seconds_s * contacts.rate_bps[mask]).sum()) / 8.0
        out[kind.name.lower()] = {
            "windows": int(mask.sum()),
            "minutes_per_satellite_day": float(seconds_s.sum()) / 60.0 / per_day,
            "gigabytes_per_satellite_day": volume_bytes / 1e9 / per_day,
            "median_window_s": float(np.median(windows_s)) if mask.any() else 0.0,
        }
    return out


def _binds(margins: list[Margin]) -> str:
    """Name the tightest limit."""
    if not margins:
        return "there is no computer on board and nothing to observe"
    least, *others = margins
    what = f"{least.name} on {least.where}: {least.have:.3g} of {least.need:.3g} {least.unit}"
    what += f", on {least.date}" * bool(least.date)
    what += f" ({least.margin:+.0%}{', uncertain' * least.uncertain})"
    short = [one.name for one in others if one.margin < 0.0 and not one.uncertain]
    unsure = [one.name for one in others if one.uncertain]
    more = f"; also short: {', '.join(short)}" * bool(short)
    more += f"; uncertain: {', '.join(unsure)}" * bool(unsure)
    return what + more if least.margin < 0.0 else f"nothing; the tightest is {what}{more}"
