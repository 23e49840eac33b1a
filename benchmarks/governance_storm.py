"""A storm of faults over rules, people, ledgers and clocks: 1,000 seeds, no invariant broken.

    python benchmarks/governance_storm.py --seeds 1000 --workers 2

Flies the tiny world of tests/simulation once for each seed. Exits with 1 if an invariant breaks,
and says with which seed and how to see it again.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]

from simulation.storm import Totals, storm  # noqa: E402  found only from here on

BLOCK = 25


def show(totals, wall_s):
    print(f"{totals.seeds} seeds, {totals.jobs} observations, {totals.delivered} delivered")
    print(f"{totals.acts} acts, {totals.records} records on the ground")
    for kind, count in sorted(totals.faults.items(), key=lambda row: -row[1]):
        print(f"  {kind:20s} {count:9,d}")
    print(f"  {'all faults':20s} {totals.faults.total():9,d}")
    for violation in totals.violations:
        print(violation)
    print(f"{len(totals.violations)} violations, {wall_s:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    started_s, last, totals = time.perf_counter(), asked.first + asked.seeds, Totals()
    blocks = [range(at, min(at + BLOCK, last)) for at in range(asked.first, last, BLOCK)]
    with ProcessPoolExecutor(asked.workers) as pool:
        for part in pool.map(storm, blocks):
            totals.merge(part)
    show(totals, time.perf_counter() - started_s)
    sys.exit(1 if totals.violations else 0)


if __name__ == "__main__":
    main()
