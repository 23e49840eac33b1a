"""Orders over routes reach who is in view at once, who is linked soon, and the rest later."""

import numpy as np
import pytest
from tests.fleet.network.test_legs import sky_of, small

from perigrid.base.architecture import BENT_PIPE, ORBITAL
from perigrid.control.route_reach import route_reach
from perigrid.control.stop_reach import (
    COMMAND_BPS,
    IN_VIEW,
    LINKED,
    NEVER,
    ORDER_BYTES,
    OUT_OF_REACH,
)
from perigrid.fleet.build import build_fleet

SENT_S = ORDER_BYTES * 8.0 / COMMAND_BPS
FEW = "stations.gateways.sites=[{name: Kiruna, country: SE, latitude_deg: 40, longitude_deg: 20}]"


def test_lasers_pass_orders_on_at_the_delay_of_their_routes():
    scenario = small()
    reaches = route_reach(scenario, build_fleet(scenario), 130.0)
    wide, narrow = (
        list(sky_of(scenario, one).legs(0))[2].delay_s[:, :48].min(axis=0)
        for one in (ORBITAL, BENT_PIPE)
    )
    assert [one.row for one in reaches] == list(range(48))
    assert [one.latency_s for one in reaches] == pytest.approx((SENT_S + wide).tolist())
    seen = np.isfinite(narrow)
    assert [one.state == IN_VIEW for one in reaches] == seen.tolist()
    assert {one.state for one in reaches} == {IN_VIEW, LINKED}


def test_without_lasers_an_order_waits_for_a_station_in_view():
    scenario = small("groups.shell.laser=null", FEW, "hours=0.5")
    reaches = route_reach(scenario, build_fleet(scenario), 130.0)
    assert {one.state for one in reaches} == {IN_VIEW, OUT_OF_REACH, NEVER}
    legs = list(sky_of(scenario).legs(0))
    for one in reaches:
        seen_s = [leg.t_s[0] for leg in legs[2:] if np.isfinite(leg.delay_s[0, one.row])]
        assert (one.state == NEVER) == (not seen_s)
        if seen_s:
            begin_s = max(seen_s[0], 130.0)
            assert 0.0 < 130.0 + one.latency_s - begin_s - SENT_S < 0.1
