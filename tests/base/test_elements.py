from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch

START = Epoch.from_iso("2026-08-22T01:00:00Z")


def test_columns_in_the_order_given():
    one = MeanElements("one", 1, START, 1.1e-3, 0.001, 0.9, 0.1, 0.2, 0.3, 1e-4)
    two = MeanElements("two", 2, START, 1.2e-3, 0.002, 1.9, 1.1, 1.2, 1.3)
    columns = ElementArrays.of([one, two])
    assert len(columns) == 2
    assert columns.mean_motion_rad_s.tolist() == [1.1e-3, 1.2e-3]
    assert columns.day_s.tolist() == [3600.0, 3600.0]
    assert columns.mean_anomaly_rad.tolist() == [0.3, 1.3]
    assert columns.bstar.tolist() == [1e-4, 0.0]


def test_one_row_of_the_columns_is_the_object_again():
    one = MeanElements("one", 0, START, 1.1e-3, 0.001, 0.9, 0.1, 0.2, 0.3, 1e-4)
    assert ElementArrays.of([one, one]).one(1, "one") == one


def test_none_at_all():
    assert len(ElementArrays.of([])) == 0
