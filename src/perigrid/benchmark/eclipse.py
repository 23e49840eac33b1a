"""``perigrid bench eclipse``: light, Sun, frames and heights against other libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_ROTATION_RAD_S
from perigrid.benchmark.development import development_module
from perigrid.benchmark.measure import Timing, best_of, duel
from perigrid.benchmark.reference import DATE, START, shell
from perigrid.physics.chunks import limited_threads
from perigrid.physics.eclipse import illumination, smooth_illumination
from perigrid.physics.eclipse_windows import shadow_windows
from perigrid.physics.frames import ecef_to_geodetic, gmst_rad, teme_to_ecef
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m

Floats = npt.NDArray[np.float64]

_SPAN_S: Final = 86_400.0
_STEP_S: Final = 60.0
_SAMPLE: Final = 20_000
_TT_LESS_UTC_DAYS: Final = 69.184 / 86_400.0
_REPEATS: Final = 3


def bench_eclipse(planes: int = 12, satellites_per_plane: int = 10) -> list[Timing]:
    """Time light, Sun, frames and geodetic coordinates of a shell over a day.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Size of the shell.

    Returns
    -------
    list of Timing
        Sizes are satellites by times. Ours on one thread and into reused arrays. The shadow
        functions of the references take one state at a time and are timed on a sample.
    """
    orbits = shell(planes, satellites_per_plane)
    times = np.arange(0.0, _SPAN_S + 0.5 * _STEP_S, _STEP_S)
    position, velocity, _ = propagate(orbits, START, times)
    with limited_threads(1):
        return [
            *_light(position, times),
            _windows(position, velocity, times),
            *_sun(times),
            _geodetic(position),
            *_frames(position, times),
        ]


def _light(position: Floats, times: Floats) -> list[Timing]:
    """Share of the Sun, exactly and by the ramp."""
    satkit, brahe = development_module("satkit"), development_module("brahe")
    sun = sun_position_m(START, times)
    lit = np.empty(position.shape[1:])
    rng = np.random.default_rng(1)
    row = rng.integers(0, position.shape[1], _SAMPLE)
    column = rng.integers(0, position.shape[2], _SAMPLE)
    pairs = list(zip(position[:, row, column].T.copy(), sun[:, column].T.copy(), strict=True))
    size = f"{position.shape[1]} x {len(times)}"
    sample = f"(extrapolated from {_SAMPLE} states)"
    functions: dict[str, Callable[[Floats, Floats], float]] = {
        "brahe": brahe.eclipse_conical,
        "satkit": lambda place, sun: float(satkit.sun.shadowfunc(sun, place)),
    }
    rows = []
    for name, share in functions.items():
        found = duel(
            lambda: illumination(position, sun, lit, flattening=0.0),  # as the references
            lambda share=share: np.array([share(*pair) for pair in pairs]),  # type: ignore[misc]  # a bound default has no type
            _REPEATS,
        )
        apart = float(np.abs(found.ours[row, column] - found.reference).max())
        rows.append(
            Timing(f"illumination: {size} {sample}", found.ours_s, name,
                   found.reference_s * lit.size / _SAMPLE, agreement=apart, unit="share")
        )  # fmt: skip
    ramp = np.empty_like(lit)
    both = duel(
        lambda: smooth_illumination(position, sun, ramp, flattening=0.0),
        lambda: illumination(position, sun, lit, flattening=0.0),  # as the references
        _REPEATS,
    )
    apart = float(np.abs(both.ours - both.reference).max())
    rows.append(
        Timing(f"smooth illumination: {size}", both.ours_s, "exact cones",
               both.reference_s, agreement=apart, unit="share")
    )  # fmt: skip
    return rows


def _windows(position: Floats, velocity: Floats, times: Floats) -> Timing:
    """Entry and exit by roots; no reference library searches states."""
    sun = sun_position_m(START, times)
    ours_s, found = best_of(lambda: shadow_windows(position, velocity, times, sun), _REPEATS)
    return Timing(f"shadow windows: {position.shape[1]} x 1 day, {len(found)} stays", ours_s)


def _sun(times: Floats) -> list[Timing]:
    """Position of the Sun, every second time of a day kept as it is: 2 s steps."""
    satkit, erfa = development_module("satkit"), development_module("erfa")
    fine = np.linspace(times[0], times[-1], _SAMPLE)
    days = (START.day_s + fine) / 86_400.0 + _TT_LESS_UTC_DAYS
    zero = satkit.time(*DATE)
    instants = [zero + satkit.duration(seconds=float(t)) for t in fine]
    name = f"Sun position: {len(fine)} times"
    from_satkit = duel(
        lambda: sun_position_m(START, fine), lambda: satkit.sun.pos_mod(instants), _REPEATS
    )
    from_erfa = duel(
        lambda: sun_position_m(START, fine),
        lambda: erfa.epv00(START.jd_midnight, days)[0]["p"],
        _REPEATS,
    )
    # Lengths only: axes differ (mean of date, TEME, GCRS), and with them the work after the series.
    ours_m = np.linalg.norm(from_satkit.ours, axis=0)
    satkit_m = np.linalg.norm(from_satkit.reference, axis=1)
    erfa_m = np.linalg.norm(from_erfa.reference, axis=1) * erfa.DAU
    rows = []
    for library, found, theirs_m in (
        ("satkit", from_satkit, satkit_m),
        ("erfa epv00", from_erfa, erfa_m),
    ):
        apart = float(np.abs(ours_m / theirs_m - 1.0).max())
        rows.append(
            Timing(name, found.ours_s, library, found.reference_s, agreement=apart,
                   unit="of the distance")
        )  # fmt: skip
    return rows


def _geodetic(position: Floats) -> Timing:
    """Latitude, longitude and height."""
    erfa = development_module("erfa")
    shape = position.shape[1:]
    buffers = np.empty(shape), np.empty(shape), np.empty(shape)
    points = np.ascontiguousarray(np.moveaxis(position, 0, -1))
    found = duel(
        lambda: ecef_to_geodetic(position, buffers), lambda: erfa.gc2gd(1, points), _REPEATS
    )
    apart = float(np.abs(found.ours[2] - found.reference[2]).max())
    name = f"geodetic coordinates: {shape[0]} x {shape[1]}"
    return Timing(name, found.ours_s, "erfa gc2gd", found.reference_s, agreement=apart, unit="m")


def _frames(position: Floats, times: Floats) -> list[Timing]:
    """TEME to Earth-fixed of a whole shell."""
    satkit, api = development_module("satkit"), development_module("skyfield.api")
    from skyfield.framelib import itrs
    from skyfield.sgp4lib import TEME

    fixed = np.empty_like(position)
    zero = satkit.time(*DATE)
    instants = [zero + satkit.duration(seconds=float(t)) for t in times]
    clock = api.load.timescale(builtin=True)
    dut1_s = clock.utc(*DATE, 0, 0, times).dut1

    def ours() -> Floats:
        return teme_to_ecef(position, gmst_rad(START, times, dut1_s), fixed)

    def with_skyfield() -> Floats:
        now = clock.utc(*DATE, 0, 0, times)
        turn = np.einsum("ijt,kjt->ikt", itrs.rotation_at(now), TEME.rotation_at(now))
        turned: Floats = np.einsum("ijt,jnt->int", turn, position)
        return turned

    def with_satkit() -> Floats:
        turns = satkit.frametransform.qteme2itrf(instants)
        matrices = np.array([turn.to_rotation_matrix() for turn in turns])
        turned: Floats = np.einsum("tij,jnt->int", matrices, position)
        return turned

    satkit.frametransform.disable_eop_time_warning()
    name = f"TEME to Earth-fixed: {position.shape[1]} x {len(times)}"
    rows = []
    for library, theirs, turned_s in (
        ("skyfield", with_skyfield, np.zeros(len(times))),
        # Without Earth orientation data satkit takes UTC for UT1.
        ("satkit", with_satkit, dut1_s),
    ):
        found = duel(ours, theirs, _REPEATS)
        expected = teme_to_ecef(found.reference, EARTH_ROTATION_RAD_S * turned_s)
        apart = float(np.linalg.norm(found.ours - expected, axis=0).max())
        rows.append(
            Timing(name, found.ours_s, library, found.reference_s, agreement=apart, unit="m")
        )
    return rows
