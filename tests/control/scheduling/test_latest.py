from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO
from perigrid.control.scheduling.base import Ready
from perigrid.control.scheduling.latest import Latest
from scheduling_cases import DOWN, JOB, belief_of, first_station, linked

READY = Ready(JOB, 0, ("classify",))


def test_an_answer_must_be_ready_before_the_last_pass_ends() -> None:
    ground = first_station(belief_of(SCENARIO))
    belief = belief_of(SCENARIO, [(DOWN, 0, ground, 0.0, 800.0), (DOWN, 0, ground, 9e3, 9100.0)])
    one = Ready(replace(JOB, deadline_s=5000.0), 0, ("classify",))
    latest_s = Latest().done_s(one, belief, 14_400.0)
    assert latest_s[0] == pytest.approx(800.0, abs=0.1)
    assert np.isneginf(latest_s[1:]).all()
    assert Latest().done_s(READY, belief, 14_400.0)[0] == pytest.approx(9100.0, abs=0.1)


def test_it_agrees_with_the_ways_down() -> None:
    belief = linked(SCENARIO)
    latest_s = float(Latest().done_s(READY, belief, 14_400.0)[0])
    nodes, nbytes = belief.delivery_nodes(JOB), belief.sent_bytes(JOB)
    assert belief.plan.to_data_centre(0, latest_s - 1e-3, nbytes, nodes) is not None
    assert belief.plan.to_data_centre(0, latest_s + 1e-3, nbytes, nodes) is None


def test_places_that_rules_close_lead_nowhere() -> None:
    belief = linked(SCENARIO)
    belief.open_nodes = lambda _job_id, _product: belief.plan.allowed_nodes(
        frozenset(belief.fleet.stations)
    )
    assert np.isneginf(Latest().done_s(READY, belief, 14_400.0)).all()
