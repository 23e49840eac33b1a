"""A set of satellites prepared once and propagated many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.chunks import over_ranges
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4 import deep_columns as by
from perigrid.physics.orbit.sgp4.block import UNFIT, Codes, Floats, Ints, new_block
from perigrid.physics.orbit.sgp4.constants import SECULAR_COLUMNS
from perigrid.physics.orbit.sgp4.deep_initialise import deep_table
from perigrid.physics.orbit.sgp4.initialise import Orbits, is_deep, recover_orbits, secular_table
from perigrid.physics.orbit.sgp4.kernel import propagate_deep, propagate_near, propagate_unfit
from perigrid.physics.orbit.sgp4.near_earth import NEAR_CIRCULAR

_SECONDS_PER_MINUTE: Final = 60.0
# Initialised together: the temporaries of so many stay in the processor's cache.
_CHUNK: Final = 4096
# States below which a further thread is not worth its start (some 0.5 ms of work).
_STATES_PER_THREAD: Final = 30_000

States = tuple[Floats, Floats, Codes]
Consume = Callable[[int, Floats, Floats, Codes], None]


@dataclass(frozen=True, slots=True)
class Sgp4Set:
    """Satellites ready to propagate.

    Parameters
    ----------
    jd_midnight, day_s : (n,) float array
        Epochs: Julian date of the preceding midnight [d], seconds after it [s].
    secular : (n, SECULAR_COLUMNS) float array
        Coefficients of every satellite.
    deep_rows : (n_deep,) int array
        Which satellites are in deep space, ascending.
    deep : (n_deep, DEEP_COLUMNS) float array
        Their further coefficients.

    Notes
    -----
    WGS 72 and the improved mode, as element sets are published. States agree with the published
    vectors, and with python-sgp4 within weeks of the epoch, to 1 mm. Where a state hangs on the
    last digit both stray: blown-up drag series (codes of the routine notwithstanding), and
    resonant orbits after decades (centimetres to metres, at worst 140 m after 20 years in
    geostationary orbit). See ``design/sgp4.md``.

    References
    ----------
    .. [1] D. A. Vallado, P. Crawford, R. Hujsak, T. S. Kelso, "Revisiting Spacetrack Report #3",
       AIAA 2006-6753, doi:10.2514/6.2006-6753.
    """

    jd_midnight: Floats
    day_s: Floats
    secular: Floats
    deep_rows: Ints
    deep: Floats

    @classmethod
    def from_elements(cls, elements: Sequence[MeanElements]) -> Sgp4Set:
        """Prepare satellites from their elements.

        Parameters
        ----------
        elements : sequence of MeanElements
            One set per satellite.

        Returns
        -------
        Sgp4Set
            In the same order.
        """
        return cls.from_arrays(ElementArrays.of(elements))

    @classmethod
    def from_arrays(cls, elements: ElementArrays) -> Sgp4Set:
        """Prepare satellites from columns of elements.

        Parameters
        ----------
        elements : ElementArrays
            One row per satellite.

        Returns
        -------
        Sgp4Set
            In the same order.
        """
        count = len(elements)
        secular = np.empty((count, SECULAR_COLUMNS))
        rows: list[Ints] = []
        tables: list[Floats] = []
        for first in range(0, count, _CHUNK):
            part = slice(first, first + _CHUNK)
            # Impossible elements give numbers that are none; see ``propagate``.
            with np.errstate(all="ignore"):
                secular[part], deep, table = _prepare(elements, part)
            rows.append(deep + first)
            tables.append(table)
        return cls(
            jd_midnight=elements.jd_midnight,
            day_s=elements.day_s,
            secular=secular,
            deep_rows=np.concatenate([*rows, np.empty(0, dtype=np.int64)]),
            deep=np.concatenate([*tables, np.empty((0, by.DEEP_COLUMNS))]),
        )

    def __len__(self) -> int:
        return len(self.day_s)

    def propagate(self, start: Epoch, t_s: Floats, into: States | None = None) -> States:
        """Compute positions and velocities.

        Parameters
        ----------
        start : Epoch
            Instant of ``t_s = 0``.
        t_s : (n_times,) float array
            Seconds after ``start`` [s].
        into : tuple of arrays, optional
            Position, velocity and error code to write into, shaped as the answer. Memory that was
            used before saves more time than the arithmetic takes.

        Returns
        -------
        position_teme_m : (3, n, n_times) float array
            Position in TEME, true equator and mean equinox of date [m].
        velocity_teme_m_s : (3, n, n_times) float array
            Velocity in TEME [m/s].
        error : (n, n_times) uint8 array
            SGP4 error code, 0 for none; 6 means decayed. Codes 1 to 5 leave NaN behind. As in the
            published routine, elements that are no numbers, a negative mean motion and an
            eccentricity of exactly 1 give NaN with code 0: test positions, not codes alone.

        Raises
        ------
        ValueError
            If a time is not finite.
        """
        return self.propagate_range(0, len(self), start, t_s, into)

    def propagate_range(
        self, first: int, stop: int, start: Epoch, t_s: Floats, into: States | None = None
    ) -> States:
        """Compute positions and velocities of satellites ``first`` to ``stop``.

        Parameters
        ----------
        first, stop : int
            Range of satellites.
        start : Epoch
            Instant of ``t_s = 0``.
        t_s : (n_times,) float array
            Seconds after ``start`` [s].
        into : tuple of arrays, optional
            As for :meth:`propagate`, with a row for each satellite of the range.

        Returns
        -------
        position_teme_m : (3, stop - first, n_times) float array
            Position in TEME [m].
        velocity_teme_m_s : (3, stop - first, n_times) float array
            Velocity in TEME [m/s].
        error : (stop - first, n_times) uint8 array
            SGP4 error code.

        Raises
        ------
        ValueError
            If a time is not finite.
        """
        t_min = np.asarray(t_s, dtype=np.float64) / _SECONDS_PER_MINUTE
        if not np.isfinite(t_min).all():
            raise ValueError("times to propagate to must be finite numbers")
        shape = (stop - first, len(t_min))
        if into is None:
            into = np.empty((3, *shape)), np.empty((3, *shape)), np.empty(shape, dtype=np.uint8)
        outputs = into
        if 0 in shape:
            return outputs
        age_min = self._age_min(start, first, stop)
        deep = slice(*np.searchsorted(self.deep_rows, [first, stop]).tolist())
        in_deep = self.deep_rows[deep] - first
        near = np.setdiff1d(np.arange(stop - first), in_deep, assume_unique=True)
        secular, table = self.secular[first:stop], self.deep[deep]
        smallest = max(1, _STATES_PER_THREAD // len(t_min))
        if len(near):
            over_ranges(
                lambda low, high: _propagate_near_earth(
                    secular, near[low:high], age_min, t_min, outputs
                ),
                len(near),
                smallest,
            )
        if len(in_deep):
            over_ranges(
                lambda low, high: propagate_deep(
                    secular,
                    table[low:high],
                    in_deep[low:high],
                    age_min,
                    t_min,
                    new_block(),
                    *outputs,
                ),
                len(in_deep),
                smallest,
            )
        return outputs

    def _age_min(self, start: Epoch, first: int, stop: int) -> Floats:
        """Time from each epoch to the start."""
        days = start.jd_midnight - self.jd_midnight[first:stop]
        age_s = days * SECONDS_PER_DAY + (start.day_s - self.day_s[first:stop])
        age_min: Floats = age_s / _SECONDS_PER_MINUTE
        return age_min


def _propagate_near_earth(
    secular: Floats, rows: Ints, age_min: Floats, t_min: Floats, outputs: States
) -> None:
    """Propagate near-earth satellites: near-circular ones first, then what did not fit."""
    # What is not a number goes to the general kernels, which know the error codes.
    slight = secular[rows, of.ECCENTRICITY] < NEAR_CIRCULAR
    circular = slight & (secular[rows, of.MEAN_MOTION_0] > 0.0)
    block, left = new_block(), not circular.all()
    if left:
        outputs[2][rows[~circular]] = UNFIT
    if circular.any():
        some = rows[circular]
        left |= propagate_near(secular, some, age_min, t_min, block, *outputs) > 0
    if left:
        propagate_unfit(secular, rows, age_min, t_min, block, *outputs)


def propagate_ranges(
    satellites: Sgp4Set, start: Epoch, t_s: Floats, consume: Consume, range_length: int = 32
) -> None:
    """Propagate a set range by range through the same memory, for sets too large to keep.

    Parameters
    ----------
    satellites : Sgp4Set
        A million of them need no more memory for states than ``range_length`` do.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].
    consume : callable
        Takes the number of the first satellite, positions [m], velocities [m/s] and error codes of
        a range. The arrays are overwritten afterwards: copy what is to stay.
    range_length : int
        Satellites at a time.
    """
    n_times = len(t_s)
    states = np.empty((2, 3 * range_length * n_times))
    error = np.empty((range_length, n_times), dtype=np.uint8)
    for first in range(0, len(satellites), range_length):
        stop = min(first + range_length, len(satellites))
        count = stop - first
        # The last, shorter range lies without gaps too: the kernels are compiled for no other.
        used = 3 * count * n_times
        position, velocity = (one[:used].reshape(3, count, n_times) for one in states)
        into = position, velocity, error[:count]
        satellites.propagate_range(first, stop, start, t_s, into)
        consume(first, *into)


def _prepare(elements: ElementArrays, part: slice) -> tuple[Floats, Ints, Floats]:
    """Prepare some rows: secular table, which are in deep space, and their table."""
    orbits = recover_orbits(
        mean_motion_rad_s=elements.mean_motion_rad_s[part],
        eccentricity=elements.eccentricity[part],
        inclination_rad=elements.inclination_rad[part],
        raan_rad=elements.raan_rad[part],
        argument_of_perigee_rad=elements.argument_of_perigee_rad[part],
        mean_anomaly_rad=elements.mean_anomaly_rad[part],
        bstar=elements.bstar[part],
    )
    secular = secular_table(orbits)
    deep = np.flatnonzero(is_deep(orbits))
    if len(deep) == 0:
        return secular, deep, np.empty((0, by.DEEP_COLUMNS))
    some = Orbits(**{name: getattr(orbits, name)[deep] for name in Orbits.__slots__})
    # One float of a Julian date, as the published routine reads it from a TLE: Sun and Moon then
    # match the published vectors, which share this rounding of 40 us.
    julian_date = (elements.jd_midnight[part] + elements.day_s[part] / SECONDS_PER_DAY)[deep]
    return secular, deep, deep_table(some, secular[deep], julian_date)
