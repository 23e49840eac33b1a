"""The stage figures of the schema are those that were measured."""

from __future__ import annotations

import dataclasses

import pytest

from perigrid.scenario.load import load_scenario
from perigrid.workload import measured

PIPELINE = load_scenario("three-body").pipeline


def assert_same(ours, theirs):
    for field in dataclasses.fields(ours):
        if field.name in ("when", "deliver"):  # the graph is the scenario's
            continue
        expected = getattr(theirs, field.name)
        if isinstance(expected, float):
            expected = pytest.approx(expected, rel=1e-12)
        assert getattr(ours, field.name) == expected


def test_the_cloud_screen_is_the_measured_one():
    assert_same(PIPELINE.stage("screen"), measured.screen_stage())


def test_the_classifier_is_the_measured_one_for_a_scene_of_this_camera():
    sensor = load_scenario("three-body").groups[0].sensor
    assert sensor is not None
    answer_bytes = measured.answer_bytes(sensor.swath_m**2)
    expected = dataclasses.replace(measured.classify_stage(), output_bytes=answer_bytes)
    assert_same(PIPELINE.stage("classify"), expected)
