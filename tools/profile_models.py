"""Measure the two real models on one core; prints the figures kept in workload/measured.py.

    taskset -c 0 python tools/profile_models.py

Every figure is the least of several repetitions of processor time, so that other work on the
machine counts as little as possible.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np

from perigrid.workload.classifier import Classifier
from perigrid.workload.cloud_detector import CloudDetector
from perigrid.workload.profile import (
    classify_bytes_per_pixel,
    classify_ops_per_pixel,
    nodes_per_pixel,
    screen_ops_per_pixel,
)
from perigrid.workload.scenes import generate_scene

SIDES_PX = (32, 64, 128, 192)
PATCHES = (1, 8, 64, 256)


def least_s(work: Callable[[], object], repetitions: int) -> float:
    """Least processor time of several repetitions."""
    times = []
    for _ in range(repetitions):
        start_s = time.process_time()
        work()
        times.append(time.process_time() - start_s)
    return min(times)


def fit(sizes: np.ndarray, times_s: np.ndarray) -> tuple[float, float]:
    """Time for one unit of work and start-up, by weighted least squares of relative error."""
    columns = np.stack([sizes, np.ones_like(sizes)], axis=1) / times_s[:, None]
    slope, start = np.linalg.lstsq(columns, np.ones_like(times_s), rcond=None)[0]
    return float(slope), float(start)


def per_size(sizes: tuple[int, ...], values: np.ndarray) -> str:
    """Sizes with their figures, for reading."""
    return ", ".join(f"{size}: {value:.3g}" for size, value in zip(sizes, values, strict=True))


def resident_bytes() -> int:
    """Most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7)
    repetitions = parser.parse_args().repetitions
    rng = np.random.default_rng(20260822)

    classifier = Classifier()
    batches = [rng.integers(0, 256, (n, 64, 64, 3), dtype=np.uint8) for n in PATCHES]
    before = resident_bytes()
    for batch in batches:
        classifier.classify(batch)
    classifier_held = resident_bytes() - before
    before = resident_bytes()
    detector = CloudDetector()
    scenes = [
        generate_scene(rng, cloud_fraction=0.5, size_px=side).reflectance for side in SIDES_PX
    ]
    times = np.array([least_s(lambda s=s: detector.cloud_mask(s), repetitions) for s in scenes])
    pixel_s, start_s = fit(np.square(np.array(SIDES_PX, dtype=float)), times)
    held = resident_bytes() - before
    nodes = nodes_per_pixel(detector.model)
    print(f"screen: {pixel_s * 1e6:.2f} s/Mpixel, start-up {start_s * 1e3:.2f} ms")
    print(f"  by size {per_size(SIDES_PX, times / np.square(SIDES_PX) * 1e6)}")
    print(f"  trees {detector.model.num_trees()}, nodes {nodes:.0f} for a pixel")
    print(
        f"  {screen_ops_per_pixel(nodes, detector.average_over, detector.dilation):.0f} ops/pixel"
    )
    print(f"  memory {held / 1e6:.0f} MB")

    times = np.array([least_s(lambda b=b: classifier.classify(b), repetitions) for b in batches])
    patch_s, start_s = fit(np.array(PATCHES, dtype=float), times)
    print(f"classify: {patch_s * 1e3:.3f} ms/patch, {patch_s / 4096 * 1e6:.3f} s/Mpixel")
    print(f"  start-up {start_s * 1e3:.2f} ms; {classify_ops_per_pixel():.0f} ops/pixel")
    print(f"  by batch {per_size(PATCHES, times / PATCHES * 1e3)} ms/patch")
    print(f"  {classify_bytes_per_pixel(2.0):.0f} bytes/pixel in half precision")
    print(f"  memory {classifier_held / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
