"""Schedulers against a bound, seed by seed.

    python benchmarks/schedulers.py --seeds 20           # 100 satellites x 1,000 jobs, both kinds
    python benchmarks/schedulers.py --seeds 20 --small   # 20 x 200 against proven optima

Seeds begin at 100: the look-ahead list's exponents were chosen on seeds 0 to 4.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ProcessPoolExecutor

from perigrid.control.planning.bound import LINEAR, PRICES
from perigrid.control.planning.family import family
from perigrid.control.planning.study import PLANNERS, optimum, score

FIRST_SEED = 100


def large(asked):
    seed, full, kind = asked
    started_s = time.process_time()
    scores = score(family(100, 1000, seed, full=full), kind=kind)
    return scores.bound, scores.value, time.process_time() - started_s


def small(asked):
    seed, full, _ = asked
    instance = family(20, 200, seed, full=full)
    started_s = time.process_time()
    exact = optimum(instance, nodes=200)
    solved_s = time.process_time() - started_s
    return exact, score(instance, kind=LINEAR), solved_s


def show_large(seeds, full, rows):
    print(f"\n100 x 1,000{', memory, heat and data movement' if full else ''}")
    print("seed  bound  " + "  ".join(f"{name:>20}" for name in PLANNERS) + "  CPU s")
    shares = {name: [] for name in PLANNERS}
    better = 0
    for seed, (bound, value, cpu_s) in zip(seeds, rows, strict=True):
        cells = []
        for name in PLANNERS:
            shares[name].append(bound.share(value[name]))
            cells.append(f"{value[name]:12.0f} {shares[name][-1]:7.2%}")
        better += value["planner"] > max(value["lookahead"], value["lookahead, day known"])
        print(f"{seed:4d} {bound.value:6.0f}  " + "  ".join(cells) + f"  {cpu_s:5.1f}")
    for what, reduce in (("median", statistics.median), ("worst", min)):
        print(f"{what:>12} " + "  ".join(f"{reduce(shares[name]):20.2%}" for name in PLANNERS))
    print(f"bound: {rows[0][0].kind}; planner beats both look-aheads on {better} of {len(rows)}")


def show_small(seeds, full, rows):
    print(f"\n20 x 200{', memory, heat and data movement' if full else ''}")
    print("seed  optimum  gap      bound/opt  lookahead/opt  planner/opt  HiGHS CPU s")
    ratios = []
    for seed, (exact, scores, solved_s) in zip(seeds, rows, strict=True):
        ratio = [
            one / exact.bound
            for one in (scores.bound.value, scores.value["lookahead"], scores.value["planner"])
        ]
        ratios.append(ratio)
        cells = "  ".join(f"{one:11.2%}" for one in ratio)
        print(f"{seed:4d} {exact.value:8.0f} {exact.gap_share:8.4%} {cells}  {solved_s:8.1f}")
    for what, reduce in (("median", statistics.median), ("least", min), ("most", max)):
        print(f"{what:>12} " + "  ".join(f"{reduce(c):13.2%}" for c in zip(*ratios, strict=True)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--bound", choices=[LINEAR, PRICES], default=PRICES)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    with ProcessPoolExecutor(asked.workers) as pool:
        for full in (False, True):
            jobs = [(seed, full, asked.bound) for seed in seeds]
            if asked.small:
                show_small(seeds, full, list(pool.map(small, jobs)))
            else:
                show_large(seeds, full, list(pool.map(large, jobs)))


if __name__ == "__main__":
    main()
