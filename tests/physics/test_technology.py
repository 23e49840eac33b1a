import pytest

from perigrid.base.constants import SOLAR_CONSTANT_W_M2
from perigrid.base.provenance import CONFIDENCES
from perigrid.physics.sizing import Sizing
from perigrid.physics.technology import TECHNOLOGY, masses_kg, technology


def test_every_number_says_where_it_comes_from():
    for key, row in TECHNOLOGY.items():
        assert row.key == key
        assert row.source
        assert row.unit
        assert row.date.startswith("20")
        assert row.confidence in CONFIDENCES
        assert technology(key) == row.value


def test_masses_by_hand():
    sized = Sizing(10.0, 3600.0 * 1120.0, 3600.0 * 900.0, 4.0, 0.25, 5500.0)
    found = masses_kg(sized, new_array_efficiency=0.25)
    assert found.array_kg == pytest.approx(10.0 * SOLAR_CONSTANT_W_M2 * 0.25 / 150.0)
    assert found.battery_kg == pytest.approx(10.0)
    assert found.radiator_kg == pytest.approx(14.0)
    assert found.structure_kg == pytest.approx(0.25 * found.total_kg)


def test_one_sided_radiators_weigh_twice():
    sized = Sizing(1.0, 0.0, 0.0, 4.0, 0.0, 0.0)
    one = masses_kg(sized, new_array_efficiency=0.25, radiating_faces=1)
    assert one.radiator_kg == pytest.approx(28.0)
    assert one.battery_kg == 0.0
