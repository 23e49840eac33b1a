"""Every entry and exit of a year against the Suns and shadows of satkit, ERFA and brahe."""

import numpy as np
import pytest

from perigrid.physics.eclipse_windows import Shadow
from tests.validation.eclipse_year import (
    compare,
    dawn_dusk,
    geostationary,
    interpolated,
    low_orbit,
    sun_by_erfa,
    sun_by_satkit,
)

satkit = pytest.importorskip("satkit")
brahe = pytest.importorskip("brahe")
pytestmark = pytest.mark.validation

LIMIT_S = 2.0
# Orbit, step of the first search [s], at least so many stays in a year.
ORBITS = {
    "500 km, 51.6 deg": (low_orbit, 60.0, 5000),
    "650 km, dawn-dusk": (dawn_dusk, 60.0, 1200),
    "geostationary": (geostationary, 300.0, 85),
}


@pytest.fixture(scope="module")
def references():
    return {
        "satkit": (
            interpolated(sun_by_satkit),
            lambda place, sun: satkit.sun.shadowfunc(sun, place),
        ),
        "erfa and brahe": (interpolated(sun_by_erfa), brahe.eclipse_conical),
    }


# One part of the shadow each, for time. Measured worst of all twelve combinations: 0.56 s.
@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("satkit", Shadow.PENUMBRA),
        ("erfa and brahe", Shadow.UMBRA),
    ],
)
@pytest.mark.parametrize("name", list(ORBITS))
def test_every_transition_within_two_seconds(references, reference, name, kind):
    orbit, step_s, least = ORBITS[name]
    found = compare(orbit(), kind, *references[reference], step_s)
    assert len(found.apart_s) > least
    assert np.abs(found.apart_s).max() <= LIMIT_S
    # Measured: the same stays. One below 10 s at the end of a season might exist in one only.
    assert all(length_s < 10.0 for length_s in found.ours_only_s + found.theirs_only_s)
    assert len(found.ours_only_s) + len(found.theirs_only_s) <= 2
