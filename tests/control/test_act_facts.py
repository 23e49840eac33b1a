from dataclasses import replace

import pytest

from approval_cases import FLEET, GROUND, JOB, core
from missions import SCENARIO
from perigrid.base.codec import digest, encode
from perigrid.base.jobs import Product
from perigrid.base.messages import Compute, Leg, Move
from perigrid.control.act_facts import evidence_of, facts_of, states_of
from perigrid.workload.profile import stage_power_w, stage_time_s

CENTRE = next(iter(FLEET.data_centres))
STAGES = SCENARIO.pipeline.stages


def test_evidence_changes_with_all_that_is_known():
    known = evidence_of(JOB, {})
    assert known == evidence_of(JOB, {})
    others = (
        evidence_of(replace(JOB, raw_bytes=1.0), {}),
        evidence_of(JOB, {"screen": None}),
        evidence_of(JOB, {"screen": 0.1}),
        evidence_of(JOB, {"screen": 0.1, "classify": None}),
    )
    assert len({known, *others}) == 5
    for results in ({}, {"screen": 0.1, "classify": None}):
        body = {"job": encode(JOB), "results": [list(item) for item in results.items()]}
        assert evidence_of(JOB, results) == digest(body)


def test_facts_of_a_stage_and_of_a_move():
    belief = core().belief
    stage = SCENARIO.pipeline.stage("classify")
    computer = FLEET.groups[0].computer
    facts = facts_of(Compute(0, 0, "classify", ""), JOB, belief, STAGES)
    assert facts.energy_j == pytest.approx(
        stage_time_s(stage, computer, JOB.area_m2) * stage_power_w(stage, computer)
    )
    assert (facts.action, facts.nodes, facts.countries) == ("compute", (FLEET.names[0],), ())
    down = Leg(0, "downlink", 0, GROUND, 0.0, 5.0, 5.0, 7.0, 7.1, 100.0)
    fibre = replace(down, kind="terrestrial", source=GROUND, target=CENTRE, t_start_s=50.0)
    move = Move(0, Product.RAW, 0, CENTRE, (down, fibre), "")
    facts = facts_of(move, JOB, belief, STAGES)
    assert facts.energy_j == 2.0 * FLEET.groups[0].radio.active_w
    assert (facts.nbytes, facts.begins_s, facts.last_begins_s) == (100.0, 5.0, 5.0)
    assert set(facts.countries) == {FLEET.countries[GROUND], FLEET.countries[CENTRE]}


def test_a_move_over_the_relay_network_touches_its_group():
    belief = core().belief
    up = Leg(0, "relay", 0, GROUND, 0.0, 5.0, 5.0, 7.0, 7.1, 100.0)
    move = Move(0, Product.RAW, 0, GROUND, (up,), "")
    facts = facts_of(move, JOB, belief, STAGES)
    assert facts.nodes == (FLEET.names[0], FLEET.names[GROUND], FLEET.relays.name)
    assert facts.groups[FLEET.names[0]] == FLEET.groups[0].name


def test_the_state_of_a_scene_follows_from_its_place():
    paris = replace(JOB, latitude_rad=0.853, longitude_rad=0.041, area_m2=1e6)
    assert states_of(paris) == ("FR",)
    assert states_of(replace(paris, latitude_rad=-0.5, longitude_rad=-2.0)) == ()
