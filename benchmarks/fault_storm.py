"""A storm of faults over many seeds: no job lost or done twice, no limit broken.

    python benchmarks/fault_storm.py --seeds 1000
    python benchmarks/fault_storm.py --seeds 300 --governed --architecture orbital
    python benchmarks/fault_storm.py --seeds 1000 --scenario examples/job-storm.yaml

Flies examples/fault-storm.yaml, or a scenario that is named, once for each seed and architecture
and counts every run again from its record; with --governed under people, stops and timers as well.
Names everything that must not be with its architecture and seed, and exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from perigrid.base.architecture import BUILT_IN
from perigrid.scenario.load import load_scenario
from perigrid.sim.storm import GOVERNED, fly_storm
from perigrid.sim.world import World, build_world

SCENARIO = Path(__file__).parents[1] / "examples" / "fault-storm.yaml"
BLOCK = 25


@cache
def world(scenario, overrides) -> World:
    return build_world(load_scenario(scenario, overrides=overrides))


def block(asked):
    scenario, overrides, architecture, first, count = asked
    return fly_storm(
        world(scenario, overrides), BUILT_IN[architecture], range(first, first + count)
    )


def show(title, blocks):
    violations = [found for _, inner in blocks for found in inner]
    counts = blocks[0][0]
    for more, _ in blocks[1:]:
        counts.update(more)
    print(f"\n{title}")
    for name, count in counts.items():
        print(f"  {name:24s} {count:12,.0f}")
    print(f"  {'VIOLATIONS':24s} {len(violations):12d}")
    print("".join(f"    {found}\n" for found in violations), end="", flush=True)
    return len(violations)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--architecture", choices=list(BUILT_IN))
    parser.add_argument("--scenario", default=str(SCENARIO))
    parser.add_argument("--governed", action="store_true")
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    asked = parser.parse_args()
    started_s, found = time.perf_counter(), 0
    last = asked.first + asked.seeds
    overrides = (*(GOVERNED if asked.governed else ()), *asked.overrides)
    flown = world(asked.scenario, overrides)
    with ProcessPoolExecutor(asked.workers) as pool:
        chosen = (asked.architecture,) if asked.architecture else flown.scenario.architectures
        for architecture in chosen:
            parts = [
                (asked.scenario, overrides, architecture, first, min(BLOCK, last - first))
                for first in range(asked.first, last, BLOCK)
            ]
            title = f"{architecture}: {asked.seeds} seeds x {len(flown.jobs)} jobs"
            found += show(title, list(pool.map(block, parts)))
    print(f"\n{found} violations, {time.perf_counter() - started_s:.0f} s")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
