"""Schedulers against a bound, seed by seed.

    python benchmarks/schedulers.py --missions           # loaded missions, through `compare`
    python benchmarks/schedulers.py --seeds 20           # 100 satellites x 1,000 jobs, both kinds
    python benchmarks/schedulers.py --seeds 20 --small   # 20 x 200 against proven optima

Seeds begin at 100: the look-ahead list's exponents were chosen on seeds 0 to 4.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from perigrid.base.architecture import ORBITAL
from perigrid.control.planning.bound import LINEAR, PRICES
from perigrid.control.planning.family import family
from perigrid.control.planning.study import PLANNERS, optimum, score
from perigrid.scenario.load import load_scenario
from perigrid.sim.compare import compare
from perigrid.sim.world import build_world

FIRST_SEED = 100

FLOWN = ("fifo", "edf", "lookahead", "price", "planner")
# Stations that stand for a world-wide network, beside the three of the scenario (sites public,
# their use assumed): with three, contacts bind and computers are idle.
STATIONS = (
    "Svalbard NO 78.23 15.39", "Troll AQ -72.01 2.53", "Inuvik CA 68.32 -133.55",
    "Magallanes CL -52.94 -70.85", "Hartebeesthoek ZA -25.89 27.69",
    "Invercargill NZ -46.53 168.38",
    "Fairbanks US 64.86 -147.85", "Kiruna SE 67.86 20.96", "Singapore SG 1.35 103.82",
)  # fmt: skip
MISSIONS = (  # start, seed, operations per pixel, deadline [h]
    *(("2026-08-23T07:00:00Z", 20260822, ops, 2) for ops in ("5e8", "1e9", "1.5e9", "2e9")),
    *(("2026-08-23T07:00:00Z", 20260822, ops, hours) for ops in ("1e9", "2e9") for hours in (1, 4)),
    *((start, seed, "2e9", 2) for start, seed in (
        ("2026-08-22T19:00:00Z", 7), ("2026-08-23T01:00:00Z", 8), ("2026-08-24T12:00:00Z", 9),
    )),
)  # fmt: skip


def mission(asked):
    start, seed, ops, hours = asked
    sites = []
    for one in STATIONS:
        name, country, latitude, longitude = one.split()
        where = f"latitude_deg: {latitude}, longitude_deg: {longitude}"
        sites.append(f"{{name: {name}, country: {country}, {where}}}")
    home = "[{name: Miyun, country: CN, latitude_deg: 40.45, longitude_deg: 116.86}, "
    home += "{name: Kashgar, country: CN, latitude_deg: 39.50, longitude_deg: 75.93}, "
    home += "{name: Sanya, country: CN, latitude_deg: 18.31, longitude_deg: 109.31}, "
    sets = (
        f"start={start}", f"seed={seed}", "hours=6", f"demand.deadline_hours={hours}",
        f"pipeline.classify.ops_per_pixel={ops}", f"stations.home.sites={home}{', '.join(sites)}]",
    )  # fmt: skip
    world = build_world(load_scenario("three-body", overrides=sets))
    row = []
    for name in FLOWN:
        flown = replace(world, scenario=replace(world.scenario, scheduler=name))
        with tempfile.TemporaryDirectory() as folder:
            started_s = time.process_time()
            told = compare(flown, [ORBITAL], Path(folder))["architectures"]["orbital"]
            row.append((told["value"], time.process_time() - started_s))
    return told["bound"], row


def show_missions(rows):
    print("start                 seed      ops   h  bound (kind)     " + "  ".join(
        f"{name:>16}" for name in FLOWN
    ))  # fmt: skip
    for (start, seed, ops, hours), (bound, row) in zip(MISSIONS, rows, strict=True):
        cells = "  ".join(f"{value:5d} {cpu_s:5.1f} CPU-s" for value, cpu_s in row)
        head = f"{start}  {seed:8d}  {ops:>5}  {hours}  {bound['value']:4d} {bound['kind']:10}"
        print(f"{head}  {cells}")


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
    parser.add_argument("--missions", action="store_true")
    parser.add_argument("--bound", choices=[LINEAR, PRICES], default=PRICES)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    with ProcessPoolExecutor(asked.workers) as pool:
        if asked.missions:
            show_missions(pool.map(mission, MISSIONS))
            return
        for full in (False, True):
            jobs = [(seed, full, asked.bound) for seed in seeds]
            if asked.small:
                show_small(seeds, full, list(pool.map(small, jobs)))
            else:
                show_large(seeds, full, list(pool.map(large, jobs)))


if __name__ == "__main__":
    main()
