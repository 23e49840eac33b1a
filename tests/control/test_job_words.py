from dataclasses import replace

import pytest

from missions import two_stages
from perigrid.base.jobs import CLOUD, NOTHING_FOUND
from perigrid.control.job_words import found_words, ruled_out
from perigrid.scenario.pipeline import Condition, DrawnOutcome, Pipeline

GRAPH = two_stages()
SCREEN, CLASSIFY = GRAPH.stages
DETECT = replace(CLASSIFY, name="detect", executes="", outcome=DrawnOutcome("chance", 0.1, 0.0))
ALERT = replace(DETECT, name="alert", when=Condition("detect", 0.5, None))


def test_a_stage_is_said_with_what_led_to_it() -> None:
    assert found_words(GRAPH, {}, SCREEN) == "where the pixels are"
    said = found_words(GRAPH, {"screen": 0.31}, CLASSIFY)
    assert said == "the detector saw 31% cloud: on to classify"
    assert found_words(GRAPH, {"screen": 0.3}, replace(CLASSIFY, when=None)) == "after screen"
    graph = Pipeline((SCREEN, DETECT, ALERT), "decisions", 8)
    done = {"screen": 0.3, "detect": 1.0}
    assert found_words(graph, done, ALERT) == "detect found 100%: on to alert"


@pytest.mark.parametrize(
    ("done", "reason", "words"),
    [
        ({"screen": 0.9}, CLOUD, "the detector saw 90% cloud, more than 70%"),
        ({"screen": 0.1, "detect": 0.0}, NOTHING_FOUND, "detect found 0%, not above 50%"),
    ],
)
def test_a_job_without_an_answer_is_said_with_the_limit(
    done: dict[str, float], reason: str, words: str
) -> None:
    silent = replace(DETECT, deliver=False)
    graph = Pipeline((SCREEN, silent, ALERT), "decisions", 8)
    assert ruled_out(graph, done) == (reason, words)
