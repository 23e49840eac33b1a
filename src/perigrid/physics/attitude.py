"""Where a satellite's faces and its solar array point: attitude modes and pointing rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import inlined_part, kernel, part

Floats = npt.NDArray[np.float64]
Vector = tuple[float, float, float]

ATTITUDES: Final = ("sun", "nadir", "velocity", "yaw-steering", "single-axis")
"""Attitude modes that :func:`body_axes` knows; their number in this tuple is the kernel's code.

``sun``: z to the Sun, y in the orbit plane. ``nadir``: z to the Earth's centre, y against the
orbit normal, x forward. ``velocity``: x along the velocity, y against the orbit normal.
``yaw-steering``: z to the Earth's centre, turned about z until the Sun stands in the x-z plane with
x towards it. ``single-axis``: y along the orbit normal, z as near the Sun as that axis allows.
"""

POINTINGS: Final = ("sun", "single-axis", "nadir", "yaw-steering", "fixed")
"""Ways to point an array that :func:`array_cosines` knows."""

_SMALLEST_ROWS: Final = 4
# Below this sine two directions do not span a plane to work with.
_PARALLEL: Final = 1.0e-9


@dataclass(frozen=True, slots=True)
class FaceCosines:
    """How a face stands to the Sun and to the Earth.

    Parameters
    ----------
    sun, nadir : (n, n_times) float array
        Cosine of the angle from the face's normal to the Sun and to the Earth's centre, -1 to 1.
    """

    sun: Floats
    nadir: Floats


def body_axes(
    attitude: str, position_teme_m: Floats, velocity_teme_m_s: Floats, sun_m: Floats
) -> Floats:
    """Directions of a satellite's body axes.

    Parameters
    ----------
    attitude : str
        One of :data:`ATTITUDES`.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].

    Returns
    -------
    (3, 3, n, n_times) float array
        Unit vectors x, y, z along the first axis, their TEME components along the second;
        right-handed.

    Raises
    ------
    ValueError
        If the attitude is not one of :data:`ATTITUDES`.

    Notes
    -----
    Where a mode leaves a turn open (the Sun along the orbit normal for ``sun`` and
    ``single-axis``, along the vertical for ``yaw-steering``), the orbit's own axes settle it.
    """
    mode = _mode(attitude)
    position, velocity, sun = _contiguous(position_teme_m, velocity_teme_m_s, sun_m)
    axes = np.empty((3, 3, *position.shape[1:]))
    over_ranges(
        lambda first, stop: _fill_axes(mode, position, velocity, sun, axes, first, stop),
        position.shape[1],
        _SMALLEST_ROWS,
    )
    return axes


def face_cosines(
    attitude: str,
    normal_body: Vector,
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    sun_m: Floats,
) -> FaceCosines:
    """Angles from a face to the Sun and to the Earth, for a face fixed to the body.

    Parameters
    ----------
    attitude : str
        One of :data:`ATTITUDES`.
    normal_body : tuple of float
        Outward normal in body axes, of any length above 0.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].

    Returns
    -------
    FaceCosines
        Signed: below 0 the face looks away.

    Raises
    ------
    ValueError
        If the attitude is not one of :data:`ATTITUDES`, or the normal has no direction.
    """
    mode = _mode(attitude)
    length = float(np.linalg.norm(normal_body))
    if not (length > 0.0 and np.isfinite(length)):
        raise ValueError(f"the face's normal {normal_body} has no direction")
    normal = np.array(normal_body, dtype=np.float64) / length
    position, velocity, sun = _contiguous(position_teme_m, velocity_teme_m_s, sun_m)
    towards = np.empty((2, *position.shape[1:]))
    over_ranges(
        lambda first, stop: _fill_cosines(
            mode, normal, position, velocity, sun, towards, first, stop
        ),
        position.shape[1],
        _SMALLEST_ROWS,
    )
    return FaceCosines(towards[0], towards[1])


def array_cosines(
    pointing: str,
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    sun_m: Floats,
    normal_lvlh: Vector = (0.0, 0.0, 1.0),
) -> FaceCosines:
    """Angles from a solar array's normal to the Sun and to the Earth.

    Parameters
    ----------
    pointing : str
        ``sun``: two axes, always face-on. ``single-axis``: turns about the orbit normal.
        ``yaw-steering``: turns about one body axis while the body turns about the vertical, and so
        is always face-on. ``nadir``: fixed, facing away from the Earth. ``fixed``: along
        ``normal_lvlh``.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    normal_lvlh : tuple of float
        For ``fixed``: forward, along the orbit normal, up.

    Returns
    -------
    FaceCosines
        Signed.

    Raises
    ------
    ValueError
        If the pointing is not one of :data:`POINTINGS`, or the normal has no direction.
    """
    if pointing not in POINTINGS:
        raise ValueError(f"pointing {pointing!r} is not one of {', '.join(POINTINGS)}")
    forward, normal, up = normal_lvlh if pointing == "fixed" else (0.0, 0.0, 1.0)
    if pointing in {"nadir", "fixed"}:
        return face_cosines(
            "nadir", (forward, -normal, -up), position_teme_m, velocity_teme_m_s, sun_m
        )
    attitude = "single-axis" if pointing == "single-axis" else "sun"
    return face_cosines(attitude, (0.0, 0.0, 1.0), position_teme_m, velocity_teme_m_s, sun_m)


def _mode(attitude: str) -> int:
    """Find the number of an attitude mode."""
    if attitude not in ATTITUDES:
        raise ValueError(f"attitude {attitude!r} is not one of {', '.join(ATTITUDES)}")
    return ATTITUDES.index(attitude)


def _contiguous(*arrays: Floats) -> tuple[Floats, ...]:
    """Give a kernel one layout to compile for."""
    return tuple(np.ascontiguousarray(one, dtype=np.float64) for one in arrays)


@inlined_part
def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@inlined_part
def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@inlined_part
def _scaled(a: Vector, factor: float) -> Vector:
    return (a[0] * factor, a[1] * factor, a[2] * factor)


@inlined_part
def _unit(a: Vector) -> Vector:
    return _scaled(a, 1.0 / np.sqrt(_dot(a, a)))


@part
def _perpendicular(a: Vector, b: Vector, otherwise: Vector) -> Vector:
    """Find the unit vector along ``a x b``, or take another where the two are parallel."""
    across = _cross(a, b)
    if _dot(across, across) < _PARALLEL * _PARALLEL:
        return otherwise
    return _unit(across)


@part
def _axes(
    mode: int, position: Vector, velocity: Vector, sun: Vector
) -> tuple[Vector, Vector, Vector]:
    """Body axes x, y, z of one satellite at one time."""
    up = _unit(position)
    to_sun = _unit((sun[0] - position[0], sun[1] - position[1], sun[2] - position[2]))
    normal = _unit(_cross(position, velocity))
    down = _scaled(up, -1.0)
    against = _scaled(normal, -1.0)
    if mode == 0:  # sun
        y = _perpendicular(to_sun, normal, up)
        return _cross(y, to_sun), y, to_sun
    if mode == 2:  # velocity
        ahead = _unit(velocity)
        return ahead, against, _cross(ahead, against)
    if mode == 3:  # yaw-steering
        y = _perpendicular(down, to_sun, against)
        return _cross(y, down), y, down
    if mode == 4:  # single-axis
        x = _perpendicular(normal, to_sun, _cross(normal, up))
        return x, normal, _cross(x, normal)
    return _cross(against, down), against, down


@kernel
def _fill_axes(
    mode: int, position: Floats, velocity: Floats, sun: Floats, axes: Floats, first: int, stop: int
) -> None:
    """Body axes of satellites ``first`` to ``stop`` at every time."""
    for row in range(first, stop):
        for t in range(position.shape[2]):
            found = _axes(
                mode,
                (position[0, row, t], position[1, row, t], position[2, row, t]),
                (velocity[0, row, t], velocity[1, row, t], velocity[2, row, t]),
                (sun[0, t], sun[1, t], sun[2, t]),
            )
            for axis in range(3):
                for component in range(3):
                    axes[axis, component, row, t] = found[axis][component]


@kernel
def _fill_cosines(
    mode: int,
    normal: Floats,
    position: Floats,
    velocity: Floats,
    sun: Floats,
    towards: Floats,
    first: int,
    stop: int,
) -> None:
    """Cosines of a face's normal to Sun and nadir, of satellites ``first`` to ``stop``."""
    for row in range(first, stop):
        for t in range(position.shape[2]):
            place = (position[0, row, t], position[1, row, t], position[2, row, t])
            star = (sun[0, t], sun[1, t], sun[2, t])
            x, y, z = _axes(
                mode, place, (velocity[0, row, t], velocity[1, row, t], velocity[2, row, t]), star
            )
            face = (
                normal[0] * x[0] + normal[1] * y[0] + normal[2] * z[0],
                normal[0] * x[1] + normal[1] * y[1] + normal[2] * z[1],
                normal[0] * x[2] + normal[1] * y[2] + normal[2] * z[2],
            )
            to_sun = _unit((star[0] - place[0], star[1] - place[1], star[2] - place[2]))
            towards[0, row, t] = min(1.0, max(-1.0, _dot(face, to_sun)))
            towards[1, row, t] = min(1.0, max(-1.0, -_dot(face, _unit(place))))
