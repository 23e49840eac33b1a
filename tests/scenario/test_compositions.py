"""What a composition amounts to: dead ends, what crosses, what no job can come to."""

from dataclasses import replace

import pytest

from missions import two_stages
from perigrid.base.architecture import BUILT_IN, Architecture
from perigrid.scenario.compositions import dead_end, sent_down, trimmed, unused

ANSWERS = two_stages()
PIXELS = replace(ANSWERS, deliver="pixels")
HYBRID = Architecture.of(
    "hybrid", {"screen": ["origin"], "classify": ["data-centre"]}, {"*": ["downlink"]}
)


def composed(compute: dict, carry: dict) -> Architecture:
    return Architecture.of("x", compute, carry)


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_ones_have_no_dead_ends(name: str) -> None:
    one = BUILT_IN[name]
    assert not dead_end(one, ANSWERS)
    assert trimmed(one, ANSWERS) == one
    pixels = dead_end(one, PIXELS)
    assert pixels == ("a link in `carry` that brings raw to the ground" if name == "hosted" else "")


@pytest.mark.parametrize(
    ("architecture", "answers", "pixels"),
    [
        (BUILT_IN["bent-pipe"], ["raw"], ["raw"]),
        (BUILT_IN["orbital"], ["answer"], ["raw"]),
        (HYBRID, ["raw"], ["raw"]),
        (composed({"*": ["origin", "data-centre"]}, {"*": ["relay"]}), ["raw", "answer"], ["raw"]),
    ],
)
def test_what_has_to_get_to_the_ground(
    architecture: Architecture, answers: list[str], pixels: list[str]
) -> None:
    assert sent_down(architecture, ANSWERS) == answers
    assert sent_down(architecture, PIXELS) == pixels


def test_pixels_go_back_from_no_data_centre() -> None:
    one = composed({"screen": ["data-centre"], "*": ["origin"]}, {"*": ["downlink", "crosslink"]})
    assert "from data-centre to where classify runs" in dead_end(one, ANSWERS)


def test_a_later_task_stays_where_the_pixels_are() -> None:
    one = composed(
        {"screen": ["origin"], "classify": ["origin", "data-centre"]},
        {"raw": ["relay"], "answer": ["downlink"]},
    )
    assert not dead_end(one, ANSWERS)
    assert list(unused(one, ANSWERS)) == [("compute", "classify", "data-centre")]
    kept = trimmed(one, ANSWERS)
    assert kept.places("classify") == {"origin"}


def test_a_product_that_stays_holds_no_link() -> None:
    one = composed(
        {"screen": ["origin"], "*": ["data-centre"]},
        {"raw": ["downlink"], "answer": ["crosslink", "downlink"]},
    )
    assert list(unused(one, ANSWERS)) == [("carry", "answer", "")]
    assert trimmed(one, ANSWERS).every_link == {"downlink"}
    moved = composed({"*": ["satellite"]}, {"raw": ["crosslink"], "answer": ["downlink"]})
    assert not list(unused(moved, ANSWERS))
