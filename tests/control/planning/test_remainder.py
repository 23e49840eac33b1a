import numpy as np

from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.lists import lookahead
from perigrid.control.planning.remainder import remainder


def test_what_fits_into_the_remainder_fits_into_the_whole() -> None:
    case = family(10, 120, 6, full=True)
    plan = lookahead(case)
    satellites = np.array([2, 3, 4])
    here = np.isin(plan.satellite, satellites)
    part = remainder(case, plan, here | (plan.start < 0), satellites, (0, 96))
    again = lookahead(part.instance)
    assert faults(part.instance, again) == []
    merged = part.merge(plan, again)
    assert faults(case, merged) == []
    gain = again.value(part.instance) - part.kept_value
    assert merged.value(case) == plan.value(case) + gain


def test_jobs_that_are_not_free_keep_their_places() -> None:
    case = family(10, 120, 6)
    plan = lookahead(case)
    free = (plan.satellite == 2) & (plan.start > 40)
    part = remainder(case, plan, free, np.array([2]), (40, 60))
    assert set(part.jobs.tolist()) == set(np.flatnonzero(free).tolist())
    assert (part.starts.slot >= 40).all()
    assert (part.starts.slot < 60).all()
    merged = part.merge(plan, lookahead(part.instance))
    assert np.array_equal(merged.start[~free], plan.start[~free])
