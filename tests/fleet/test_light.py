"""Light over stretches of time against that of a whole run."""

import dataclasses

import numpy as np

from missions import SCENARIO
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.light import Light
from perigrid.fleet.outlook import build_outlook


def test_a_stretch_is_a_part_of_the_outlook():
    scenario = dataclasses.replace(SCENARIO, duration_s=3600.0)
    (group,) = scenario.flown
    weak = dataclasses.replace(
        group, name="weak", array=dataclasses.replace(group.array, area_m2=1.0)
    )
    scenario = dataclasses.replace(scenario, groups=(*scenario.groups, weak))
    fleet = build_fleet(scenario)
    outlook, track = build_outlook(scenario, fleet), satellite_ephemeris(scenario)
    light, some = Light(scenario, fleet), slice(7, 21)
    stretch = light.at(outlook.t_s[some])
    for name in ("illumination", "array_w", "environment_w"):
        np.testing.assert_array_equal(getattr(stretch, name), getattr(outlook, name)[:, some])
    fixed_m = light.fixed_m(stretch, 3)
    wanted_m = track.position_ecef_m[:, :, np.isin(track.t_s, outlook.t_s[some][::3])]
    np.testing.assert_allclose(fixed_m, wanted_m, rtol=0.0, atol=1e-6)
