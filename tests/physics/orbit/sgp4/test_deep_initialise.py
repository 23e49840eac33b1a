"""Deep-space coefficients against the ones python-sgp4's own Python model shows."""

import numpy as np
import pytest

from perigrid.physics.orbit.sgp4 import deep_columns as by
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from tests.physics.orbit.sgp4.sets import from_axis, model_record

RATES = ("dedt", "didt", "dmdt", "domdt", "dnodt")
SUN = (
    *("se2", "se3", "si2", "si3", "sl2", "sl3", "sl4"),
    *("sgh2", "sgh3", "sgh4", "sh2", "sh3"),
)
MOON = (
    *("ee2", "e3", "xi2", "xi3", "xl2", "xl3", "xl4"),
    *("xgh2", "xgh3", "xgh4", "xh2", "xh3"),
)
HALF_DAY = (
    *("d2201", "d2211", "d3210", "d3222", "d4410"),
    *("d4422", "d5220", "d5232", "d5421", "d5433"),
)
DAY = ("del1", "del2", "del3")


def sets_of(axis_km, eccentricity):
    rng = np.random.default_rng(1)
    e = rng.uniform(*eccentricity, 40)
    return from_axis(rng, np.full(40, axis_km), e, rng.uniform(0.01, 3.1, 40), np.zeros(40))


@pytest.mark.parametrize(
    ("axis_km", "eccentricity", "resonance", "kind"),
    [
        (26561.0, (0.5, 0.8), HALF_DAY, by.HALF_DAY),
        (42164.0, (0.0, 0.5), DAY, by.SYNCHRONOUS),
        (20000.0, (0.0, 0.6), (), by.NOT_RESONANT),
    ],
)
def test_every_coefficient(axis_km, eccentricity, resonance, kind):
    sets = sets_of(axis_km, eccentricity)
    table = Sgp4Set.from_arrays(sets).deep
    assert (table[:, by.RESONANCE_KIND] == kind).all()
    assert (table[:, by.RESONANCE + len(resonance) :] == 0.0).all()
    names = {
        **{by.ECCENTRICITY_RATE + k: name for k, name in enumerate(RATES)},
        **{by.SUN + k: name for k, name in enumerate(SUN)},
        **{by.MOON + k: name for k, name in enumerate(MOON)},
        **{by.RESONANCE + k: name for k, name in enumerate(resonance)},
        by.SUN_ANOMALY: "zmos",
        by.MOON_ANOMALY: "zmol",
        by.SIDEREAL: "gsto",
    }
    if resonance:
        names |= {by.LONGITUDE_0: "xlamo", by.FACTOR: "xfact"}
    # The library's Python takes this angle from 0 on, its C++ and ours either side of 0.
    table[:, by.LONGITUDE_0] %= 2.0 * np.pi
    wanted = [[getattr(one, name) for name in names.values()] for one in records(sets)]
    size = np.abs(wanted).max(axis=0)
    assert (np.abs(table[:, list(names)] - wanted) <= 1e-12 * size).all()


def records(sets):
    return [model_record(sets, row) for row in range(len(sets))]
