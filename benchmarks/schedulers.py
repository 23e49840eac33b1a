"""Schedulers beside the bound on loaded missions, flown through `compare`.

python benchmarks/schedulers.py
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from perigrid.base.architecture import ORBITAL
from perigrid.scenario.load import load_scenario
from perigrid.sim.compare import compare
from perigrid.sim.world import build_world

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.workers) as pool:
        show_missions(pool.map(mission, MISSIONS))


if __name__ == "__main__":
    main()
