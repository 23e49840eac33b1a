"""Instants and limits of orbits."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from perigrid.scenario.schema.orbits import ElementRow, SunSynchronousRing

ROW = {
    "name": "A", "epoch": "2026-08-22T01:02:03.5Z", "mean_motion_rev_per_day": 15.0,
    "eccentricity": 0.0, "inclination_deg": 50.0, "raan_deg": 0.0,
    "argument_of_perigee_deg": 0.0, "mean_anomaly_deg": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("epoch", ["2026-08-22", "2026-08-22 01:02", "2026-08-22T01:02:03.5Z"])
def test_instants_are_utc(epoch):
    assert ElementRow.model_validate(ROW | {"epoch": epoch}).epoch == epoch


@pytest.mark.parametrize(
    "epoch", ["2026-13-01", "2026-02-29", "22.8.2026", "", "2026-08-22T01:02:03+02:00", "24:00"]
)
def test_other_instants_are_refused(epoch):
    with pytest.raises(ValidationError):
        ElementRow.model_validate(ROW | {"epoch": epoch})


def test_a_sun_synchronous_ring_stays_where_one_exists():
    ring = {"satellites": 1, "ltan_hours": 6}
    SunSynchronousRing.model_validate(ring | {"altitude_km": 5900})
    with pytest.raises(ValidationError):  # above about 5,970 km no inclination does it
        SunSynchronousRing.model_validate(ring | {"altitude_km": 6000})
