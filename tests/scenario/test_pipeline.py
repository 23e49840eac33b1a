from dataclasses import replace

import pytest

from missions import two_stages
from perigrid.scenario.pipeline import (
    CLOUD_DETECTOR,
    LAND_CLASSIFIER,
    Condition,
    DrawnOutcome,
    Pipeline,
    graph_faults,
)

GRAPH = two_stages()
SCREEN, CLASSIFY = GRAPH.stages


def test_limits_are_above_and_at_most() -> None:
    between = Condition("screen", 0.2, 0.7)
    assert [between.holds(x) for x in (0.2, 0.21, 0.7, 0.71)] == [False, True, True, False]
    assert Condition("screen", None, 0.7).holds(0.0)
    assert Condition("screen", 0.2, None).holds(1.0)


def test_stages_are_found_by_name() -> None:
    assert GRAPH.stage("classify") is CLASSIFY
    with pytest.raises(KeyError):
        GRAPH.stage("detect")
    assert GRAPH.executes(CLOUD_DETECTOR)
    assert GRAPH.executes(LAND_CLASSIFIER)
    assert not replace(GRAPH, stages=(SCREEN,)).executes(LAND_CLASSIFIER)
    assert (SCREEN.has_outcome, CLASSIFY.has_outcome) == (True, False)


def test_the_cloud_limit_is_that_of_the_detectors_stage() -> None:
    assert GRAPH.cloud_limit == 0.7
    assert replace(GRAPH, stages=(SCREEN, replace(CLASSIFY, when=None))).cloud_limit == 1.0


def test_pixels_or_decisions_go_down() -> None:
    assert not GRAPH.sends_pixels
    assert replace(GRAPH, deliver="pixels").sends_pixels


DRAWN = DrawnOutcome("chance", 0.5, 0.0)


@pytest.mark.parametrize(
    ("stages", "key", "words"),
    [
        ((SCREEN, replace(CLASSIFY, name="screen")), "name", "two stages are called screen"),
        ((replace(SCREEN, outcome=DRAWN), CLASSIFY), "model", "nothing is drawn"),
        ((CLASSIFY,), "when.stage", "no stage before classify is called screen"),
        ((replace(SCREEN, executes=""), CLASSIFY), "when.stage", "screen has no outcome"),
        ((SCREEN, replace(CLASSIFY, deliver=False)), "deliver", "the last stage delivers nothing"),
        ((SCREEN, replace(CLASSIFY, when=Condition("screen", None, None))), "when", "no limit"),
        ((SCREEN, replace(CLASSIFY, when=Condition("screen", 0.7, 0.7))), "when.above", "no outc"),
        ((SCREEN, replace(CLASSIFY, when=Condition("screen", 1.0, None))), "when.above", "above 1"),
    ],
)
def test_a_graph_that_makes_no_sense_is_found_out(stages: tuple, key: str, words: str) -> None:
    ((_, found, message, remedy),) = graph_faults(Pipeline(stages, "decisions", 8))
    assert found == key
    assert words in message
    assert remedy


def test_a_graph_in_order_has_no_faults() -> None:
    assert graph_faults(GRAPH) == []
