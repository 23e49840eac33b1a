"""Tables of a decision."""

import numpy as np

from perigrid.control.dispatch import arrays
from perigrid.sim.flight.world import FLIGHT_SETTINGS, JOB, SATELLITE, World


def test_the_engine_s_tables_begin_with_what_a_decision_sees():
    assert JOB[: len(arrays.REQUEST)] == arrays.REQUEST
    assert SATELLITE[: len(arrays.STATUS)] == arrays.STATUS
    assert FLIGHT_SETTINGS[: len(arrays.SETTINGS)] == arrays.SETTINGS
    seen = {name for name in vars(arrays.Sight) if not name.startswith("_")}
    assert seen <= set(World._fields)


def test_field_names_are_unique():
    for table in (JOB, SATELLITE, FLIGHT_SETTINGS, arrays.END, arrays.MODEL, arrays.CANDIDATE):
        assert len(np.dtype(table).names) == len(table)
