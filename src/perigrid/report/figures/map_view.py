"""Which part of the Earth a map shows: all of it, or the area in which something was seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TURN_DEG: Final = 360.0

_WIDTH_PX: Final = 720.0
_SPARE: Final = 0.2  # of the area on each side
_LEAST_DEG: Final = 4.0
_FLATTEST: Final = 0.4  # height over width
_STEEPEST: Final = 0.9
_WIDE_DEG: Final = 150.0  # a wider area is shown on the map of the world
_TALL_DEG: Final = 75.0
_MOST_LINES: Final = 7
_STEPS_DEG: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)


@dataclass(frozen=True)
class MapView:
    """A rectangle of longitudes and latitudes, and how large a degree is drawn.

    Parameters
    ----------
    west_deg, north_deg : float
        Upper left corner [deg].
    width_px, height_px : float
        Size of the map [px].
    x_px_per_deg, y_px_per_deg : float
        Size of a degree of longitude and of latitude [px/deg].
    meridian_step_deg, parallel_step_deg : float
        Between the lines of the graticule [deg].
    """

    west_deg: float
    north_deg: float
    width_px: float
    height_px: float
    x_px_per_deg: float
    y_px_per_deg: float
    meridian_step_deg: float
    parallel_step_deg: float

    @property
    def east_deg(self) -> float:
        """Right edge; beyond 180 where the view crosses the date line [deg]."""
        return self.west_deg + self.width_px / self.x_px_per_deg

    @property
    def south_deg(self) -> float:
        """Lower edge [deg]."""
        return self.north_deg - self.height_px / self.y_px_per_deg

    @property
    def turn_px(self) -> float:
        """Width of the whole Earth at this scale [px]."""
        return TURN_DEG * self.x_px_per_deg

    @cached_property
    def meridians_deg(self) -> tuple[float, ...]:
        """Longitudes of lines inside the view [deg]."""
        return _multiples(self.meridian_step_deg, self.west_deg, self.east_deg)

    @cached_property
    def parallels_deg(self) -> tuple[float, ...]:
        """Latitudes of lines inside the view [deg]."""
        return _multiples(self.parallel_step_deg, self.south_deg, self.north_deg)

    @property
    def caption(self) -> str:
        """What a reader has to know of the map."""
        shown = "Equirectangular" if self == WORLD else "The area seen, true to scale in its middle"
        across, down = f"{self.meridian_step_deg:g}°", f"{self.parallel_step_deg:g}°"
        apart = f"{1.0 / self.y_px_per_deg:.2g}°"
        return (
            f"{shown}; lines every {across} of longitude and {down} of latitude. Marks of "
            f"the same outcome within {apart} are drawn as one."
        )

    def x_px(self, longitude_deg: float) -> float:
        """Place a longitude that lies in the view.

        Parameters
        ----------
        longitude_deg : float
            Between the edges, and so perhaps beyond 180 [deg].

        Returns
        -------
        float
            From the left edge [px].
        """
        return (longitude_deg - self.west_deg) * self.x_px_per_deg

    def y_px(self, latitude_deg: float) -> float:
        """Place a latitude.

        Parameters
        ----------
        latitude_deg : float
            North positive [deg].

        Returns
        -------
        float
            From the upper edge [px].
        """
        return (self.north_deg - latitude_deg) * self.y_px_per_deg

    def place(self, latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
        """Place points; what lies beyond the edges lies just outside.

        Parameters
        ----------
        latitude_deg, longitude_deg : (n,) float array
            Points [deg].

        Returns
        -------
        x_px, y_px : (n,) float array
            From the upper left corner [px].
        """
        # centred on the view, so that a point a little to the west lies a little to the left
        spare_deg = (TURN_DEG - (self.east_deg - self.west_deg)) / 2.0
        first_deg = self.west_deg - spare_deg
        turned = first_deg + np.mod(longitude_deg - first_deg, TURN_DEG)
        if self == WORLD:
            turned = np.asarray(longitude_deg, dtype=np.float64)
        x_px = (turned - self.west_deg) * self.x_px_per_deg
        beyond_deg = 8.0 / self.y_px_per_deg
        kept = np.clip(latitude_deg, self.south_deg - beyond_deg, self.north_deg + beyond_deg)
        if self == WORLD:
            kept = np.minimum(kept, self.north_deg)
        y_px: Floats = (self.north_deg - kept) * self.y_px_per_deg
        return x_px, y_px

    def transform(self, turns: int) -> str:
        """Move and stretch a drawing of the whole Earth to this view.

        Parameters
        ----------
        turns : int
            Turns about the axis to the east.

        Returns
        -------
        str
            For the attribute ``transform``.
        """
        across = self.x_px_per_deg / WORLD.x_px_per_deg
        down = self.y_px_per_deg / WORLD.y_px_per_deg
        x_px = (WORLD.west_deg + turns * TURN_DEG - self.west_deg) * self.x_px_per_deg
        y_px = (self.north_deg - WORLD.north_deg) * self.y_px_per_deg
        return f"translate({x_px:.1f} {y_px:.1f}) scale({across:.4f} {down:.4f})"

    def meridian(self, longitude_deg: float) -> str:
        """Write a longitude.

        Parameters
        ----------
        longitude_deg : float
            East positive, perhaps beyond 180 [deg].

        Returns
        -------
        str
            Such as ``20° E``.
        """
        return _spell((longitude_deg + 180.0) % TURN_DEG - 180.0, "EW")

    def parallel(self, latitude_deg: float) -> str:
        """Write a latitude.

        Parameters
        ----------
        latitude_deg : float
            North positive [deg].

        Returns
        -------
        str
            Such as ``65° N``.
        """
        return _spell(latitude_deg, "NS")


WORLD: Final = MapView(-180.0, 85.0, 720.0, 314.0, 2.0, 2.0, 60.0, 30.0)
"""All longitudes, as far as people live."""


def view_of(latitude_deg: Floats, longitude_deg: Floats) -> MapView:
    """Choose a view for observations.

    Parameters
    ----------
    latitude_deg, longitude_deg : (n,) float array
        Where they were taken [deg].

    Returns
    -------
    MapView
        Around all of them if they lie in a small area, with a margin; else the world.
    """
    latitude = np.asarray(latitude_deg, dtype=np.float64)
    longitude = np.asarray(longitude_deg, dtype=np.float64)
    if not len(latitude):
        return WORLD
    west_deg, wide_deg = _arc(longitude)
    south_deg, tall_deg = float(latitude.min()), float(np.ptp(latitude))
    if wide_deg > _WIDE_DEG or tall_deg > _TALL_DEG:
        return WORLD
    middle_deg = south_deg + tall_deg / 2.0
    shrink = max(math.cos(math.radians(middle_deg)), 0.1)
    tall_deg = max(tall_deg * (1.0 + 2.0 * _SPARE), _LEAST_DEG)
    wide_true_deg = max(wide_deg * (1.0 + 2.0 * _SPARE) * shrink, _LEAST_DEG)
    wide_true_deg = max(wide_true_deg, tall_deg / _STEEPEST)
    tall_deg = max(tall_deg, wide_true_deg * _FLATTEST)
    if wide_true_deg / shrink > TURN_DEG / 2.0 or tall_deg > TURN_DEG / 4.0:
        return WORLD
    per_deg = _WIDTH_PX / wide_true_deg
    north_deg = min(middle_deg + tall_deg / 2.0, 90.0)
    return MapView(
        west_deg + wide_deg / 2.0 - wide_true_deg / shrink / 2.0,
        north_deg,
        _WIDTH_PX,
        round(tall_deg * per_deg),
        per_deg * shrink,
        per_deg,
        _step(wide_true_deg / shrink),
        _step(tall_deg),
    )


def _arc(longitude_deg: Floats) -> tuple[float, float]:
    """Western end and width of the shortest arc that holds all longitudes."""
    ordered = np.unique(np.mod(longitude_deg, TURN_DEG))
    gaps = np.diff(np.append(ordered, ordered[0] + TURN_DEG))
    widest = int(np.argmax(gaps))
    west = float(ordered[(widest + 1) % len(ordered)])
    return (west + 180.0) % TURN_DEG - 180.0, TURN_DEG - float(gaps[widest])


def _step(span_deg: float) -> float:
    return next((step for step in _STEPS_DEG if span_deg / step <= _MOST_LINES), 60.0)


def _multiples(step: float, low: float, high: float) -> tuple[float, ...]:
    first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
    return tuple(index * step for index in range(first, last + 1))


def _spell(degrees: float, letters: str) -> str:
    side = "" if degrees == 0.0 else f" {letters[0] if degrees > 0.0 else letters[1]}"
    return f"{abs(degrees):g}°{side}"
