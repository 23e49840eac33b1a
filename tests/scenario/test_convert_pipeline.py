"""Two ways to write a pipeline, and what is refused of them."""

from __future__ import annotations

import pytest

from own_stages import OWN_STAGES
from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import (
    CLOUD_DETECTOR,
    LAND_CLASSIFIER,
    Condition,
    DrawnOutcome,
    Pipeline,
)
from perigrid.scenario.stored import read_scenario, scenario_text
from scenario_inputs import MINIMAL


def parse(*overrides: str, text: str = MINIMAL + OWN_STAGES) -> Scenario:
    return parse_scenario(text, "m.yaml", folder=None, overrides=overrides)


def graph(*overrides: str, text: str = MINIMAL + OWN_STAGES) -> Pipeline:
    return parse(*overrides, text=text).pipeline


def test_the_short_form_adjusts_the_two_measured_stages() -> None:
    screen, classify = graph("pipeline.drop_above_cloud=0.3", text=MINIMAL).stages
    assert (screen.executes, classify.executes) == (CLOUD_DETECTOR, LAND_CLASSIFIER)
    assert classify.when == Condition("screen", None, 0.3)
    assert (screen.deliver, classify.deliver) == (False, True)


def test_stages_are_what_the_list_says() -> None:
    pipeline = graph()
    screen, detect, outline, alert = pipeline.stages
    assert (screen.executes, detect.executes) == (CLOUD_DETECTOR, "")
    assert detect.outcome == DrawnOutcome("chance", 0.4, 0.0)
    assert outline.outcome == DrawnOutcome("beta", 0.5, 2.0)
    assert outline.when == Condition("detect", 0.5, None)
    assert [one.deliver for one in pipeline.stages] == [False, True, False, True]
    assert (alert.memory_bytes, alert.fixed_s, alert.efficiency) == (0.0, 0.0, 0.1)
    assert (pipeline.deliver, pipeline.executed_scenes) == ("decisions", 4)


def test_a_stage_is_set_by_its_name() -> None:
    changed = graph("pipeline.stages.detect.ops_per_pixel=7", "pipeline.stages.1.when.at_most=0.2")
    detect = changed.stage("detect")
    assert (detect.ops_per_pixel, detect.when) == (7.0, Condition("screen", None, 0.2))


def test_numbers_of_stages_have_an_origin() -> None:
    rows = {row.key: row for row in parse().provenance}
    assert rows["pipeline.stages.outline.ops_per_pixel"].source == "a bench"
    assert rows["pipeline.stages.detect.outcome.chance.probability"].value == 0.4
    assert rows["pipeline.stages.alert.efficiency"].confidence == "assumed"
    assert "pipeline.screen.ops_per_pixel" not in rows
    assert "pipeline.drop_above_cloud" not in rows


def test_it_comes_back_from_a_run_folder() -> None:
    scenario = parse()
    again = read_scenario(scenario_text(scenario))
    assert again.pipeline == scenario.pipeline


STAGES = "pipeline.stages"
REFUSED = [
    ((f"{STAGES}.alert.name=detect",), f"{STAGES}.3.name", "two stages are called detect"),
    ((f"{STAGES}.screen.when={{stage: alert, above: 0}}",), f"{STAGES}.0.when.stage", "before"),
    ((f"{STAGES}.detect.outcome=",), f"{STAGES}.2.when.stage", "detect has no outcome"),
    ((f"{STAGES}.alert.deliver=false",), f"{STAGES}.3.deliver", "delivers nothing"),
    ((f"{STAGES}.detect.when.at_most=1.5",), f"{STAGES}.1.when.at_most", "at most 1"),
    ((f"{STAGES}.detect.when.above=0.8",), f"{STAGES}.1.when.above", "no outcome is above"),
    ((f"{STAGES}.detect.when={{stage: screen}}",), f"{STAGES}.1.when", "has no limit"),
    ((f"{STAGES}.detect.outcome.chance.probability=-1",), "probability", "at least 0"),
    ((f"{STAGES}.detect.outcome={{}}",), f"{STAGES}.1.outcome", "exactly one"),
    ((f"{STAGES}.detect.model=s2cloudless 1.7",), f"{STAGES}.1.model", "nothing is drawn"),
    ((f"{STAGES}.detect.ops=3",), f"{STAGES}.1.ops", "unknown key"),
    ((f"{STAGES}=[]",), STAGES, "must not be empty"),
    (("pipeline.drop_above_cloud=0.2",), "pipeline.drop_above_cloud", "stages are listed"),
    (("pipeline.classify.fixed_s=2",), "pipeline.classify", "stages are listed"),
]


@pytest.mark.parametrize(("overrides", "key", "words"), REFUSED)
def test_what_makes_no_sense_is_refused(overrides: tuple[str, ...], key: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(*overrides)
    problem = next(one for one in caught.value.problems if key in (one.key or ""))
    assert words in problem.message
    assert problem.remedy
    assert problem.line


def test_what_counts_for_nothing_is_named() -> None:
    told = parse(f"{STAGES}.screen.output_bytes=9", f"{STAGES}.alert.outcome={{chance: "
                 "{probability: 0.5}}").warnings  # fmt: skip
    assert any(f"{STAGES}.screen.output_bytes" in one for one in told)
    assert any(f"{STAGES}.alert.outcome" in one for one in told)
    told = parse(f"{STAGES}.alert.model=s2cloudless 1.7").warnings
    assert any(f"{STAGES}.alert.model" in one for one in told)
    told = parse(f"{STAGES}.screen.model=other", f"{STAGES}.detect.when=").warnings
    assert any("pipeline.executed_scenes" in one for one in told)
