"""Solar flux and geomagnetic activity from CelesTrak's space-weather files (CSSI format)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.errors import InputError, Problem
from perigrid.base.time import Epoch
from perigrid.scenario.forms import wrong_form

Floats = npt.NDArray[np.float64]

# Columns of FORMAT(I4,I3,I3,I5,I3,8I3,I4,8I4,I4,F4.1,I2,I4,F6.1,I2,5F6.1).
_DATE: Final = ((0, 4), (4, 7), (7, 10))
_AP: Final = (78, 82)
_FLUX: Final = (112, 118)
_FLUX_MEAN: Final = (118, 124)
_BLOCKS: Final = {"OBSERVED", "DAILY_PREDICTED", "MONTHLY_PREDICTED"}


@dataclass(frozen=True, slots=True)
class SpaceWeather:
    """Daily values, then monthly predictions.

    Parameters
    ----------
    start : Epoch
        Day of the first value, 0 h.
    t_s : (n,) float array
        Seconds after ``start`` [s].
    f107_sfu, f107_mean_sfu : (n,) float array
        Observed flux at 10.7 cm and its centred 81-day mean [sfu].
    ap : (n,) float array
        Daily Ap; NaN in monthly predictions [-].
    """

    start: Epoch
    t_s: Floats
    f107_sfu: Floats
    f107_mean_sfu: Floats
    ap: Floats


def parse_space_weather(text: str, path: str) -> SpaceWeather:
    """Read a CSSI space-weather file.

    Parameters
    ----------
    text : str
        Its content.
    path : str
        Its name, for messages.

    Returns
    -------
    SpaceWeather
        In order of time.

    Raises
    ------
    InputError
        If there are no data lines, or one cannot be read.

    References
    ----------
    .. [1] D. A. Vallado, T. S. Kelso, "Earth orientation parameter and space weather data for
       flight operations", AAS 13-373 (2013).
    """
    rows: list[tuple[float, float, float, float]] = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if words[:1] in (["BEGIN"], ["END"]):
            inside = words[0] == "BEGIN" and words[-1] in _BLOCKS
        elif inside and words:
            rows.append(_row(line, number, path))
    if not rows:
        remedy = "give a CSSI file with a BEGIN OBSERVED block"
        message = wrong_form(text, "space weather") or "has no space weather"
        raise InputError([Problem(message, remedy, path=path)])
    day, flux, mean, ap = np.array(sorted(rows)).T
    start = Epoch(float(day[0]), 0.0)
    return SpaceWeather(start, (day - day[0]) * 86_400.0, flux, mean, ap)


def _row(line: str, number: int, path: str) -> tuple[float, float, float, float]:
    """Read day, flux, mean flux and Ap of one line."""
    try:
        year, month, day = (int(line[slice(*columns)]) for columns in _DATE)
        date = Epoch.from_iso(f"{year:04d}-{month:02d}-{day:02d}")
        ap = line[slice(*_AP)].strip()
        flux, mean = _finite(line[slice(*_FLUX)]), _finite(line[slice(*_FLUX_MEAN)])
        return date.jd_midnight, flux, mean, _finite(ap) if ap else math.nan
    except ValueError as error:
        problem = Problem(
            "is not a line of space weather",
            "keep the columns of the CSSI format",
            path=path,
            line=number,
            source_line=line,
        )
        raise InputError([problem]) from error


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no number")
    return value
