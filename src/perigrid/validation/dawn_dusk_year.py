"""A year of light on the dawn-dusk orbits that orbital data centres are planned for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.eclipse import illumination
from perigrid.physics.orbit.design import sun_synchronous_elements
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m
from perigrid.validation.case import Case, compare

# The eclipse season of an 06:00 ascending node lies around the December solstice. The local time
# is set there, so that its drift under SGP4 (4 min a year) is spent where there is no eclipse.
_MIDDLE: Final = Epoch.from_iso("2026-12-21")
_HALF_YEAR_DAYS: Final = 182.62
_STEP_S: Final = 60.0
_FINE_STEP_S: Final = 1.0
_SOURCE: Final = (
    "closed form: the Sun's motion over a year, cylindrical shadow of a sphere, node fixed to the "
    "mean Sun"
)


@dataclass(frozen=True, slots=True)
class _Year:
    """What a year in the light comes to."""

    mean_share: float
    days: int
    longest_min: float


def dawn_dusk_year() -> list[Case]:
    """Compare SGP4, Sun and shadow cones over a year with the closed form.

    Returns
    -------
    list of Case
        Mean share in eclipse, days with eclipse and the longest eclipse.
    """
    low, high = _year(550e3), _year(650e3)
    share_note = "published as a range, of which the middle is shown; tolerance: half the range "
    longest_note = (
        "tolerance: the printed digit on either side (0.10 min); J2 lowers the orbit over the "
        "shadow by 4 km, worth 0.08 min of it"
    )
    return [
        compare(
            "dawn-dusk 650 km, mean eclipse",
            3.95,
            100.0 * high.mean_share,
            tolerance=0.10,
            source=_SOURCE,
            unit="%",
            note=share_note + "(0.05) and its printed digit (0.05)",
        ),
        compare(
            "dawn-dusk 650 km, days with eclipse",
            89.0,
            high.days,
            tolerance=2.0,
            source=_SOURCE,
            unit="d",
            note=share_note + "(87 to 91 by umbra or penumbra)",
        ),
        compare(
            "dawn-dusk 650 km, longest eclipse",
            19.7,
            high.longest_min,
            tolerance=0.10,
            source=_SOURCE,
            unit="min",
            note=longest_note,
        ),
        compare(
            "dawn-dusk 550 km, mean eclipse",
            4.9,
            100.0 * low.mean_share,
            tolerance=0.15,
            source=_SOURCE,
            unit="%",
            note=share_note + "(0.10) and its printed digit (0.05)",
        ),
        compare(
            "dawn-dusk 550 km, longest eclipse",
            21.7,
            low.longest_min,
            tolerance=0.10,
            source=_SOURCE,
            unit="min",
            note=longest_note,
        ),
    ]


def _year(altitude_m: float) -> _Year:
    """Fly one satellite for a year, and the darkest day again in fine steps."""
    orbit = sun_synchronous_elements(
        "dawn-dusk", satellites=1, altitude_m=altitude_m, ltan_hours=6.0, epoch=_MIDDLE
    )
    span_s = _HALF_YEAR_DAYS * SECONDS_PER_DAY
    times = np.arange(-span_s, span_s, _STEP_S)
    dark = _darkness(orbit, times)
    day = np.floor(times / SECONDS_PER_DAY)
    days, of_day = np.unique(day, return_inverse=True)
    sums = np.bincount(of_day, weights=dark)
    darkest_s = float(days[np.argmax(sums)]) * SECONDS_PER_DAY
    fine = darkest_s + np.arange(0.0, SECONDS_PER_DAY, _FINE_STEP_S)
    return _Year(
        mean_share=float(dark.mean()),
        days=int(np.unique(day[dark > 0.5]).size),
        longest_min=_longest_run(_darkness(orbit, fine) > 0.5) * _FINE_STEP_S / 60.0,
    )


def _darkness(orbit: list[MeanElements], t_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Covered share of the Sun at each time, by a spherical Earth as the source has it."""
    position, _, _ = propagate(orbit, _MIDDLE, t_s)
    lit = illumination(position, sun_position_m(_MIDDLE, t_s), flattening=0.0)[0]
    covered: npt.NDArray[np.float64] = 1.0 - lit
    return covered


def _longest_run(dark: npt.NDArray[np.bool_]) -> int:
    """Length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]])))
    return int(np.max(edges[1::2] - edges[::2], initial=0))
