import math
from dataclasses import replace
from importlib.resources import files

import lightgbm
import numpy as np
import pytest

from perigrid.scenario.model import Computer
from perigrid.scenario.pipeline import Stage
from perigrid.workload import profile
from perigrid.workload.profile import CLASSIFIER_LAYERS, Convolution, stage_ops, stage_time_s

COMPUTER = Computer("c", 1e12, 1e11, 1e9, 10.0, 50.0, 1e9, 8.0, 1)
STAGE = Stage("s", "m", 10.0, "accelerator", 2000.0, 40.0, 0.1, 1e8, 0.25, 64.0)


def test_compute_bound_stage():
    # 1 km2 at 10 m is 10,000 pixels; 2e7 ops at 1e11 useful ops/s; memory would take 4 us.
    assert stage_ops(STAGE, 1e6) == 2e7
    assert stage_time_s(STAGE, COMPUTER, 1e6) == pytest.approx(0.25 + 2e-4)


def test_memory_bound_stage():
    stage = replace(STAGE, bytes_per_pixel=1e5)
    assert stage_time_s(stage, COMPUTER, 1e6) == pytest.approx(0.25 + 1e-2)


def test_the_roofs_meet_where_intensity_equals_balance():
    """At ops/byte = peak * efficiency / bandwidth both sides take equally long."""
    balance = COMPUTER.peak_ops_s * STAGE.efficiency / COMPUTER.memory_bandwidth_bytes_s
    stage = replace(STAGE, bytes_per_pixel=STAGE.ops_per_pixel / balance, fixed_s=0.0)
    at = stage_time_s(stage, COMPUTER, 1e6)
    slower_memory = replace(COMPUTER, memory_bandwidth_bytes_s=5e10)
    faster_memory = replace(COMPUTER, memory_bandwidth_bytes_s=2e11)
    assert stage_time_s(stage, slower_memory, 1e6) == pytest.approx(2.0 * at)
    assert stage_time_s(stage, faster_memory, 1e6) == pytest.approx(at)


def test_an_empty_scene_costs_the_start_up_only():
    assert stage_time_s(STAGE, COMPUTER, 0.0) == STAGE.fixed_s


def test_a_stage_too_large_for_the_memory_never_ends():
    assert stage_time_s(replace(STAGE, memory_bytes=2e9), COMPUTER, 1e6) == math.inf


def test_time_grows_with_area_and_falls_with_pixel_size():
    assert stage_time_s(STAGE, COMPUTER, 2e6) > stage_time_s(STAGE, COMPUTER, 1e6)
    coarse = replace(STAGE, pixel_m=60.0)
    assert stage_ops(coarse, 1e6) == pytest.approx(stage_ops(STAGE, 1e6) / 36.0)


def test_a_convolution_counts_every_product():
    layer = Convolution(side_px=4, kernel_px=3, channels_in=2, channels_out=5)
    assert layer.macs == 4 * 4 * 3 * 3 * 2 * 5
    assert layer.parameters == 3 * 3 * 2 * 5 + 5


def test_layer_table_is_that_of_the_shipped_model():
    """Half-precision weights fill the file but for the graph, which takes under 3 kB."""
    size = len((files("perigrid.workload") / "models" / "eurosat.onnx").read_bytes())
    weights = 2 * sum(layer.parameters for layer in CLASSIFIER_LAYERS)
    assert 0 < size - weights < 3000
    assert size < 380_000


def test_classifier_counts():
    # 3,538,944 + 18,874,368 + 14,155,776 + 5,308,416 + 960 multiply-accumulates on 4,096 pixels.
    assert profile.classify_ops_per_pixel() == 2 * 41_878_464 / 4096
    one = profile.classify_bytes_per_pixel(1.0)
    assert profile.classify_bytes_per_pixel(2.0) - 3.0 == 2.0 * (one - 3.0)


def test_disks_of_the_post_processing():
    # A disk of radius 4 has 49 pixels, one of radius 2 has 13.
    assert profile.screen_ops_per_pixel(100.0, 4, 2) == 2 * 100.0 + 2 * (49 + 13)


def test_nodes_of_trees_grown_for_the_purpose():
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(400, 3))
    y = (x[:, 0] > 0.5) ^ (x[:, 1] > 0.3)
    options = {"objective": "binary", "num_leaves": 8, "verbose": -1, "num_threads": 1}
    booster = lightgbm.train(options, lightgbm.Dataset(x, y.astype(float)), num_boost_round=5)
    # Walk every training row through every tree by hand.
    leaves = booster.predict(x, pred_leaf=True).astype(int)
    total = 0.0
    for number, tree in enumerate(booster.dump_model()["tree_info"]):
        depth = {}

        def walk(node, level, depth=depth):
            if "left_child" in node:
                walk(node["left_child"], level + 1)
                walk(node["right_child"], level + 1)
            else:
                depth[node["leaf_index"]] = level

        walk(tree["tree_structure"], 0)
        total += np.mean([depth[leaf] for leaf in leaves[:, number]])
    assert profile.nodes_per_pixel(booster) == pytest.approx(total)
