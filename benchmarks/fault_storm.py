"""A storm of faults over many seeds: no job lost or done twice, no limit broken.

    python benchmarks/fault_storm.py --seeds 1000

Flies examples/fault-storm.yaml once for each seed and architecture and counts every run again from
its record. Exits with 1 if anything is found that must not be.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from perigrid.base.jobs import Architecture
from perigrid.scenario.load import load_scenario
from perigrid.sim.storm import fly_storm
from perigrid.sim.world import World, build_world

SCENARIO = Path(__file__).parents[1] / "examples" / "fault-storm.yaml"
BLOCK = 25


@cache
def world() -> World:
    return build_world(load_scenario(str(SCENARIO)))


def block(asked):
    architecture, first, count = asked
    return fly_storm(world(), Architecture(architecture), range(first, first + count))


def show(architecture, seeds, blocks):
    violations = sum(found for _, found in blocks)
    counts = blocks[0][0]
    for more, _ in blocks[1:]:
        counts.update(more)
    print(f"\n{architecture}: {seeds} seeds x {len(world().jobs)} observations")
    for name, count in counts.items():
        print(f"  {name:24s} {count:12,.0f}")
    print(f"  {'VIOLATIONS':24s} {violations:12d}", flush=True)
    return violations


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--architecture", choices=world().scenario.architectures)
    asked = parser.parse_args()
    started_s, found = time.perf_counter(), 0
    last = asked.first + asked.seeds
    with ProcessPoolExecutor(asked.workers) as pool:
        chosen = (asked.architecture,) if asked.architecture else world().scenario.architectures
        for architecture in chosen:
            parts = [
                (architecture, first, min(BLOCK, last - first))
                for first in range(asked.first, last, BLOCK)
            ]
            found += show(architecture, asked.seeds, list(pool.map(block, parts)))
    print(f"\n{found} violations, {time.perf_counter() - started_s:.0f} s")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
