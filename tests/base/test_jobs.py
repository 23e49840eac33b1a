"""What tells work apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perigrid.base.jobs import Job

SCENE = Job(0, 1, 10.0, 100.0, 1e6, 4e8, 0.1, 0.2, 0, 0)


def test_a_scene_shows_its_square_and_is_like_all_scenes() -> None:
    assert SCENE.is_usual
    assert SCENE.side_m == 2e4


def test_what_is_asked_for_on_the_ground_shows_a_place() -> None:
    assert replace(SCENE, user=7).side_m == 0.0


@pytest.mark.parametrize(
    ("name", "value"),
    [("user", 7), ("answer_share", 0.5), ("power_share", 0.5), ("model", 1),
     ("model_bytes", 1e9), ("value", 2.0)],
)  # fmt: skip
def test_other_work_is_told_by_what_it_has_of_its_own(name: str, value: float) -> None:
    assert not replace(SCENE, **{name: value}).is_usual
