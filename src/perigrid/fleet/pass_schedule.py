"""Downlink windows: passes over the operator's stations, shared out among antennas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.fleet.ephemeris import Ephemeris, position_at_m
from perigrid.fleet.link_rates import downlink_rate_bps
from perigrid.fleet.model import ContactKind, Contacts, Fleet, NodeKind
from perigrid.fleet.weather import weather_loss_db
from perigrid.fleet.windows import contact_rows, no_contacts
from perigrid.physics.contacts import StationLimits, SunLimits, station_windows
from perigrid.physics.frames import geodetic_to_ecef, up_vector
from perigrid.physics.links import light_time_s
from perigrid.scenario.model import GroundStation

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHORTEST_PASS_S: Final = 30.0
"""A pass with less time left is not scheduled, it would go to pointing and lock (assumed) [s]."""

NO_RANGE_LIMIT_M: Final = 1.0e8
"""A range limit of this or more is none: beyond geostationary orbit [m]."""

_RATE_SAMPLES: Final = 32  # a ten-minute pass every 19 s; the ladder's mean moves by < 1 % beyond


class Fate(IntEnum):
    """What becomes of a pass."""

    SERVED = 0
    BUSY = 1
    """Every antenna of the station, or the satellite's one radio, is taken."""
    TOO_SHORT = 2
    """Below :data:`SHORTEST_PASS_S`."""
    TOO_WEAK = 3
    """The link does not close, or the satellite has no radio."""


@dataclass(frozen=True, slots=True)
class Passes:
    """Every pass of every satellite over every station, and what becomes of it.

    Parameters
    ----------
    satellite, station : (n,) int array
        Fleet rows.
    rise_s, set_s : (n,) float array
        Ends of the window in sight [s].
    max_elevation_rad : (n,) float array
        Culmination [rad].
    start_s : (n,) float array
        When service starts; NaN if it never does [s].
    rate_bps : (n,) float array
        Mean rate of what is served [bit/s].
    light_time_s : (n,) float array
        At the middle of what is served [s].
    fate : (n,) int array
        Of :class:`Fate`.
    """

    satellite: Ints
    station: Ints
    rise_s: Floats
    set_s: Floats
    max_elevation_rad: Floats
    start_s: Floats
    rate_bps: Floats
    light_time_s: Floats
    fate: npt.NDArray[np.int8]


def downlink_windows(fleet: Fleet, ephemeris: Ephemeris) -> Contacts:
    """Schedule every satellite's downlinks to the operator's stations.

    Parameters
    ----------
    fleet : Fleet
        Satellites and stations.
    ephemeris : Ephemeris
        Of the computing satellites, on a grid of at most a minute.

    Returns
    -------
    Contacts
        One row per scheduled pass. The rate is the mean over the usable window of the DVB-S2
        ladder at the changing range and, where a station asks for an availability, through the air
        that is worse for no more than the rest of the time; the elevation is the culmination of
        the whole pass.
    """
    if not any(group.radio for group in fleet.groups) or not fleet.rows(NodeKind.STATION).size:
        return no_contacts()
    passes = shared_passes(fleet, ephemeris)
    served = np.flatnonzero(passes.fate == Fate.SERVED)
    # In the order in which service starts, as antennas are given out.
    served = served[np.lexsort((served, passes.start_s[served]))]
    return contact_rows(
        ContactKind.DOWNLINK,
        source=passes.satellite[served],
        target=passes.station[served],
        t_start_s=passes.start_s[served],
        t_end_s=passes.set_s[served],
        rate_bps=passes.rate_bps[served],
        light_time_s=passes.light_time_s[served],
        max_elevation_rad=passes.max_elevation_rad[served],
    )


def shared_passes(fleet: Fleet, ephemeris: Ephemeris) -> Passes:
    """Find all passes, and share antennas and radios out among them.

    Parameters
    ----------
    fleet, ephemeris
        As for :func:`downlink_windows`.

    Returns
    -------
    Passes
        In order of rise, satellite, station.
    """
    rows = fleet.rows(NodeKind.STATION)
    stations = [fleet.stations[row] for row in rows.tolist()]
    site, up = ground_sites(stations)
    found = station_windows(
        ephemeris.position_ecef_m,
        ephemeris.velocity_ecef_m_s,
        ephemeris.t_s,
        site,
        up,
        np.array([station.min_elevation_rad for station in stations]),
        station_limits(stations, ephemeris),
    )
    passes = Passes(
        satellite=found.satellite,
        station=rows[found.station],
        rise_s=found.rise_s,
        set_s=found.set_s,
        max_elevation_rad=found.max_elevation_rad,
        start_s=np.full(len(found), np.nan),
        rate_bps=np.zeros(len(found)),
        light_time_s=np.full(len(found), np.nan),
        fate=np.full(len(found), Fate.TOO_WEAK, dtype=np.int8),
    )
    sending = np.array([group.radio is not None for group in fleet.groups])
    able: Ints = np.flatnonzero(sending[fleet.group_of[found.satellite]])
    antennas = np.array([station.antennas for station in stations], dtype=np.int64)
    served, start_s = assign_antennas(
        found.satellite[able], found.station[able], found.rise_s[able], found.set_s[able], antennas
    )
    kept = able[served]
    passes.start_s[kept] = start_s
    rate_bps, middle_range_m = _rates(
        fleet, stations, ephemeris, found.satellite[kept], found.station[kept], start_s,
        found.set_s[kept],
    )  # fmt: skip
    passes.rate_bps[kept], passes.light_time_s[kept] = rate_bps, light_time_s(middle_range_m)
    short = found.set_s - found.rise_s < SHORTEST_PASS_S
    passes.fate[able] = np.where(short, Fate.TOO_SHORT, Fate.BUSY)[able]
    passes.fate[kept] = np.where(rate_bps > 0.0, Fate.SERVED, Fate.TOO_WEAK)
    return passes


def station_limits(stations: list[GroundStation], ephemeris: Ephemeris) -> StationLimits | None:
    """Collect what closes stations beside their lowest elevation.

    Parameters
    ----------
    stations : list of GroundStation
        In the wanted order.
    ephemeris : Ephemeris
        For the Sun.

    Returns
    -------
    StationLimits or None
        None if there is nothing: the search then skips them.
    """
    masks = [np.array(station.azimuth_mask_rad) for station in stations]
    longest = np.array([station.max_range_m for station in stations])
    longest[longest >= NO_RANGE_LIMIT_M] = np.inf
    highest_sun = [station.max_sun_elevation_rad for station in stations]
    sun = None
    if any(limit is not None for limit in highest_sun):
        sun = SunLimits(
            ephemeris.sun_ecef_m,
            max_elevation_rad=np.array([np.pi / 2 if one is None else one for one in highest_sun]),
        )
    if sun is None and not np.isfinite(longest).any() and not any(map(len, masks)):
        return None
    return StationLimits(azimuth_masks=masks, max_range_m=longest, sun=sun)


def ground_sites(stations: list[GroundStation]) -> tuple[Floats, Floats]:
    """Earth-fixed positions and verticals of ground stations.

    Parameters
    ----------
    stations : list of GroundStation
        In the wanted order.

    Returns
    -------
    position_m : (3, n) float array
        Positions [m].
    up : (3, n) float array
        Unit vectors.
    """
    latitude = np.array([station.latitude_rad for station in stations])
    longitude = np.array([station.longitude_rad for station in stations])
    height = np.array([station.height_m for station in stations])
    return geodetic_to_ecef(latitude, longitude, height), up_vector(latitude, longitude)


def assign_antennas(
    satellite: Ints, station: Ints, rise_s: Floats, set_s: Floats, antennas: Ints
) -> tuple[Ints, Floats]:
    """Share antennas and radios out among passes: who waits with the least service goes first.

    Parameters
    ----------
    satellite, station : (n_passes,) int array
        Who sees whom.
    rise_s, set_s : (n_passes,) float array
        Visibility [s].
    antennas : (n_stations,) int array
        How many satellites each station serves at once.

    Returns
    -------
    kept : (n_kept,) int array
        Passes that are served, in order of start.
    start_s : (n_kept,) float array
        When service starts: at rise, or once an antenna and the radio are free [s].

    Notes
    -----
    A pass is served until it sets, never interrupted, and dropped when less than
    :data:`SHORTEST_PASS_S` remains. Of several passes that could start, the satellite that was
    served the shortest time so far goes first, so that none of a cluster that flies over together
    is left out for good; then the earlier rise, then the lower row. The rule is not optimal: it
    never waits for a better pass, so that in rare cases a station more may cost a satellite rate.
    """
    desk = _Desk(satellite.tolist(), station.tolist(), rise_s.tolist(), set_s.tolist(), antennas)
    events = [(t_s, 1, row) for row, t_s in enumerate(desk.rises_s)]  # sets (0) before rises (1)
    heapify(events)
    kept: list[int] = []
    starts: list[float] = []
    while events:
        now_s, rising, row = heappop(events)
        for one in desk.rise(row) if rising else desk.release(row):
            if desk.can_serve(one, now_s):
                desk.serve(one, now_s)
                heappush(events, (desk.sets_s[one], 0, one))
                kept.append(one)
                starts.append(now_s)
    return np.array(kept, dtype=np.int64), np.array(starts, dtype=np.float64)


class _Desk:
    """Which antennas and radios are free, who waits for them, and what each satellite has had.

    Nobody waits for what is free: an event lets start the pass that rises, or those that wait for
    the antenna or for the radio that is given back.
    """

    def __init__(
        self,
        satellites: list[int],
        stations: list[int],
        rises_s: list[float],
        sets_s: list[float],
        antennas: Ints,
    ) -> None:
        self.rises_s, self.sets_s = rises_s, sets_s
        self._satellites, self._stations = satellites, stations
        self._free_antennas: list[int] = antennas.tolist()
        fleet = max(satellites, default=-1) + 1
        self._sending = [False] * fleet
        self._served_s = [0.0] * fleet
        self._waiting_at: list[set[int]] = [set() for _ in self._free_antennas]
        self._waiting_of: list[set[int]] = [set() for _ in range(fleet)]

    def rise(self, row: int) -> list[int]:
        """Have a pass wait; it may start."""
        self._waiting_at[self._stations[row]].add(row)
        self._waiting_of[self._satellites[row]].add(row)
        return [row]

    def release(self, row: int) -> list[int]:
        """Give antenna and radio back; list who waits for either, first the least served."""
        station, satellite = self._stations[row], self._satellites[row]
        self._free_antennas[station] += 1
        self._sending[satellite] = False
        return sorted(
            self._waiting_at[station] | self._waiting_of[satellite],
            key=lambda one: (self._served_s[self._satellites[one]], self.rises_s[one], one),
        )

    def can_serve(self, row: int, now_s: float) -> bool:
        """Whether a waiting pass lasts long enough, and its antenna and radio are free."""
        if self.sets_s[row] - now_s < SHORTEST_PASS_S:
            self._leave(row)
            return False
        free = self._free_antennas[self._stations[row]] > 0
        return free and not self._sending[self._satellites[row]]

    def serve(self, row: int, now_s: float) -> None:
        """Take an antenna and the radio until the satellite sets."""
        self._leave(row)
        self._free_antennas[self._stations[row]] -= 1
        self._sending[self._satellites[row]] = True
        self._served_s[self._satellites[row]] += self.sets_s[row] - now_s

    def _leave(self, row: int) -> None:
        self._waiting_at[self._stations[row]].discard(row)
        self._waiting_of[self._satellites[row]].discard(row)


def _rates(
    fleet: Fleet,
    stations: list[GroundStation],
    ephemeris: Ephemeris,
    satellite: Ints,
    station: Ints,
    start_s: Floats,
    end_s: Floats,
) -> tuple[Floats, Floats]:
    """Mean rate and mid-window range of each window, from ranges at evenly spaced mid-points."""
    site, up = ground_sites(stations)
    share = (np.arange(_RATE_SAMPLES) + 0.5) / _RATE_SAMPLES
    t_s = start_s[:, None] + (end_s - start_s)[:, None] * share
    position = position_at_m(ephemeris, np.repeat(satellite, _RATE_SAMPLES), t_s.ravel())
    offset = position.reshape(3, *t_s.shape) - site[:, station][:, :, None]
    range_m = np.sqrt(np.sum(offset**2, axis=0))
    rate = np.zeros(len(satellite))
    for (index, place), (group, rows) in product(enumerate(stations), fleet.spans()):
        if group.radio is None:
            continue
        here = (station == index) & (rows.start <= satellite) & (satellite < rows.stop)
        sine = np.einsum("kij,k->ij", offset[:, here], up[:, index]) / range_m[here]
        loss = weather_loss_db(place, group.radio, np.arcsin(np.clip(sine, -1.0, 1.0)))
        rates = downlink_rate_bps(group.radio, place.g_over_t_db_k, range_m[here], loss)
        rate[here] = rates.mean(axis=1)
    half = _RATE_SAMPLES // 2
    return rate, 0.5 * (range_m[:, half - 1] + range_m[:, half])
