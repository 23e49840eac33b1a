"""The walk through a job's stages: order, branches, and an end for every job."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from missions import two_stages
from perigrid.scenario.pipeline import Condition, DrawnOutcome, Pipeline, Stage, graph_faults
from perigrid.workload.job_graph import (
    delivered_bytes,
    is_computed,
    next_stage,
    stages_ahead,
    stages_run,
    sure_stages,
)

FOUND = DrawnOutcome("beta", 0.5, 2.0)
PLAIN = replace(two_stages().stages[1], executes="", when=None, deliver=False, output_bytes=10.0)


def stage(name: str, when: Condition | None = None, *, deliver: bool = False) -> Stage:
    return replace(PLAIN, name=name, when=when, deliver=deliver, outcome=FOUND)


def pipeline(*stages: Stage) -> Pipeline:
    return Pipeline(stages, "decisions", 8)


BRANCHED = pipeline(
    stage("screen"),
    stage("detect", Condition("screen", None, 0.7), deliver=True),
    stage("look", Condition("detect", 0.5, None)),
    stage("alert", Condition("look", 0.2, 0.8), deliver=True),
)


def walk(graph: Pipeline, outcomes: dict[str, float]) -> dict[str, float]:
    """Run a job to its end."""
    done: dict[str, float] = {}
    while (one := next_stage(graph, done)) is not None:
        done[one.name] = outcomes[one.name]
    return done


def test_todays_two_stages() -> None:
    graph = two_stages()
    assert next_stage(graph, {}).name == "screen"
    assert next_stage(graph, {"screen": 0.7}).name == "classify"
    assert next_stage(graph, {"screen": 0.71}) is None
    assert delivered_bytes(graph, {"screen": 0.71}) is None
    assert not is_computed(graph, {"screen": 0.71})
    assert not is_computed(graph, {"screen": 0.1})
    assert is_computed(graph, {"screen": 0.1, "classify": None})
    assert sure_stages(graph) == ("screen",)


def test_a_branch_opens_on_an_outcome_and_its_result_goes_down_too() -> None:
    every = {"screen": 0.1, "detect": 0.6, "look": 0.5, "alert": 0.0}
    assert list(walk(BRANCHED, every)) == ["screen", "detect", "look", "alert"]
    assert delivered_bytes(BRANCHED, every) == 20.0
    assert list(walk(BRANCHED, every | {"detect": 0.5})) == ["screen", "detect"]
    assert list(walk(BRANCHED, every | {"look": 0.9})) == ["screen", "detect", "look"]
    assert delivered_bytes(BRANCHED, {"screen": 0.1, "detect": 0.5}) == 10.0
    assert list(walk(BRANCHED, every | {"screen": 0.9})) == ["screen"]


def test_what_follows_a_stage_that_is_ruled_out_is_ruled_out_with_it() -> None:
    assert [one.name for one in stages_ahead(BRANCHED, {})] == [
        "screen", "detect", "look", "alert",
    ]  # fmt: skip
    assert stages_ahead(BRANCHED, {"screen": 0.8}) == ()


def test_nothing_is_computed_that_nobody_would_see() -> None:
    graph = pipeline(stage("screen"), stage("mask"), stage("detect", Condition("screen", 0.5, None),
                     deliver=True))  # fmt: skip
    assert list(walk(graph, {"screen": 0.9, "mask": 0.0, "detect": 0.0})) == [
        "screen", "mask", "detect",
    ]  # fmt: skip
    assert list(walk(graph, {"screen": 0.1})) == ["screen"]
    assert sure_stages(graph) == ("screen", "mask")


LIMITS = st.one_of(st.none(), st.sampled_from([0.25, 0.5, 0.75]))


@st.composite
def graphs(draw: st.DrawFn) -> Pipeline:
    """Any graph that the schema lets pass."""
    count = draw(st.integers(1, 6))
    stages: list[Stage] = []
    for index in range(count):
        when = None
        if index and draw(st.booleans()):
            when = Condition(f"s{draw(st.integers(0, index - 1))}", draw(LIMITS), draw(LIMITS))
        deliver = index == count - 1 or draw(st.booleans())
        one = stage(f"s{index}", when, deliver=deliver)
        stages.append(replace(one, when=None) if graph_faults(pipeline(*stages, one)) else one)
    return pipeline(*(replace(one, deliver=True) if one is stages[-1] else one for one in stages))


@given(graphs(), st.lists(st.sampled_from([0.0, 0.3, 0.6, 1.0]), min_size=6, max_size=6))
def test_every_job_ends_in_order_and_runs_nothing_that_is_ruled_out(
    graph: Pipeline, found: list[float]
) -> None:
    outcomes = {one.name: value for one, value in zip(graph.stages, found, strict=False)}
    done = walk(graph, outcomes)
    order = [one.name for one in graph.stages]
    assert list(done) == sorted(done, key=order.index)
    for one in graph.stages:
        when = one.when
        if one.name in done and when is not None:
            assert when.stage in done
            assert when.holds(done[when.stage])
    delivers = [one.name for one in graph.stages if one.deliver and one.name in done]
    assert is_computed(graph, done) == bool(delivers)
    runs = stages_run(graph, {k: np.array([v]) for k, v in outcomes.items()}, 1)[:, 0]
    needed = [name for name, needs_it in zip(order, runs, strict=True) if needs_it]
    assert needed == list(done)[: order.index(delivers[-1]) + 1] if delivers else not needed
    assert set(needed) <= set(done)
