"""Radiator panels with two faces and an attitude, and what Sun and Earth send them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_ALBEDO,
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_INFRARED_W_M2,
    SOLAR_CONSTANT_W_M2,
)
from perigrid.physics.attitude import body_axes
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel
from perigrid.physics.view_factor import plate_to_sphere

Floats = npt.NDArray[np.float64]

# Body axes that a front looks along: attitude mode, axis, sign.
_FRONTS: Final = {
    "zenith": ("nadir", 2, -1.0),
    "velocity": ("nadir", 0, 1.0),
    "orbit-normal": ("nadir", 1, -1.0),
    "sun": ("sun", 2, 1.0),
    "sun-edge-on": ("yaw-steering", 1, -1.0),
}

ATTITUDES: Final = tuple(_FRONTS)
"""Ways to point a panel's front that :func:`front_normal` knows."""

# Below this a thread costs more than it saves.
_CELLS_PER_THREAD: Final = 2048


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a radiator panel.

    Parameters
    ----------
    area_m2 : float
        Area [m2].
    emissivity : float
        In the thermal infrared.
    absorptivity : float
        In sunlight, now.

    Raises
    ------
    ValueError
        If the area is negative or a property outside 0 to 1.
    """

    area_m2: float
    emissivity: float
    absorptivity: float

    def __post_init__(self) -> None:
        if not self.area_m2 >= 0.0:
            raise ValueError(f"an area of {self.area_m2} m2 is not possible")
        if not (0.0 <= self.emissivity <= 1.0 and 0.0 <= self.absorptivity <= 1.0):
            raise ValueError("emissivity and absorptivity lie between 0 and 1")


def aged_absorptivity(
    absorptivity: float,
    absorptivity_per_year: float,
    age_years: float,
    *,
    limit_absorptivity: float = 1.0,
) -> float:
    """Solar absorptivity of a coating that ultraviolet light and atoms darken.

    Parameters
    ----------
    absorptivity : float
        At begin of life.
    absorptivity_per_year : float
        Rise per year [1/year].
    age_years : float
        Time in orbit [year].
    limit_absorptivity : float
        At which darkening ends, at or above the value at begin of life.

    Returns
    -------
    float
        Absorptivity now.

    Notes
    -----
    A straight rise up to a limit. Real coatings darken fastest at first, so a line through the
    begin and the end of life lies below them in between.
    """
    return min(absorptivity + absorptivity_per_year * age_years, limit_absorptivity)


def front_normal(
    attitude: str, position_teme_m: Floats, velocity_teme_m_s: Floats, sun_m: Floats
) -> Floats:
    """Point a panel's front by attitude.

    Parameters
    ----------
    attitude : str
        ``zenith``: away from the Earth, the back looks down; ``velocity`` and ``orbit-normal``:
        upright, edge-on to the Earth; ``sun``: face-on to the Sun; ``sun-edge-on``: upright and
        edge-on to the Sun as well.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].

    Returns
    -------
    (3, n, n_times) float array
        Of length one.

    Raises
    ------
    ValueError
        If the attitude is not one of :data:`ATTITUDES`.
    """
    if attitude not in ATTITUDES:
        raise ValueError(f"attitude {attitude!r} is not one of {', '.join(ATTITUDES)}")
    mode, axis, sign = _FRONTS[attitude]
    normal: Floats = sign * body_axes(mode, position_teme_m, velocity_teme_m_s, sun_m)[axis]
    return normal


def two_face_environment_w(
    position_teme_m: Floats,
    sun_m: Floats,
    illumination: Floats,
    normal: Floats,
    *,
    front: Face,
    back: Face,
) -> Floats:
    """Heat that both faces of a panel take up from Sun, sunlit Earth and warm Earth.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    illumination : (n, n_times) float array
        Share of the solar disc in view.
    normal : (3, n, n_times) float array
        Unit vector out of the front, as :func:`front_normal` gives it.
    front, back : Face
        Areas and coatings.

    Returns
    -------
    (n, n_times) float array
        Absorbed power [W].

    Notes
    -----
    Per face ``A [alpha S (nu cos+ + a F cos+ psi) + eps F q]``, with the exact view factor ``F`` of
    a plate to a sphere of the equatorial radius at this altitude and tilt. Albedo goes with the
    Sun's zenith angle ``psi`` at the sub-satellite point, as if all the Earth in view were lit as
    the point below: on a level plate at 550 km this is within 3 % of the subsolar value of the
    integral over a diffuse sphere, but it leaves the last light past the terminator out. Panels
    shade nothing and are shaded by nothing.

    References
    ----------
    .. [1] D. G. Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, 2nd ed. (2002), ch. 2.
    """
    lit = np.ascontiguousarray(illumination)
    absorbed = np.empty(lit.shape)
    position, sun = np.ascontiguousarray(position_teme_m), np.ascontiguousarray(sun_m)
    out = np.ascontiguousarray(normal)
    faces = np.array([(face.area_m2, face.emissivity, face.absorptivity) for face in (front, back)])

    def work(first: int, stop: int) -> None:
        _two_face_rows(first, stop, position, sun, out, lit, faces, absorbed)

    over_ranges(work, len(lit), 1 + _CELLS_PER_THREAD // max(1, lit.shape[1]))
    return absorbed


@kernel
def _two_face_rows(
    first: int,
    stop: int,
    position: Floats,
    sun: Floats,
    normal: Floats,
    lit: Floats,
    faces: Floats,
    absorbed: Floats,
) -> None:
    """Heat taken up by satellites ``first`` to ``stop``."""
    for row in range(first, stop):
        for time in range(lit.shape[1]):
            sun_square = radius_square = along = down = towards = 0.0
            for axis in range(3):
                p, s = position[axis, row, time], sun[axis, time]
                n = normal[axis, row, time]
                sun_square += s * s
                radius_square += p * p
                along += p * s
                down -= n * p
                towards += n * s
            radius, sun_distance = np.sqrt(radius_square), np.sqrt(sun_square)
            irradiance = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M**2 / sun_square)
            reflected = EARTH_ALBEDO * max(along, 0.0) / (radius * sun_distance)
            ratio = radius / EARTH_EQUATORIAL_RADIUS_M
            total = 0.0
            for side in range(2):
                sign = 1.0 - 2.0 * side
                area, emissivity, absorptivity = faces[side]
                view = plate_to_sphere(sign * down / radius, ratio)
                direct = lit[row, time] * max(sign * towards, 0.0) / sun_distance
                sunlight = absorptivity * irradiance * (direct + reflected * view)
                total += area * (sunlight + emissivity * view * EARTH_INFRARED_W_M2)
            absorbed[row, time] = total
