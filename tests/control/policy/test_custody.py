from dataclasses import replace
from unittest.mock import Mock

from perigrid.base.jobs import Product
from perigrid.base.messages import Captured, Compute, Computed
from perigrid.control.policy.custody import Custody, locate
from perigrid.scenario.model import Handling
from policy_cases import JOB, move, places, row

MODELS = {"classify": "digest"}


def custody(**changes: object) -> Custody:
    made = Custody(places(), Handling(**changes), [0.5] * 9, MODELS, frozenset(MODELS))
    made.learn([Captured(10.0, JOB)])
    return made


def test_facts_of_an_observation() -> None:
    scene = custody(people_visible=True, purpose="floods").scene(0, "raw")
    assert scene.territory == ("DE", "EEA", "EU")
    assert (scene.gsd_cm, scene.captured_s) == (50, 10)
    assert (scene.people_visible, scene.purpose) == (True, "floods")
    assert scene.held_by == ("ada",)


def test_holders_are_remembered_and_carried() -> None:
    held = custody()
    held.note(move(Product.RAW, "gs-us-in-eu", "dc-eu"))
    assert held.scene(0, "raw").held_by == ("ada", "cos")
    assert held.scene(0, "raw", frozenset({row("gs-no")})).held_by == ("ada", "cos", "dag")


def test_derived_takes_an_order_a_report_and_a_known_model() -> None:
    held = custody()
    done = Computed(20.0, 0, 1, "classify", 0.1)
    held.learn([done])
    assert held.level(0, Product.ANSWER) == "raw"
    held.note(Compute(0, 1, "classify", ""))
    assert held.level(0, Product.ANSWER) == "raw"
    held.learn([done])
    assert held.level(0, Product.ANSWER) == "derived"
    assert held.level(0, Product.RAW) == "raw"
    made = held.derivation(0)
    assert (made.node, made.model_digest, made.t_s) == (1, "digest", 20.0)
    held.note(Compute(0, 1, "screen", ""))  # a stage without a known model
    held.learn([Computed(21.0, 0, 1, "screen", 0.1)])
    assert "screen" not in held._items[0].derived


def test_all_scenes_can_be_located_ahead() -> None:
    locate([JOB])
    locate([])
    assert custody().scene(0, "raw").territory == ("DE", "EEA", "EU")


def test_nobody_knows_a_job_without_a_shutter() -> None:
    assert custody().scene(5, "raw") is None
    assert custody().derivation(5) is None


def test_scenes_of_other_states_have_other_territories_whatever_was_asked_before() -> None:
    found = {}
    for state in ("DE", "US", "DE", ""):
        states = (state,) if state else ()
        made = Custody(
            places(),
            Handling(),
            [0.5] * 9,
            MODELS,
            frozenset(MODELS),
            locate=lambda *_, s=states: (s,),
        )
        made.learn([Captured(10.0, JOB)])
        territory = made.scene(0, "raw").territory
        assert territory == found.setdefault(state, territory)
    assert found["DE"] == ("DE", "EEA", "EU")
    assert "US" in found["US"]
    assert found[""] == ()


def test_jobs_of_which_policies_know_the_same_are_alike() -> None:
    later, at_sea = replace(JOB, job_id=1, t_capture_s=90.0), replace(JOB, job_id=2, latitude_rad=0)
    other = replace(JOB, job_id=3, origin=1)
    jobs = [JOB, at_sea, later, other]
    held = custody()
    assert held.alike(jobs) == [0, 1, 2, 3]  # no policy is known: all may be read
    held.policies = Mock(reads_capture=False)
    assert held.alike(jobs) == [0, 1, 0, 3]
    assert held.alike([]) == []
