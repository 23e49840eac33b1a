import copy

from perigrid.report.facts import Comparison
from perigrid.report.figures.traffic import traffic_figure
from perigrid.report.words import size


def test_every_amount_is_written(comparison_record):
    made = traffic_figure(Comparison.of(comparison_record).architectures)
    for entry in comparison_record["architectures"].values():
        for amount in entry["bytes"].values():
            assert (size(amount) if amount else "none") in made


def test_no_traffic_at_all(comparison_record):
    record = copy.deepcopy(comparison_record)
    for entry in record["architectures"].values():
        entry["bytes"] = {}
    assert "Nothing was sent" in traffic_figure(Comparison.of(record).architectures)
