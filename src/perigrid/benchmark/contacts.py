"""``perigrid bench contacts``: a day of contacts against skyfield, brahe and a grid of seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Duel, Timing, duel
from perigrid.benchmark.reference import (
    DATE,
    START,
    satellite_record,
    shell,
    spread_stations,
)
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import PairWindows, Windows, pair_windows, station_windows
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef_state, up_vector
from perigrid.physics.orbit.propagate import propagate

SKYFIELD_DEMAND: Final = 400.0
"""Ratio to skyfield that the design asks for."""

BRAHE_DEMAND: Final = 200.0
"""Ratio to brahe that the design asks for."""

_MASK_DEG: Final = 10.0
_STEP_S: Final = 60.0
_GRAZING_M: Final = 80.0e3
_LONGEST_M: Final = 5.0e6
_GRID_SPAN_S: Final = 7200.0
_PAIRS: Final = 200
_TURNS: Final = 3
_HALVINGS: Final = 16
_RISE: Final = 0
Floats = npt.NDArray[np.float64]
Places = tuple[Floats, Floats]
States = tuple[Floats, Floats, Floats]  # times [s], Earth-fixed positions [m], velocities [m/s]
Edges = dict[tuple[int, int], Floats]


def bench_contacts(
    planes: int = 72,
    satellites_per_plane: int = 22,
    n_stations: int = 50,
    skyfield_sample: int = 2,
    brahe_sample: int = 4,
) -> list[Timing]:
    """Time the search for contacts of a shell.

    Parameters
    ----------
    planes, satellites_per_plane, n_stations : int
        Size.
    skyfield_sample, brahe_sample : int
        Satellites, spread over the shell, on which the libraries are timed; their times for all
        are in proportion.

    Returns
    -------
    list of Timing
        Processor time on one thread. Station passes of a day with propagation and frames, as the
        libraries have them, then without; the agreement is the largest distance from a rise that
        the library finds, skyfield's sharpened by its own elevations, to the nearest of ours.
        Windows between satellites against a grid of seconds: the largest difference of an edge,
        infinite if one side has a window more.
    """
    elements = shell(planes, satellites_per_plane)
    stations = spread_stations(n_stations)
    api = development_module("skyfield.api")
    clock = api.load.timescale(builtin=True)
    dut1_s = float(clock.tt_jd(START.jd_midnight).dut1)
    with limited_threads(1):
        return [
            *_against(
                ("skyfield", SKYFIELD_DEMAND, dut1_s, skyfield_sample),
                elements,
                stations,
                lambda sample: _skyfield_rises(sample, stations, api, clock),
                lambda sample, rises: _sharpened(rises, sample, stations, api, clock),
            ),
            # brahe is given no Earth orientation data, so that UT1 is UTC for both.
            *_against(
                ("brahe", BRAHE_DEMAND, 0.0, brahe_sample),
                elements,
                stations,
                lambda sample: _brahe_rises(sample, stations),
            ),
            _pair_row(elements[: 2 * _PAIRS]),
        ]


def _against(
    reference: tuple[str, float, float, int],
    elements: Sequence[MeanElements],
    stations: Places,
    rises_of: Callable[[Sequence[MeanElements]], Edges],
    sharpened: Callable[[Sequence[MeanElements], Edges], Edges] = lambda _sample, rises: rises,
) -> list[Timing]:
    """Both rows of one library."""
    library, demand, dut1_s, sample_size = reference
    chosen = np.linspace(0, len(elements) - 1, sample_size).astype(int).tolist()
    sample = [elements[row] for row in chosen]
    whole = duel(
        lambda: _search(_states(elements, dut1_s), stations), lambda: rises_of(sample), _TURNS
    )
    states = _states(elements, dut1_s)
    alone = duel(lambda: _search(states, stations), lambda: None, _TURNS)
    apart_s = _apart_s(sharpened(sample, whole.reference), _rises(whole.ours), chosen)
    size = f"{len(elements)} satellites x {len(stations[0])} stations x 1 day"
    basis = f"{library} from {sample_size} satellites"
    reference_s = whole.reference_s * len(elements) / sample_size

    def row(what: str, timed: Duel[Any, Any]) -> Timing:
        return Timing(
            f"contacts{what}: {size} ({basis})",
            timed.ours_s,
            library,
            reference_s,
            demand=demand,
            agreement=apart_s,
            unit="s",
        )

    return [row("", whole), row(", search alone", alone)]


def _states(elements: Sequence[MeanElements], dut1_s: float) -> States:
    """Propagate a day and turn it to Earth-fixed axes."""
    times = np.arange(0.0, SECONDS_PER_DAY + 0.5 * _STEP_S, _STEP_S)
    position, velocity, _ = propagate(elements, START, times)
    angle = gmst_rad(START.plus(dut1_s), times)
    return times, *teme_to_ecef_state(position, velocity, angle)


def _search(states: States, stations: Places) -> Windows:
    times, position, velocity = states
    count = len(stations[0])
    place = geodetic_to_ecef(*stations, np.zeros(count))
    masks = np.full(count, math.radians(_MASK_DEG))
    return station_windows(position, velocity, times, place, up_vector(*stations), masks)


def _skyfield_rises(
    elements: Sequence[MeanElements],
    stations: Places,
    api: Any,  # noqa: ANN401  skyfield has no types
    clock: Any,  # noqa: ANN401  skyfield has no types
) -> Edges:
    """Rises by its ``find_events``, by satellite of the sample and station [s]."""
    zero, end = clock.utc(*DATE), clock.utc(*DATE[:2], DATE[2] + 1)
    places = [api.wgs84.latlon(*one) for one in np.degrees(np.stack(stations, axis=1)).tolist()]
    found = {}
    for row, one in enumerate(elements):
        satellite = api.EarthSatellite.from_satrec(satellite_record(one), clock)
        for column, place in enumerate(places):
            instants, kinds = satellite.find_events(place, zero, end, _MASK_DEG)
            found[row, column] = (instants.tt[kinds == _RISE] - zero.tt) * SECONDS_PER_DAY
    return found


def _sharpened(
    rises: Edges,
    elements: Sequence[MeanElements],
    stations: Places,
    api: Any,  # noqa: ANN401  skyfield has no types
    clock: Any,  # noqa: ANN401  skyfield has no types
) -> Edges:
    """Rises where skyfield's own elevation crosses the mask; its search stops at half a second."""
    zero = clock.utc(*DATE)
    degrees = np.degrees(np.stack(stations, axis=1)).tolist()
    found = {}
    for (row, column), about_s in rises.items():
        satellite = api.EarthSatellite.from_satrec(satellite_record(elements[row]), clock)
        seen = satellite - api.wgs84.latlon(*degrees[column])
        low, high = about_s - 1.0, about_s + 1.0
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            elevation = seen.at(clock.tt_jd(zero.tt + middle / SECONDS_PER_DAY)).altaz()[0]
            below = elevation.degrees < _MASK_DEG
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        # A pass that was up when the day began has no rise to sharpen.
        found[row, column] = 0.5 * (low + high)
    return found


def _brahe_rises(elements: Sequence[MeanElements], stations: Places) -> Edges:
    """Rises by its ``location_accesses`` with its defaults, on one thread [s]."""
    brahe = development_module("brahe")
    brahe.set_global_eop_provider_from_static_provider(brahe.StaticEOPProvider.from_zero())
    zero = brahe.Epoch.from_datetime(*DATE, 0, 0, 0.0, 0.0, brahe.TimeSystem.UTC)
    degrees = np.degrees(np.stack(stations, axis=1)).tolist()
    places = [
        brahe.PointLocation(longitude, latitude, 0.0).with_id(column)
        for column, (latitude, longitude) in enumerate(degrees)
    ]
    accesses = brahe.location_accesses(
        places,
        [_brahe_propagator(brahe, zero, row, one) for row, one in enumerate(elements)],
        zero,
        zero + SECONDS_PER_DAY,
        brahe.ElevationConstraint(_MASK_DEG, None),
        config=brahe.AccessSearchConfig(parallel=False),
    )
    found: dict[tuple[int, int], list[float]] = {}
    for access in accesses:
        pair = access.satellite_id - 1, access.location_id
        found.setdefault(pair, []).append(access.window_open - zero)
    return {pair: np.array(rises) for pair, rises in found.items()}


def _brahe_propagator(brahe: Any, zero: Any, row: int, one: MeanElements) -> Any:  # noqa: ANN401  brahe has no types
    return brahe.SGPPropagator.from_omm_elements(
        zero + (one.epoch.day_s - START.day_s),
        one.mean_motion_rad_s * SECONDS_PER_DAY / math.tau,
        one.eccentricity,
        math.degrees(one.inclination_rad),
        math.degrees(one.raan_rad),
        math.degrees(one.argument_of_perigee_rad),
        math.degrees(one.mean_anomaly_rad),
        10_000 + row,  # a catalogue number has five digits here
        bstar=one.bstar,
    ).with_id(row + 1)


def _rises(windows: Windows) -> Edges:
    """Our rises, by satellite and station [s]."""
    found: dict[tuple[int, int], list[float]] = {}
    rows = zip(windows.satellite.tolist(), windows.station.tolist(), windows.rise_s, strict=True)
    for satellite, station, rise_s in rows:
        found.setdefault((satellite, station), []).append(rise_s)
    return {pair: np.array(rises) for pair, rises in found.items()}


def _apart_s(theirs: Edges, ours: Edges, chosen: Sequence[int]) -> float:
    """Largest distance from one of their rises to the nearest of ours [s]."""
    worst_s = 0.0
    for (row, station), rises in theirs.items():
        own = ours.get((chosen[row], station), np.array([math.inf]))
        for rise_s in rises:
            worst_s = max(worst_s, float(np.abs(own - rise_s).min()))
    return worst_s


def _pair_row(elements: Sequence[MeanElements]) -> Timing:
    """Links across the shell against numpy on a grid of seconds."""
    half = len(elements) // 2
    pairs = np.stack([np.arange(half), np.arange(half) * 7 % half + half], axis=1)
    fine = np.arange(0.0, _GRID_SPAN_S + 1.0)
    coarse = fine[:: int(_STEP_S)]
    position, velocity, _ = propagate(elements, START, coarse)
    seconds_m, _, _ = propagate(elements, START, fine)

    def ours() -> PairWindows:
        return pair_windows(
            *(position, velocity, position, velocity, coarse, pairs),
            grazing_altitude_m=_GRAZING_M,
            max_range_m=_LONGEST_M,
        )

    def grid() -> list[Floats]:
        return [_grid_windows(seconds_m[:, a], seconds_m[:, b], fine) for a, b in pairs]

    timed = duel(ours, grid, _TURNS)
    return Timing(
        f"contacts: {half} pairs of satellites x 2 hours (numpy at 1 s)",
        timed.ours_s,
        "grid of seconds",
        timed.reference_s,
        agreement=_pairs_apart_s(timed.ours, timed.reference),
        unit="s",
    )


def _grid_windows(a_m: Floats, b_m: Floats, t_s: Floats) -> Floats:
    """Start and end of each window of a pair, by linear interpolation between seconds."""
    along = b_m - a_m
    square = np.sum(along * along, axis=0)
    share = np.clip(-np.sum(a_m * along, axis=0) / square, 0.0, 1.0)
    height = np.linalg.norm(a_m + share * along, axis=0) - EARTH_EQUATORIAL_RADIUS_M
    limits = np.stack([height - _GRAZING_M, _LONGEST_M - np.sqrt(square)])
    above = np.all(limits > 0.0, axis=0)
    change = np.flatnonzero(above[1:] != above[:-1])
    before, after = limits[:, change], limits[:, change + 1]
    crossing = (before > 0.0) != (after > 0.0)
    share = before / (before - after)
    # A window opens with the last limit that is met and ends with the first that is broken.
    opens, closes = np.where(crossing, share, 0.0), np.where(crossing, share, 1.0)
    edges = t_s[change] + np.where(above[change], closes.min(axis=0), opens.max(axis=0))
    ends = t_s[:1][: int(above[0])], edges, t_s[-1:][: int(above[-1])]
    return np.concatenate(ends).reshape(-1, 2)


def _pairs_apart_s(found: PairWindows, expected: Sequence[Floats]) -> float:
    """Largest difference of an edge; infinite if a pair has another number of windows [s]."""
    worst_s = 0.0
    for row, spans in enumerate(expected):
        mine = found.pair == row
        own = np.stack([found.start_s[mine], found.end_s[mine]], axis=1)
        if own.shape != spans.shape:
            return math.inf
        worst_s = max(worst_s, float(np.abs(own - spans).max(initial=0.0)))
    return worst_s
