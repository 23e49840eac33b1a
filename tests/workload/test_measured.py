import pytest

from perigrid.base.provenance import CONFIDENCES
from perigrid.scenario.model import Computer
from perigrid.workload import measured, profile
from perigrid.workload.cloud_detector import CloudDetector

PAYLOAD = Computer("744 TOPS", 744e12, 200e9, 64e9, 30.0, 200.0, 4.8 * measured.CORE_OPS_S, 15.0, 1)


def test_node_count_is_that_of_the_installed_model():
    assert profile.nodes_per_pixel(CloudDetector().model) == pytest.approx(
        measured.SCREEN_NODES_PER_PIXEL, abs=0.5
    )


def test_screening_takes_the_measured_time_scaled_by_cores():
    """The operations cancel: only measured time, cores and their speed remain."""
    area_m2 = 1e6 * 60.0**2  # a million pixels
    expected = 9.95 / 4.8 + 2.5e-3
    stage = measured.screen_stage()
    assert profile.stage_time_s(stage, PAYLOAD, area_m2) == pytest.approx(expected)


def test_screening_gains_nothing_from_memory_speed_and_classifying_does():
    fast = Computer(
        "fast memory", 744e12, 2000e9, 64e9, 30.0, 200.0, 4.8 * measured.CORE_OPS_S, 15.0, 1
    )
    screen, classify = measured.screen_stage(), measured.classify_stage()
    assert profile.stage_time_s(screen, fast, 4e8) == profile.stage_time_s(screen, PAYLOAD, 4e8)
    assert profile.stage_time_s(classify, fast, 4e8) < profile.stage_time_s(classify, PAYLOAD, 4e8)


def test_a_decision_is_far_smaller_than_the_pixels():
    raw_bytes = (20_000.0 / 10.0) ** 2 * 13 * 12 / 8
    assert measured.classify_stage().output_bytes < 1e-3 * raw_bytes


def test_answer_has_a_record_and_two_bytes_for_each_patch():
    assert measured.answer_bytes(640.0**2) == 64.0 + 2.0
    assert measured.answer_bytes(640.0**2 * 1.01) == 64.0 + 4.0


def test_every_figure_says_where_it_comes_from():
    rows = measured.provenance()
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert row.key.startswith(("workload.screen.", "workload.classify."))
        assert row.value > 0.0
        assert len(row.source) > 10
        assert row.confidence in CONFIDENCES
        assert row.date.startswith("20")
