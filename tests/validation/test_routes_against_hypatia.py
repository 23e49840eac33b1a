"""Every path, round trip and outage of a pair that hypatia computed with networkx and pyephem."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from perigrid.validation.hypatia import KUIPER_630, hypatia_routes

SHARED = Path(__file__).parents[3] / "shared" / "data"
REFERENCE = SHARED / "validation" / "hypatia_kuiper_630"
CITIES = SHARED / "ground" / "hypatia_cities_top1000_pop2025.txt"
NANOSECONDS = 1e9
TOLERANCE_NS = 1000.0  # the issue asks for 0.001 ms

needs_data = pytest.mark.skipif(
    not (REFERENCE.is_dir() and CITIES.is_file()), reason="hypatia's files are not here"
)


def cities():
    with CITIES.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    return np.array([[float(row[2]), float(row[3])] for row in rows])


def reference_pairs():
    """Pairs of node numbers of which both files are there."""
    names = [re.match(r"networkx_rtt_(\d+)_to_(\d+)\.txt", p.name) for p in REFERENCE.glob("*")]
    return sorted((int(name[1]), int(name[2])) for name in names if name)


def expected_paths(source, target, times_ns):
    """Path of every time; the file lists only changes."""
    text = (REFERENCE / f"networkx_path_{source}_to_{target}.txt").read_text(encoding="utf-8")
    changes = dict(line.split(",") for line in text.split())
    current, paths = "", []
    for t_ns in times_ns:
        current = changes.get(str(t_ns), current)
        paths.append(current)
    return paths


@needs_data
@pytest.mark.validation
def test_every_path_round_trip_and_outage_of_the_reference():
    places, n = cities(), KUIPER_630.n_satellites
    assert reference_pairs()
    for source, target in reference_pairs():
        file = REFERENCE / f"networkx_rtt_{source}_to_{target}.txt"
        table = np.loadtxt(file, delimiter=",")
        times_ns = table[:, 0].astype(np.int64)
        # Only both ends: other ground stations never relay.
        ends = places[[source - n, target - n]]
        (series,) = hypatia_routes(
            KUIPER_630, ends[:, 0], ends[:, 1], np.array([[0, 1]]), times_ns / NANOSECONDS
        )
        numbers = {n: source, n + 1: target}
        ours = [
            "-".join(str(numbers.get(node, node)) for node in series.path_at(k).tolist())
            or "Unreachable"
            for k in range(len(times_ns))
        ]
        assert ours == expected_paths(source, target, times_ns.tolist())
        # hypatia writes 0 for an outage.
        rtt_ns = np.where(np.isfinite(series.rtt_s), series.rtt_s * NANOSECONDS, 0.0)
        assert np.array_equal(rtt_ns == 0.0, table[:, 1] == 0.0)
        assert np.abs(rtt_ns - table[:, 1]).max() < TOLERANCE_NS


@needs_data
@pytest.mark.validation
def test_nodes_are_numbered_as_in_hypatias_list():
    places = cities()[:100]
    (series,) = hypatia_routes(
        KUIPER_630, places[:, 0], places[:, 1], np.array([[17, 85]]), np.array([0.0])
    )
    assert series.path_at(0).tolist() == [1173, 184, 183, 217, 1241]
