"""Downlink windows: passes over the operator's stations; who is served when is decided later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
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
Bools = npt.NDArray[np.bool_]

NO_RANGE_LIMIT_M: Final = 1.0e8
"""A range limit of this or more is none: beyond geostationary orbit [m]."""

_RATE_SAMPLES: Final = 32  # a ten-minute pass every 19 s; the ladder's mean moves by < 1 % beyond


class Fate(IntEnum):
    """What becomes of a pass."""

    OPEN = 0
    """It is a contact; antennas and the radio are booked as downlinks need them."""
    TOO_SHORT = 1
    """An antenna of the station turns and locks for as long."""
    TOO_WEAK = 2
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
    rate_bps : (n,) float array
        Mean rate; 0 if it is no contact [bit/s].
    light_time_s : (n,) float array
        At its middle; NaN if it is no contact [s].
    fate : (n,) int array
        Of :class:`Fate`.
    """

    satellite: Ints
    station: Ints
    rise_s: Floats
    set_s: Floats
    max_elevation_rad: Floats
    rate_bps: Floats
    light_time_s: Floats
    fate: npt.NDArray[np.int8]


def downlink_windows(fleet: Fleet, ephemeris: Ephemeris) -> Contacts:
    """List the windows of every satellite over the operator's stations.

    Parameters
    ----------
    fleet : Fleet
        Satellites and stations.
    ephemeris : Ephemeris
        Of the computing satellites, on a grid of at most a minute.

    Returns
    -------
    Contacts
        One row per pass that can be used, the whole of it. The rate is its mean of the DVB-S2
        ladder at the changing range and, where a station asks for an availability, through the air
        that is worse for no more than the rest of the time.
    """
    if not any(group.radio for group in fleet.groups) or not fleet.rows(NodeKind.STATION).size:
        return no_contacts()
    passes = all_passes(fleet, ephemeris)
    used = np.flatnonzero(passes.fate == Fate.OPEN)
    return contact_rows(
        ContactKind.DOWNLINK,
        source=passes.satellite[used],
        target=passes.station[used],
        t_start_s=passes.rise_s[used],
        t_end_s=passes.set_s[used],
        rate_bps=passes.rate_bps[used],
        light_time_s=passes.light_time_s[used],
        max_elevation_rad=passes.max_elevation_rad[used],
    )


def all_passes(fleet: Fleet, ephemeris: Ephemeris) -> Passes:
    """Find all passes, and say which of them can be used.

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
        rate_bps=np.zeros(len(found)),
        light_time_s=np.full(len(found), np.nan),
        fate=np.full(len(found), Fate.TOO_WEAK, dtype=np.int8),
    )
    sending = np.array([group.radio is not None for group in fleet.groups])
    turn_s = np.array([station.antenna_turnaround_s for station in stations])
    able: Bools = sending[fleet.group_of[found.satellite]]
    long: Bools = found.set_s - found.rise_s > turn_s[found.station]
    passes.fate[able & ~long] = Fate.TOO_SHORT
    kept = np.flatnonzero(able & long)
    rate_bps, middle_range_m = _rates(
        fleet, stations, ephemeris, found.satellite[kept], found.station[kept],
        found.rise_s[kept], found.set_s[kept],
    )  # fmt: skip
    passes.rate_bps[kept] = rate_bps
    passes.light_time_s[kept] = np.where(rate_bps > 0.0, light_time_s(middle_range_m), np.nan)
    passes.fate[kept[rate_bps > 0.0]] = Fate.OPEN
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
