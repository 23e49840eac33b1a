"""Radio loads and energy of transmissions against those of the engine in Python."""

from types import SimpleNamespace

import numpy as np
import pytest

from perigrid.base.architecture import RELAY
from perigrid.base.messages import Leg
from perigrid.engine.links import add_load, book_leg, remove_load
from perigrid.engine.state import LINKS
from perigrid.fleet.model import ContactKind, NodeKind
from perigrid.sim.job_energy import leg_energy_j
from perigrid.sim.link_loads import LinkLoads
from tests.engine.plain import plain


def leg_of(kind, source, target, start_s, end_s):
    return Leg(0, kind, source, target, start_s, start_s, start_s, end_s, end_s + 0.01, 3e8)


def record_of(leg):
    kind = -1 if leg.kind == "terrestrial" else int(ContactKind[leg.kind.upper()])
    names = ("source", "target", "t_start_s", "t_end_s", "nbytes")
    return SimpleNamespace(kind=kind, **{name: getattr(leg, name) for name in names})


def test_loads_are_put_into_their_steps_and_taken_out_again(world):
    w, rng = plain(world, RELAY), np.random.default_rng(3)
    loads = LinkLoads(world, w.held_w)
    for _ in range(60):
        row = int(rng.integers(world.fleet.n_satellites))
        start_s, long_s = rng.uniform(-100.0, 21_700.0), rng.exponential(200.0)
        leg = leg_of("downlink", row, 20, start_s, start_s + long_s)
        loads.add((leg,))
        add_load(w, record_of(leg))
        if rng.random() < 0.4:
            t_s = start_s + rng.uniform(-0.5, 1.2) * long_s
            loads.remove((leg,), t_s)
            remove_load(w, record_of(leg), t_s)
    steps = range(len(w.t_s) - 1)
    sent_w = np.array([loads.power_w(step) - w.held_w[:, step] for step in steps]).T
    assert sent_w.any()
    held = w.held_w + w.sent_j / np.diff(w.t_s)
    np.testing.assert_array_equal(held, np.array([loads.power_w(step) for step in steps]).T)


def test_lasers_load_no_radio(world):
    w = plain(world, RELAY)
    add_load(w, record_of(leg_of("relay", 0, 20, 10.0, 50.0)))
    assert not w.sent_j.any()


@pytest.mark.parametrize("kind", LINKS)
def test_energy_and_bytes_are_booked_by_kind(world, kind):
    w, fleet = plain(world, RELAY), world.fleet
    of = {"relay": NodeKind.GATEWAY, "downlink": NodeKind.STATION}.get(kind, NodeKind.DATA_CENTRE)
    leg = leg_of(kind, 1, int(fleet.rows(of)[0]), 100.0, 130.0)
    book_leg(w, 4, record_of(leg), leg.t_end_s, leg.nbytes)
    assert (w.jobs[4].space_j, w.jobs[4].ground_j) == leg_energy_j(world, leg)
    assert w.sent_bytes[4].tolist() == [leg.nbytes * (one == kind) for one in LINKS]
