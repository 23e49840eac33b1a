"""Instants as a two-part Julian date, without the machine's clock or calendar library.

UTC is used throughout; leap seconds inside a run are outside the scope of this module and would
shift positions by at most one second of orbital motion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import J2000_JD, SECONDS_PER_DAY

_ISO = re.compile(
    r"^(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?(Z|\+00:00)?$",
    re.ASCII,
)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HALF_DAY = 0.5


@dataclass(frozen=True, slots=True, order=True)
class Epoch:
    """An instant in UTC.

    Parameters
    ----------
    jd_midnight : float
        Julian date of the preceding midnight (ends in .5), exact in binary.
    day_s : float
        Seconds since that midnight [s].
    """

    jd_midnight: float
    day_s: float

    @classmethod
    def from_iso(cls, text: str) -> Epoch:
        """Read ``2026-08-22T12:00:00Z``; the time and the ``Z`` may be left out.

        Parameters
        ----------
        text : str
            ISO 8601 date or date-time in UTC; ``2026-234`` is day 234 of the year, as in time
            code B of CCSDS 301.0.

        Returns
        -------
        Epoch
            The instant.

        Raises
        ------
        ValueError
            If the text is not such a date-time or names a day that does not exist.
        """
        match = _ISO.match(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a UTC date-time such as 2026-08-22T12:00:00Z")
        year, month, day, day_of_year = (int(part or 0) for part in match.groups()[:4])
        hour, minute, second = (int(part or 0) for part in match.groups()[4:7])
        if match[4] is not None:
            month, day = 1, day_of_year
        if not 1 <= day <= _days_of(year, month, whole_year=match[4] is not None):
            raise ValueError(f"{text!r} names a day that does not exist")
        if hour > 23 or minute > 59 or second > 59:
            raise ValueError(f"{text!r} names a time of day that does not exist")
        day_s = hour * 3600.0 + minute * 60.0 + second + float(match[8] or 0.0)
        return cls(julian_midnight(year, month, 1) + day - 1, day_s)

    @classmethod
    def from_year_and_day(cls, year: int, day_of_year: float) -> Epoch:
        """Build from a TLE's epoch: four-digit year and fractional day counted from 1.

        Parameters
        ----------
        year : int
            Four-digit year.
        day_of_year : float
            1.0 is 1 January 00:00 [d].

        Returns
        -------
        Epoch
            The instant.
        """
        whole = int(day_of_year)
        return cls(julian_midnight(year, 1, 1) + whole - 1, (day_of_year - whole) * SECONDS_PER_DAY)

    def plus(self, seconds_s: float) -> Epoch:
        """Move by a number of seconds.

        Parameters
        ----------
        seconds_s : float
            May be negative [s].

        Returns
        -------
        Epoch
            The moved instant, renormalised to its own midnight.
        """
        total_s = self.day_s + seconds_s
        days = np.floor(total_s / SECONDS_PER_DAY)
        return Epoch(float(self.jd_midnight + days), float(total_s - days * SECONDS_PER_DAY))

    def seconds_since(self, other: Epoch) -> float:
        """Say how much later this instant is.

        Parameters
        ----------
        other : Epoch
            The earlier instant.

        Returns
        -------
        float
            Elapsed time [s], negative if ``other`` is later.
        """
        return (self.jd_midnight - other.jd_midnight) * SECONDS_PER_DAY + (self.day_s - other.day_s)

    def julian_dates(
        self, t_s: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Split Julian dates of many times, as SGP4 wants them.

        Parameters
        ----------
        t_s : (n_times,) float array
            Seconds after this epoch [s].

        Returns
        -------
        jd : (n_times,) float array
            Julian date of the epoch's midnight [d].
        fraction : (n_times,) float array
            The rest [d].
        """
        times = np.asarray(t_s, dtype=np.float64)
        return np.full(times.shape, self.jd_midnight), (self.day_s + times) / SECONDS_PER_DAY

    @property
    def days_since_j2000(self) -> float:
        """Days since J2000.0 on the UTC scale [d]."""
        return (self.jd_midnight - J2000_JD) + self.day_s / SECONDS_PER_DAY

    def iso(self) -> str:
        """Write as ``2026-08-22T12:00:00Z``, rounded to the second.

        Returns
        -------
        str
            ISO 8601 in UTC.
        """
        rounded = Epoch(self.jd_midnight, 0.0).plus(float(np.round(self.day_s)))
        year, month, day = calendar_date(rounded.jd_midnight)
        whole_s = round(rounded.day_s)
        hour, rest_s = divmod(whole_s, 3600)
        minute, second = divmod(rest_s, 60)
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"

    def clock(self, t_s: float) -> str:
        """Write the time of day ``t_s`` after this epoch as ``14:02:31``.

        Parameters
        ----------
        t_s : float
            Seconds after this epoch [s].

        Returns
        -------
        str
            Time of day in UTC.
        """
        return self.plus(t_s).iso()[11:19]


def _days_of(year: int, month: int, *, whole_year: bool) -> int:
    """Days of a year or of a month, none of a month that does not exist."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if whole_year:
        return sum(_MONTH_DAYS) + leap
    if not 1 <= month <= len(_MONTH_DAYS):
        return 0
    return _MONTH_DAYS[month - 1] + (leap and month == 2)


def julian_midnight(year: int, month: int, day: int) -> float:
    """Julian date at 0 h of a Gregorian calendar day.

    Parameters
    ----------
    year, month, day : int
        Gregorian calendar date.

    Returns
    -------
    float
        Julian date [d], ending in .5.

    References
    ----------
    .. [1] H. F. Fliegel, T. C. Van Flandern, "A machine algorithm for processing calendar dates",
       Communications of the ACM 11, 657 (1968), doi:10.1145/364096.364097.
    """
    shift = (14 - month) // 12
    y = year + 4800 - shift
    m = month + 12 * shift - 3
    number = day + (153 * m + 2) // 5 + 365 * y + y // 4 - y // 100 + y // 400 - 32045
    return number - _HALF_DAY


def calendar_date(jd_midnight: float) -> tuple[int, int, int]:
    """Gregorian calendar day of a Julian date at 0 h (inverse of :func:`julian_midnight`).

    Parameters
    ----------
    jd_midnight : float
        Julian date ending in .5 [d].

    Returns
    -------
    tuple of int
        Year, month, day.
    """
    a = int(jd_midnight + _HALF_DAY) + 32044
    b = (4 * a + 3) // 146097
    c = a - 146097 * b // 4
    d = (4 * c + 3) // 1461
    e = c - 1461 * d // 4
    m = (5 * e + 2) // 153
    return 100 * b + d - 4800 + m // 10, m + 3 - 12 * (m // 10), e - (153 * m + 2) // 5 + 1
