"""Small networks for tests: a Walker shell with a +Grid, and ground nodes all over the Earth."""

import math

import numpy as np

from perigrid.benchmark.reference import START, shell, spread_stations
from perigrid.fleet.network.snapshot import GroundNodes, LaserLimits, snapshot
from perigrid.fleet.relay_mesh import mesh_grid
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef, up_vector
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.topology import plus_grid_pairs

LASER = LaserLimits(max_range_m=6.0e6, grazing_altitude_m=80.0e3)


def ground_nodes(count, elevation_deg=10.0):
    latitude, longitude = spread_stations(count)
    return GroundNodes(
        position_m=geodetic_to_ecef(latitude, longitude, np.zeros(count)),
        up=up_vector(latitude, longitude),
        min_elevation_rad=np.full(count, math.radians(elevation_deg)),
        max_range_m=np.full(count, np.inf),
    )


def positions(planes, slots, times):
    position, _, _ = propagate(shell(planes, slots), START, times)
    return teme_to_ecef(position, gmst_rad(START, times))


def grid(planes, slots):
    return mesh_grid(plus_grid_pairs(planes, slots, 1), planes * slots)


def snapshots(planes=12, slots=10, times=(0.0,), n_ground=8, hop_s=0.0, down=None, **keys):
    t_s = np.array(times, dtype=np.float64)
    at = positions(planes, slots, t_s)
    ground = ground_nodes(n_ground, **keys)
    mesh = grid(planes, slots)
    return [
        snapshot(
            mesh,
            at[:, :, k],
            ground,
            LASER,
            hop_s=hop_s,
            down=None if down is None else down[k],
        )
        for k in range(len(t_s))
    ]
