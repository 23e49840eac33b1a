"""What the two real models cost: measured figures with their origin, and the stages made of them.

Measured 2026-11-23 with ``taskset -c 1 python tools/profile_models.py`` on one core of an AMD EPYC
(Zen 4/5) server processor, s2cloudless 1.7.3 with LightGBM 4.7.0, and ONNX Runtime 1.32.0.

How the figures reach another processor
---------------------------------------
Both stages become a count of operations and of bytes for a pixel, and a share of the peak that the
processor reaches; :func:`perigrid.workload.profile.stage_time_s` does the rest.

Screening walks trees: branches, not matrices, so tensor cores are of no use and it runs on the
general cores beside the accelerator. Their rate is counted in the same operations: a computer's
``host_ops_s`` is its number of cores times :data:`CORE_OPS_S`, the rate of the measured core,
times how fast its cores are beside that one. Classification is convolutions and runs on the
accelerator.
"""

from __future__ import annotations

import math
from typing import Final

from perigrid.base.provenance import Confidence, Provenance
from perigrid.scenario.pipeline import CLOUD_DETECTOR, LAND_CLASSIFIER, Stage
from perigrid.workload import classifier, cloud_detector, profile

MEASURED_ON: Final = "one core of an AMD EPYC (Zen 4/5) server processor"
COMMAND: Final = "taskset -c 1 python tools/profile_models.py"
DATE: Final = "2026-11-23"

SCREEN_S_PER_PIXEL: Final = 9.95e-6
SCREEN_START_S: Final = 2.5e-3
SCREEN_NODES_PER_PIXEL: Final = 2909.0
SCREEN_MEMORY_BYTES: Final = 41e6
CLASSIFY_S_PER_PATCH: Final = 0.894e-3
CLASSIFY_START_S: Final = 0.4e-3
CLASSIFY_MEMORY_BYTES: Final = 101e6

SCREEN_OPS_PER_PIXEL: Final = profile.screen_ops_per_pixel(
    SCREEN_NODES_PER_PIXEL, average_over_px=4, dilation_px=2
)
CORE_OPS_S: Final = SCREEN_OPS_PER_PIXEL / SCREEN_S_PER_PIXEL
"""Rate of the measured core at walking trees, in the operations counted here (measured)."""

CLASSIFY_EFFICIENCY: Final = 0.10
BYTES_PER_ACTIVATION: Final = 2.0

SCREEN_BYTES_PER_PIXEL: Final = 58.0
"""Ten bands in float32, the probability and its mean written and read in float32, the mask written
and read as bytes; the trees stay in cache (derived)."""

SCREEN_OUTPUT_BYTES: Final = 64.0
"""A telemetry record with scene, time and cloud fraction (assumed)."""

BYTES_PER_PATCH: Final = 2.0
"""A class and a confidence, one byte each (derived)."""

REFERENCE_SCENE_M: Final = 20_000.0
"""Side of the scene for which the classify stage's output is given."""


def screen_stage() -> Stage:
    """Make the cloud screening stage from the measured profile of s2cloudless.

    Returns
    -------
    Stage
        On pixels of 60 m.
    """
    return Stage(
        name="screen",
        model="s2cloudless 1.7",
        pixel_m=cloud_detector.PIXEL_M,
        runs_on="host",
        ops_per_pixel=SCREEN_OPS_PER_PIXEL,
        bytes_per_pixel=SCREEN_BYTES_PER_PIXEL,
        efficiency=1.0,
        memory_bytes=SCREEN_MEMORY_BYTES,
        fixed_s=SCREEN_START_S,
        output_bytes=SCREEN_OUTPUT_BYTES,
        executes=CLOUD_DETECTOR,
    )


def classify_stage() -> Stage:
    """Make the land-cover stage from the measured profile of the shipped network.

    Returns
    -------
    Stage
        On pixels of 10 m, for a scene of 20 km on a side.
    """
    return Stage(
        name="classify",
        model="eurosat.onnx",
        pixel_m=classifier.PIXEL_M,
        runs_on="accelerator",
        ops_per_pixel=profile.classify_ops_per_pixel(),
        bytes_per_pixel=profile.classify_bytes_per_pixel(BYTES_PER_ACTIVATION),
        efficiency=CLASSIFY_EFFICIENCY,
        memory_bytes=CLASSIFY_MEMORY_BYTES,
        fixed_s=CLASSIFY_START_S,
        output_bytes=answer_bytes(REFERENCE_SCENE_M**2),
        executes=LAND_CLASSIFIER,
    )


def answer_bytes(area_m2: float) -> float:
    """Size of the decision product of one scene.

    Parameters
    ----------
    area_m2 : float
        Ground area of the scene [m2].

    Returns
    -------
    float
        The telemetry record, and class and confidence of every patch [B].
    """
    patch_m2 = (classifier.PATCH_PX * classifier.PIXEL_M) ** 2
    return SCREEN_OUTPUT_BYTES + BYTES_PER_PATCH * math.ceil(area_m2 / patch_m2)


def provenance() -> tuple[Provenance, ...]:
    """List every figure the stages are made of, with its origin.

    Returns
    -------
    tuple of Provenance
        Keys start with ``workload.screen`` or ``workload.classify``.
    """
    measured = f"{COMMAND} on {MEASURED_ON}"
    rows: tuple[tuple[str, float, str, str, Confidence], ...] = (
        ("screen.s_per_pixel", SCREEN_S_PER_PIXEL, "s", measured, "measured"),
        ("screen.start_s", SCREEN_START_S, "s", measured, "measured"),
        ("screen.nodes_per_pixel", SCREEN_NODES_PER_PIXEL, "1",
         "mean leaf depth, by training pixels, of the 170 trees of s2cloudless 1.7.3", "derived"),
        ("screen.bytes_per_pixel", SCREEN_BYTES_PER_PIXEL, "B",
         "bands, probability, mean and mask; the trees stay in cache", "derived"),
        ("screen.memory_bytes", SCREEN_MEMORY_BYTES, "B", measured, "measured"),
        ("screen.ops_per_pixel", SCREEN_OPS_PER_PIXEL, "1",
         "two for a node visit, two for each weight of the averaging and dilation disks",
         "derived"),
        ("screen.core_ops_s", CORE_OPS_S, "1/s", measured, "measured"),
        ("screen.output_bytes", SCREEN_OUTPUT_BYTES, "B", "one telemetry record", "assumed"),
        ("classify.s_per_patch", CLASSIFY_S_PER_PATCH, "s", measured, "measured"),
        ("classify.start_s", CLASSIFY_START_S, "s",
         "no start-up was measurable; a launch of the five layers", "assumed"),
        ("classify.ops_per_pixel", profile.classify_ops_per_pixel(), "1",
         "layer table of the shipped network, two for a multiply-accumulate", "derived"),
        ("classify.bytes_per_pixel", profile.classify_bytes_per_pixel(BYTES_PER_ACTIVATION), "B",
         "half-precision activations, layers not fused", "derived"),
        ("classify.memory_bytes", CLASSIFY_MEMORY_BYTES, "B", measured, "measured"),
        ("classify.efficiency", CLASSIFY_EFFICIENCY, "1",
         "8 H100 reach 0.37 of dense int8 peak on ResNet-50 (MLPerf Inference v4.1, closed, "
         "offline, entry 4.1-0020: 709,849 samples/s at 8.2 GOP); a quarter of that for 64-pixel "
         "images and few channels", "assumed"),
        ("classify.output_bytes", answer_bytes(REFERENCE_SCENE_M**2), "B",
         "record, and class and confidence of each 640 m patch of a 20 km scene", "derived"),
    )  # fmt: skip
    return tuple(
        Provenance(f"workload.{key}", value, unit, source, DATE, confidence)
        for key, value, unit, source, confidence in rows
    )
