"""Our reading of element sets against python-sgp4's own parsers."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from sgp4 import omm
from sgp4.api import Satrec

from perigrid.base.elements import MeanElements
from perigrid.scenario.elements import read_element_sets
from scenario_inputs import OMM_CSV, TLE

SHARED = Path(__file__).parents[3] / "shared" / "data" / "orbits"

pytestmark = pytest.mark.validation


def assert_same(ours: MeanElements, theirs: Satrec) -> None:
    assert ours.mean_motion_rad_s * 60.0 == pytest.approx(theirs.no_kozai, rel=1e-14)
    assert ours.eccentricity == theirs.ecco
    assert ours.inclination_rad == pytest.approx(theirs.inclo, rel=1e-15)
    assert ours.raan_rad == pytest.approx(theirs.nodeo, rel=1e-15)
    assert ours.argument_of_perigee_rad == pytest.approx(theirs.argpo, rel=1e-15)
    assert ours.mean_anomaly_rad == pytest.approx(theirs.mo, rel=1e-15)
    assert ours.bstar == pytest.approx(theirs.bstar, rel=1e-15)
    assert ours.norad_id == theirs.satnum
    apart_days = (ours.epoch.jd_midnight - theirs.jdsatepoch) + (
        ours.epoch.day_s / 86_400 - theirs.jdsatepochF
    )
    assert abs(apart_days) * 86_400 < 1e-4, "a TLE's epoch has steps of 0.86 ms"


def test_a_tle():
    (ours,) = read_element_sets(TLE, "x.tle")
    assert_same(ours, Satrec.twoline2rv(*TLE.splitlines()[1:]))


def test_an_omm():
    row = OMM_CSV.rstrip() + ",0,0,999,0\n"
    text = row.replace(
        "BSTAR\n", "BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT,ELEMENT_SET_NO,REV_AT_EPOCH\n"
    )
    text = text.replace("799501234", "270001")  # what python-sgp4 can hold
    (fields,) = omm.parse_csv(io.StringIO(text))
    fields |= {"CLASSIFICATION_TYPE": "U"}
    theirs = Satrec()
    omm.initialize(theirs, fields)
    (ours,) = read_element_sets(text, "x.csv")
    assert_same(ours, theirs)


@pytest.mark.skipif(
    not SHARED.exists(), reason="published element files are not beside the checkout"
)
def test_every_active_satellite():
    text = gzip.decompress((SHARED / "active_2026-08-22.tle.gz").read_bytes()).decode()
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    ours = read_element_sets(text, "active.tle")
    pairs = list(zip(lines[1::3], lines[2::3], strict=True))
    assert len(ours) == len(pairs) > 16_000
    for elements, (one, two) in list(zip(ours, pairs, strict=True))[::7]:
        assert_same(elements, Satrec.twoline2rv(one, two))
