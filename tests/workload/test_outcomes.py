from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from missions import SCENARIO, with_stage
from perigrid.scenario.pipeline import DrawnOutcome
from perigrid.workload.outcomes import outcomes_of

JOBS = [SimpleNamespace(scene=k * k % 7) for k in range(4000)]
BANK = SimpleNamespace(cloud_seen=np.linspace(0.0, 0.9, 7))


def drawn(outcome: DrawnOutcome, seed: int = 1, name: str = "classify"):
    pipeline = with_stage(SCENARIO.pipeline, "classify", executes="", outcome=outcome, name=name)
    scenario = replace(SCENARIO, pipeline=pipeline, seed=seed)
    return outcomes_of(scenario, JOBS, BANK)


def test_the_detector_answers_for_the_scene_of_each_job() -> None:
    found = outcomes_of(SCENARIO, JOBS, BANK)
    assert list(found) == ["screen"]
    scenes = [job.scene for job in JOBS]
    np.testing.assert_array_equal(found["screen"], BANK.cloud_seen[scenes])


def test_a_chance_is_one_or_nothing_as_often_as_it_says() -> None:
    found = drawn(DrawnOutcome("chance", 0.3, 0.0))["classify"]
    assert set(found.tolist()) == {0.0, 1.0}
    spread = 4.0 * np.sqrt(0.3 * 0.7 / len(found))
    assert found.mean() == pytest.approx(0.3, abs=spread)


def test_a_share_has_its_mean_and_variance() -> None:
    found = drawn(DrawnOutcome("beta", 0.4, 3.0))["classify"]
    variance = 0.4 * 0.6 / (3.0 + 1.0)
    assert found.mean() == pytest.approx(0.4, abs=4.0 * np.sqrt(variance / len(found)))
    assert found.var() == pytest.approx(variance, rel=0.2)


def test_draws_follow_from_the_seed_and_the_name_alone() -> None:
    outcome = DrawnOutcome("beta", 0.4, 3.0)
    first = drawn(outcome)["classify"]
    np.testing.assert_array_equal(first, drawn(outcome)["classify"])
    assert not np.array_equal(first, drawn(outcome, seed=2)["classify"])
    assert not np.array_equal(first, drawn(outcome, name="other")["other"])
