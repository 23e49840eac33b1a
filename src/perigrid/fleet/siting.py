"""Where one more ground station would help most: time in view added, and the longest silence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.fleet.long_track import LongTrack
from perigrid.fleet.model import Floats, Ints
from perigrid.fleet.pass_schedule import ground_sites, station_limits
from perigrid.physics.contacts import Windows, station_windows
from perigrid.physics.frames import geodetic_to_ecef, up_vector
from perigrid.scenario.model import DataCentre, GroundStation, Scenario
from perigrid.workload.land import land_cells

_CELL_RAD: Final = math.radians(8.0)
"""Of the grid of candidates; a station sees low orbits for more than twice as far around."""
_HIGHEST_LATITUDE_RAD: Final = math.radians(80.0)
"""The northernmost stations stand at 78 degrees; beyond 80 there is ice and no fibre."""
_USUAL_MASK_RAD: Final = math.radians(5.0)
"""Lowest elevation of a candidate where the scenario has no station to compare with."""


@dataclass(frozen=True, slots=True)
class View:
    """How satellites are seen by some stations.

    Parameters
    ----------
    share : float
        Mean share of time with at least one station in view.
    longest_gap_s : float
        Longest time that one of the satellites is without any [s].
    """

    share: float
    longest_gap_s: float


@dataclass(frozen=True, slots=True)
class Site:
    """A place, and what the fleet would see with a station there.

    Parameters
    ----------
    name : str
        As the scenario calls it; empty for a cell of the grid.
    latitude_rad, longitude_rad : float
        Geodetic [rad].
    view : View
        With that station beside those there are.
    """

    name: str
    latitude_rad: float
    longitude_rad: float
    view: View


@dataclass(frozen=True, slots=True)
class NextStation:
    """What one more station would add.

    Parameters
    ----------
    today : View
        With the stations there are.
    most_contact : Site
        Adds most time in view.
    shortest_gap : Site
        Leaves the shortest silence; of equals, that with more time in view.
    best_named : Site or None
        Adds most time in view among the places that the scenario names; None if it names none.
    tried : int
        Places compared.
    """

    today: View
    most_contact: Site
    shortest_gap: Site
    best_named: Site | None
    tried: int


def next_station(
    scenario: Scenario, stations: Sequence[GroundStation], tracks: Sequence[LongTrack]
) -> NextStation | None:
    """Try a station at every place the scenario names and on a grid over the land.

    Parameters
    ----------
    scenario : Scenario
        Names places: data centres, gateways, what is to be observed.
    stations : sequence of GroundStation
        Operators' stations that there are.
    tracks : sequence of LongTrack
        Satellites that send.

    Returns
    -------
    NextStation or None
        None where no satellite sends.

    Notes
    -----
    Time in view, whichever antenna is free. A candidate has the lowest elevation that is usual
    among the stations there are and no other limit.
    """
    if not tracks:
        return None
    names, latitude, longitude = _candidates(scenario, stations)
    mask = np.median([one.min_elevation_rad for one in stations] or [_USUAL_MASK_RAD])
    there, tried = [], []
    for track in tracks:
        there.append(_windows_of_stations(track, stations))
        tried.append(_windows_of_candidates(track, latitude, longitude, float(mask)))
    span_s = float(tracks[0].t_s[-1])
    counts = [len(track.satellite) for track in tracks]
    today, candidates = _Spans.of(there, counts, span_s), _Spans.of(tried, counts, span_s)
    views = [today.with_more(candidates, row) for row in range(len(names))]
    sites = [
        Site(names[row], float(latitude[row]), float(longitude[row]), views[row])
        for row in range(len(names))
    ]
    return NextStation(
        today.view(),
        most_contact=max(sites, key=_contact),
        shortest_gap=min(sites, key=lambda one: (one.view.longest_gap_s, -one.view.share)),
        best_named=max((one for one in sites if one.name), key=_contact, default=None),
        tried=len(sites),
    )


def _contact(site: Site) -> float:
    return site.view.share


def _candidates(
    scenario: Scenario, stations: Sequence[GroundStation]
) -> tuple[list[str], Floats, Floats]:
    """Places that the scenario names, without those that have a station, and cells of land."""
    demand = scenario.demand
    gateways = [one for one in scenario.stations if one.role == "gateway"]
    grounds: list[GroundStation | DataCentre] = [*scenario.data_centres, *gateways]
    named = [(one.name, one.latitude_rad, one.longitude_rad) for one in grounds]
    named += list(
        zip(
            demand.request_names,
            demand.request_latitude_rad,
            demand.request_longitude_rad,
            strict=True,
        )
    )
    taken = {(one.latitude_rad, one.longitude_rad) for one in stations}
    free = [one for one in named if one[1:] not in taken]
    latitude, longitude = land_cells(_CELL_RAD, _HIGHEST_LATITUDE_RAD)
    return (
        [name for name, *_ in free] + [""] * len(latitude),
        np.concatenate([[place[0] for _, *place in free], latitude]),
        np.concatenate([[place[1] for _, *place in free], longitude]),
    )


def _windows_of_stations(track: LongTrack, stations: Sequence[GroundStation]) -> Windows:
    """Find passes over the stations that there are, with all that closes them."""
    site, up = ground_sites(list(stations))
    masks = np.array([one.min_elevation_rad for one in stations])
    found = track.ephemeris
    limits = station_limits(list(stations), found)
    states = found.position_ecef_m, found.velocity_ecef_m_s, found.t_s
    return station_windows(*states, site, up, masks, limits)


def _windows_of_candidates(
    track: LongTrack, latitude: Floats, longitude: Floats, mask_rad: float
) -> Windows:
    """Find passes over every candidate."""
    site = geodetic_to_ecef(latitude, longitude, np.zeros_like(latitude))
    masks = np.full(len(latitude), mask_rad)
    found = track.ephemeris
    states = found.position_ecef_m, found.velocity_ecef_m_s, found.t_s
    return station_windows(*states, site, up_vector(latitude, longitude), masks)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Times in view of all satellites on one line, a stretch of ``span_s`` for each of them.

    ``first[k]`` to ``first[k + 1]`` are the spans of station ``k``.
    """

    begin_s: Floats
    end_s: Floats
    first: Ints
    satellites: int
    span_s: float

    @classmethod
    def of(cls, windows: Sequence[Windows], counts: Sequence[int], span_s: float) -> _Spans:
        """Lay the windows of several groups on one line, station by station."""
        before = np.concatenate([[0], np.cumsum(counts)[:-1]])
        place = np.concatenate(
            [one.satellite + gone for one, gone in zip(windows, before, strict=True)]
        )
        station = np.concatenate([one.station for one in windows])
        begin, end = (
            np.concatenate(parts) + place * span_s
            for parts in zip(*((one.rise_s, one.set_s) for one in windows), strict=True)
        )
        order = np.lexsort((begin, station))
        first = np.searchsorted(station[order], np.arange(station.max(initial=-1) + 2))
        return cls(begin[order], end[order], first, int(sum(counts)), span_s)

    def view(self, *more: tuple[Floats, Floats]) -> View:
        """Sum up the time in view of anything, and find the longest without."""
        edges = np.arange(self.satellites + 1) * self.span_s  # a gap ends where a satellite's does
        begin = np.concatenate([self.begin_s, *(one for one, _ in more), edges])
        end = np.concatenate([self.end_s, *(one for _, one in more), edges])
        order = np.argsort(begin, kind="stable")
        begin, seen_until = begin[order], np.maximum.accumulate(end[order])
        gaps = np.maximum(begin[1:] - seen_until[:-1], 0.0)
        whole_s = self.satellites * self.span_s
        return View(1.0 - float(gaps.sum()) / whole_s, float(gaps.max(initial=0.0)))

    def with_more(self, candidates: _Spans, row: int) -> View:
        """Add one of the candidates."""
        if row + 1 >= len(candidates.first):  # no satellite ever sees it
            return self.view()
        spans = slice(int(candidates.first[row]), int(candidates.first[row + 1]))
        return self.view((candidates.begin_s[spans], candidates.end_s[spans]))
