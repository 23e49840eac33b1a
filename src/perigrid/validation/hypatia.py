"""Networks as hypatia builds them, to compare routes with those that it published.

References
----------
.. [1] S. Kassing, D. Bhattacherjee, A. B. Aguas, J. E. Saethre, A. Singla, "Exploring the
   'Internet from space' with Hypatia", IMC 2020, doi:10.1145/3419394.3423635.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch, julian_midnight
from perigrid.fleet.network.series import RouteSeries, route_series
from perigrid.fleet.network.snapshot import GroundNodes, LaserLimits, Snapshot, snapshot
from perigrid.fleet.relay_mesh import mesh_grid
from perigrid.physics.frames import gmst_rad, teme_to_ecef, up_vector
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.physics.topology import plus_grid_pairs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EPOCH: Final = Epoch(julian_midnight(2000, 1, 1), 0.0)
_RADIUS_M: Final = 6_378_135.0  # WGS 72, as hypatia takes it
_FLATTENING: Final = 1.0 / 298.26
_LOWEST_LASER_M: Final = 80.0e3
_ECCENTRICITY: Final = 1.0e-7
_TIMES_AT_ONCE: Final = 512


@dataclass(frozen=True, slots=True)
class HypatiaShell:
    """One of hypatia's constellations.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Satellites are numbered plane by plane; every other plane is shifted by half a slot.
    altitude_m : float
        For ranges; the orbits follow from the mean motion [m].
    revolutions_per_day : float
        Mean motion of the element sets.
    inclination_deg : float
        As written in the element sets [deg].
    cone_radius_m : float
        Radius on the ground that a satellite serves; the longest ground link is the hypotenuse of
        it and the altitude [m].
    """

    planes: int
    satellites_per_plane: int
    altitude_m: float
    revolutions_per_day: float
    inclination_deg: float
    cone_radius_m: float

    @property
    def n_satellites(self) -> int:
        """Satellites; ground stations are numbered from here on."""
        return self.planes * self.satellites_per_plane

    @property
    def max_ground_m(self) -> float:
        """Longest link to the ground [m]."""
        return math.hypot(self.altitude_m, self.cone_radius_m)

    @property
    def max_laser_m(self) -> float:
        """Longest laser, which just clears 80 km [m]."""
        radius, floor = _RADIUS_M + self.altitude_m, _RADIUS_M + _LOWEST_LASER_M
        return 2.0 * math.sqrt(radius**2 - floor**2)

    def elements(self) -> list[MeanElements]:
        """Lay out the satellites.

        Returns
        -------
        list of MeanElements
            Angles with the four decimals of the element sets that hypatia writes.
        """
        slots = self.satellites_per_plane
        return [
            self._satellite(
                plane * 360.0 / self.planes,
                (180.0 / slots if plane % 2 else 0.0) + slot * 360.0 / slots,
            )
            for plane in range(self.planes)
            for slot in range(slots)
        ]

    def _satellite(self, raan_deg: float, anomaly_deg: float) -> MeanElements:
        return MeanElements(
            name="hypatia",
            norad_id=0,
            epoch=EPOCH,
            mean_motion_rad_s=self.revolutions_per_day * math.tau / SECONDS_PER_DAY,
            eccentricity=_ECCENTRICITY,
            inclination_rad=math.radians(self.inclination_deg),
            raan_rad=math.radians(round(raan_deg, 4)),
            argument_of_perigee_rad=0.0,
            mean_anomaly_rad=math.radians(round(anomaly_deg, 4)),
        )


KUIPER_630: Final = HypatiaShell(
    34, 34, 630.0e3, 14.80, 51.9, 630.0e3 / math.tan(math.radians(30.0))
)
STARLINK_550: Final = HypatiaShell(72, 22, 550.0e3, 15.19, 53.0, 940_700.0)
TELESAT_1015: Final = HypatiaShell(
    27, 13, 1015.0e3, 13.66, 98.98, 1015.0e3 / math.tan(math.radians(10.0))
)


def hypatia_ground(shell: HypatiaShell, latitude_deg: Floats, longitude_deg: Floats) -> GroundNodes:
    """Place ground stations on hypatia's ellipsoid.

    Parameters
    ----------
    shell : HypatiaShell
        Whose range counts.
    latitude_deg, longitude_deg : (n,) float array
        Geodetic, at sea level [deg].

    Returns
    -------
    GroundNodes
        Limited by range, not by elevation.
    """
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    squared = _FLATTENING * (2.0 - _FLATTENING)
    up = up_vector(latitude, longitude)
    normal_m = _RADIUS_M / np.sqrt(1.0 - squared * up[2] ** 2)
    position = up * normal_m
    position[2] *= 1.0 - squared
    count = len(latitude)
    return GroundNodes(
        position, up, np.full(count, -math.pi / 2.0), np.full(count, shell.max_ground_m)
    )


def hypatia_snapshots(shell: HypatiaShell, ground: GroundNodes, t_s: Floats) -> Iterator[Snapshot]:
    """Build hypatia's +Grid network at one time after another.

    Parameters
    ----------
    shell : HypatiaShell
        The constellation.
    ground : GroundNodes
        From :func:`hypatia_ground`.
    t_s : (n_times,) float array
        Seconds after 2000-01-01T00:00:00Z [s].

    Yields
    ------
    Snapshot
        Delays are light times.

    Notes
    -----
    Satellites fly by SGP4 with WGS 72; the +Grid joins equal slots of neighbouring planes, also
    across the seam. hypatia knows no line of sight but the longest laser.
    """
    satellites = Sgp4Set.from_elements(shell.elements())
    mesh = mesh_grid(
        plus_grid_pairs(shell.planes, shell.satellites_per_plane, 0), shell.n_satellites
    )
    laser = LaserLimits(shell.max_laser_m, -EARTH_EQUATORIAL_RADIUS_M)
    for first in range(0, len(t_s), _TIMES_AT_ONCE):
        times = np.ascontiguousarray(t_s[first : first + _TIMES_AT_ONCE])
        position, _, _ = satellites.propagate(EPOCH, times)
        position = teme_to_ecef(position, gmst_rad(EPOCH, times))
        for k in range(len(times)):
            yield snapshot(mesh, position[:, :, k], ground, laser)


def hypatia_routes(
    shell: HypatiaShell, latitude_deg: Floats, longitude_deg: Floats, pairs: Ints, t_s: Floats
) -> tuple[RouteSeries, ...]:
    """Route between ground stations as hypatia does with ``free_one_only_over_isls``.

    Parameters
    ----------
    shell : HypatiaShell
        The constellation.
    latitude_deg, longitude_deg : (n,) float array
        Ground stations [deg].
    pairs : (n_pairs, 2) int array
        Which of them to join, counted from 0.
    t_s : (n_times,) float array
        Seconds after 2000-01-01T00:00:00Z [s].

    Returns
    -------
    tuple of RouteSeries
        Nodes of ground stations are counted from ``shell.n_satellites``. If all ground stations are
        given in the order of hypatia's list, nodes are numbered as there.
    """
    ground = hypatia_ground(shell, latitude_deg, longitude_deg)
    snapshots = hypatia_snapshots(shell, ground, t_s)
    return route_series(snapshots, t_s, np.asarray(pairs, dtype=np.int64) + shell.n_satellites)
