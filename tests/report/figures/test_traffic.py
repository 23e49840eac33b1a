import copy
import re
from itertools import pairwise

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


def test_a_division_is_a_factor_of_ten_in_both_widths(comparison_record):
    made = str(traffic_figure(Comparison.of(comparison_record).architectures))
    for drawing in made.split("<svg ")[1:]:
        axis = drawing[drawing.index('class="ticks"') :].partition("</g>")[0]
        lines = [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]* class="grid"', axis)]
        apart = [right - left for left, right in pairwise(lines)]
        assert max(apart) - min(apart) < 0.3
        written = re.findall(r"<text [^>]*>([^<]+)</text>", axis)
        assert 2 <= len(written) <= len(lines)
    narrow = made.split("<svg ")[2]
    assert narrow.count('class="grid"') == made.split("<svg ")[1].count('class="grid"')
