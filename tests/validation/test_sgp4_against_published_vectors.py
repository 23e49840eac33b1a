"""SGP4-VER: Vallado, Crawford, Hujsak, Kelso, AIAA 2006-6753, through our own elements."""

import numpy as np
import pytest
from sgp4.api import Satrec

from perigrid.physics.orbit.propagate import propagate
from perigrid.scenario.load import load_scenario
from tests.validation.element_sets import VECTORS, as_tle, from_record, tle_records

pytestmark = pytest.mark.validation


def published():
    """Yield per satellite: record, minutes, position [km], velocity [km/s]."""
    blocks, rows = [], None
    for line in (VECTORS / "tcppver.out").read_text().splitlines():
        words = line.split()
        if words[1:] == ["xx"]:
            rows = []
            blocks.append((int(words[0]), rows))
        elif words:
            rows.append([float(word) for word in words[:7]])
    records = [record for record, *_ in tle_records((VECTORS / "SGP4-VER.TLE").read_text())]
    for record, (number, rows) in zip(records, blocks, strict=True):
        assert record.satnum == number
        yield record, np.array(rows)


def test_every_vector_within_a_millimetre():
    worst_m, worst_m_s, vectors = 0.0, 0.0, 0
    for record, rows in published():
        elements = from_record(record)
        position, velocity, error = propagate([elements], elements.epoch, rows[:, 0] * 60.0)
        # The published file stops at the first error, so all its rows are good ones; some sets
        # (33333, 33334) are broken on purpose and keep only what was good.
        good = error[0] == 0
        difference = np.abs(position[:, 0] / 1e3 - rows[:, 1:4].T)[:, good]
        worst_m = max(worst_m, 1e3 * difference.max(initial=0.0))
        difference = np.abs(velocity[:, 0] / 1e3 - rows[:, 4:7].T)[:, good]
        worst_m_s = max(worst_m_s, 1e3 * difference.max(initial=0.0))
        vectors += int(good.sum())
    assert vectors > 600
    # Measured 0.16 mm, at 1,280 days from epoch; the file is printed to 0.01 mm.
    assert worst_m < 1e-3
    assert worst_m_s < 1e-5


def test_same_states_as_the_library_reading_the_lines():
    worst = 0.0
    fleet = load_scenario("three-body").groups[0].orbit.elements
    for number, published in enumerate(fleet):
        first, second, elements = as_tle(published, number)
        record = Satrec.twoline2rv(first, second)
        times = np.arange(0.0, 86400.0, 600.0)
        position, _, _ = propagate([elements], elements.epoch, times)
        for k, t in enumerate(times):
            _, km, _ = record.sgp4(record.jdsatepoch, record.jdsatepochF + t / 86400.0)
            worst = max(worst, np.abs(position[:, 0, k] - np.array(km) * 1e3).max())
    assert worst < 1e-3
