"""Radio loads, and energy and bytes of transmissions."""

from types import SimpleNamespace

import numpy as np
import pytest

from missions import RADIO
from perigrid.base.architecture import RELAY
from perigrid.engine.links import add_load, book_leg, remove_load
from perigrid.engine.state import LINKS
from perigrid.fleet.model import ContactKind, NodeKind
from tests.engine.plain import plain

RADIO_W = RADIO.active_w
GROUND_W = 500.0
NBYTES = 3e8


def leg_of(kind, source, target, start_s, end_s):
    code = -1 if kind == "terrestrial" else int(ContactKind[kind.upper()])
    return SimpleNamespace(
        contact=min(code, 0), kind=code, source=source, target=target,
        t_start_s=start_s, t_end_s=end_s, nbytes=NBYTES,
    )  # fmt: skip


def test_a_transmission_is_spread_over_the_steps_it_touches(world):
    w = plain(world, RELAY)
    add_load(w, leg_of("downlink", 2, 20, 50.0, 130.0))
    assert w.sent_j[2, :4].tolist() == [10.0 * RADIO_W, 60.0 * RADIO_W, 10.0 * RADIO_W, 0.0]
    assert w.sent_j.sum() == 80.0 * RADIO_W


def test_what_lies_beyond_the_run_is_not_loaded(world):
    w = plain(world, RELAY)
    end_s = float(w.t_s[-1])
    add_load(w, leg_of("downlink", 0, 20, end_s - 5.0, end_s + 60.0))
    assert w.sent_j.sum() == pytest.approx(5.0 * RADIO_W)


@pytest.mark.parametrize(("t_s", "sent_s"), [(40.0, 0.0), (70.0, 20.0), (131.0, 80.0)])
def test_what_is_not_sent_after_all_is_taken_out_again(world, t_s, sent_s):
    w = plain(world, RELAY)
    broken = leg_of("downlink", 2, 20, 50.0, 130.0)
    add_load(w, broken)
    add_load(w, leg_of("downlink", 2, 20, 130.0, 140.0))
    remove_load(w, broken, t_s)
    assert w.sent_j.sum() == pytest.approx((10.0 + sent_s) * RADIO_W)
    assert w.sent_j.min() >= 0.0


def test_any_course_of_loads_adds_up(world):
    w, rng = plain(world, RELAY), np.random.default_rng(3)
    sent_j = np.zeros(world.fleet.n_satellites)
    for _ in range(60):
        row, start_s = int(rng.integers(len(sent_j))), rng.uniform(-100.0, 21_700.0)
        end_s = start_s + rng.exponential(200.0)
        add_load(w, leg_of("downlink", row, 20, start_s, end_s))
        inside_s = min(end_s, float(w.t_s[-1])) - max(start_s, 0.0)
        sent_j[row] += max(inside_s, 0.0) * RADIO_W
    assert w.sent_j.sum(axis=1) == pytest.approx(sent_j)


def test_lasers_load_no_radio(world):
    w = plain(world, RELAY)
    for kind in ("relay", "crosslink", "terrestrial"):
        add_load(w, leg_of(kind, 0, 20, 10.0, 50.0))
    assert not w.sent_j.any()


def energy_j(world, kind, target):
    """What a transmission of 30 s takes in space and on the ground."""
    if kind == "downlink":
        return 30.0 * RADIO_W, 30.0 * GROUND_W
    if kind == "relay":
        sending_s = NBYTES * 8.0 / world.fleet.stations[target].feeder_rate_bps
        return NBYTES * world.scenario.relay_energy_j_per_byte, sending_s * GROUND_W
    return 0.0, NBYTES * world.scenario.terrestrial.energy_j_per_byte * (kind == "terrestrial")


@pytest.mark.parametrize("kind", LINKS)
def test_every_link_class_is_charged_at_its_ends(world, kind):
    w, fleet = plain(world, RELAY), world.fleet
    of = {"relay": NodeKind.GATEWAY, "downlink": NodeKind.STATION}.get(kind, NodeKind.DATA_CENTRE)
    leg = leg_of(kind, 1, int(fleet.rows(of)[0]), 100.0, 130.0)
    book_leg(w, 4, leg, leg.t_end_s, leg.nbytes)
    assert (w.jobs[4].space_j, w.jobs[4].ground_j) == pytest.approx(
        energy_j(world, kind, leg.target)
    )
    assert w.sent_bytes[4].tolist() == [NBYTES * (one == kind) for one in LINKS]


def test_a_route_takes_its_share_of_the_station_at_its_end_and_no_radio(world):
    w, n = plain(world, RELAY), world.fleet.n_satellites
    station = int(world.fleet.rows(NodeKind.GATEWAY)[0])
    feeder_bps = world.fleet.stations[station].feeder_rate_bps
    ways = (("crosslink", station, 2), ("downlink", 2, station), ("crosslink", 1, 2))
    for job, (kind, source, target) in enumerate(ways):
        leg = leg_of(kind, source, target, 100.0, 130.0)
        leg.contact = -1
        add_load(w, leg)
        book_leg(w, job, leg, leg.t_end_s, leg.nbytes)
        remove_load(w, leg, 110.0)
        share_j = NBYTES * 8.0 / feeder_bps * GROUND_W if station in {source, target} else 0.0
        assert (w.jobs[job].space_j, w.jobs[job].ground_j) == (0.0, pytest.approx(share_j))
        assert w.sent_bytes[job].tolist() == [NBYTES * (one == kind) for one in LINKS]
    assert station >= n
    assert not w.sent_j.any()
