"""Contact windows against skyfield's own event search."""

import math

import numpy as np
import pytest
from skyfield.api import EarthSatellite, load, wgs84

from perigrid.physics.contacts import station_windows
from perigrid.physics.frames import (
    ecef_velocity,
    geodetic_to_ecef,
    gmst_rad,
    teme_to_ecef,
    up_vector,
)
from perigrid.physics.orbit.propagate import propagate
from tests.validation.element_sets import as_tle
from tests.validation.fleet import DAY_S, START, every, satellites

pytestmark = pytest.mark.validation

LATITUDE_DEG = np.array([78.23, 40.07, -35.40, 5.25])
LONGITUDE_DEG = np.array([15.39, 116.26, 148.98, -52.80])
MASK_DEG = np.array([5.0, 10.0, 10.0, 20.0])


def ours(elements):
    times = every(60.0)
    position, velocity, _ = propagate(elements, START, times)
    clock = load.timescale(builtin=True)
    # The same UT1 as the reference, so that only the search and the models are compared.
    dut1_s = float(clock.utc(2026, 8, 22, 12).dut1)
    angle = gmst_rad(START.plus(dut1_s), times)
    fixed = teme_to_ecef(position, angle)
    latitude, longitude = np.radians(LATITUDE_DEG), np.radians(LONGITUDE_DEG)
    return station_windows(
        fixed,
        ecef_velocity(fixed, velocity, angle),
        times,
        geodetic_to_ecef(latitude, longitude, np.zeros(len(latitude))),
        up_vector(latitude, longitude),
        np.radians(MASK_DEG),
    )


class Reference:
    """skyfield's passes of one satellite over one station.

    Its search stops at half a second; bisection on its own elevations then gives the crossing.
    """

    def __init__(self, lines, station):
        self.clock = load.timescale(builtin=True)
        self.zero = self.clock.utc(2026, 8, 22)
        place = wgs84.latlon(LATITUDE_DEG[station], LONGITUDE_DEG[station])
        self.satellite, self.place = EarthSatellite(*lines, "", self.clock), place
        self.mask_deg = float(MASK_DEG[station])

    def elevation(self, second):
        at = self.clock.tt_jd(self.zero.tt + second / DAY_S)
        return (self.satellite - self.place).at(at).altaz()[0].radians

    def crossing(self, second):
        low, high = second - 1.0, second + 1.0
        starts_up = self.elevation(low) > math.radians(self.mask_deg)
        for _ in range(24):
            middle = 0.5 * (low + high)
            if (self.elevation(middle) > math.radians(self.mask_deg)) == starts_up:
                low = middle
            else:
                high = middle
        return middle

    def passes(self):
        """Rise and set times [s] and highest elevation [rad] of whole passes."""
        end = self.clock.utc(2026, 8, 23)
        found = self.satellite.find_events(self.place, self.zero, end, self.mask_deg)
        seconds = (found[0].tt - self.zero.tt) * DAY_S
        passes, rise, peak = [], None, 0.0
        for kind, second in zip(found[1], seconds, strict=True):
            if kind == 0:
                rise, peak = self.crossing(second), 0.0
            elif kind == 1:
                peak = max(peak, self.elevation(second))
            elif rise is not None:
                passes.append((rise, self.crossing(second), peak))
                rise = None
        return passes


def test_same_windows_and_edges_within_a_tenth_of_a_second():
    lines, elements = [], []
    for number, designed in enumerate(satellites(), start=1):
        first, second, one = as_tle(designed, number)
        lines.append((first, second))
        elements.append(one)
    windows = ours(elements)
    whole = (windows.rise_s > 0.0) & (windows.set_s < DAY_S)
    worst_s = worst_rad = 0.0
    passes = 0
    for n in range(len(elements)):
        for m in range(len(MASK_DEG)):
            mine = whole & (windows.satellite == n) & (windows.station == m)
            reference = np.array(Reference(lines[n], m).passes()).reshape(-1, 3)
            assert mine.sum() == len(reference)
            worst_s = max(worst_s, np.abs(windows.rise_s[mine] - reference[:, 0]).max(initial=0))
            worst_s = max(worst_s, np.abs(windows.set_s[mine] - reference[:, 1]).max(initial=0))
            peaks = windows.max_elevation_rad[mine] - reference[:, 2]
            worst_rad = max(worst_rad, np.abs(peaks).max(initial=0))
            passes += len(reference)
    assert passes > 50
    assert worst_s < 0.1  # measured 0.0003 s
    assert worst_rad < math.radians(0.01)  # measured 0.0003 deg: skyfield stops at half a second
