"""The same days flown here and by orbital-compute: processor time, then what came out.

python benchmarks/peer.py                        # 10 and 100 satellites, 20 jobs each, as in docs
python benchmarks/peer.py --satellites 10 --jobs-each 60
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from perigrid.benchmark.peer import fly_ours, fly_peer
from perigrid.benchmark.peer_scenario import peer_case
from perigrid.physics.chunks import limited_threads

ROWS = (
    ("share of time in eclipse, mean", lambda one: one.eclipse_share.mean(), ".4f"),
    ("contact windows of a satellite, mean", lambda one: one.windows.mean(), ".2f"),
    ("contact minutes of a satellite, mean", lambda one: one.contact_s.mean() / 60.0, ".1f"),
    ("jobs done", lambda one: one.completed, ",d"),
    ("work done, h", lambda one: one.work_s.sum() / 3600.0, ".1f"),
    ("a job is done after, mean h", lambda one: one.mean_end_s / 3600.0, ".2f"),
    ("the last job is done after, h", lambda one: one.last_end_s / 3600.0, ".2f"),
    ("lowest state of charge", lambda one: one.lowest_soc.min(), ".3f"),
    ("highest temperature, degrees C", lambda one: one.hottest_k.max() - 273.15, ".1f"),
    ("mean temperature, degrees C", lambda one: one.mean_k.mean() - 273.15, ".1f"),
)


def recorded(case):
    with tempfile.TemporaryDirectory() as folder:
        return fly_ours(case, Path(folder))


def timed(work):
    begun_s = time.process_time()
    answer = work()
    return time.process_time() - begun_s, answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--satellites", default="10,100")
    parser.add_argument("--jobs-each", type=int, default=20)
    parser.add_argument("--hours", type=float, default=24.0)
    asked = parser.parse_args()
    for satellites in map(int, asked.satellites.split(",")):
        case = peer_case(satellites, satellites * asked.jobs_each, asked.hours)
        with limited_threads(1):
            cold_s, _ = timed(lambda case=case: recorded(case))
            times_s, flights = zip(
                *(timed(lambda case=case: recorded(case)) for _ in range(5)), strict=True
            )
        ours_s, ours = np.median(times_s), flights[-1]
        theirs_s, (theirs, _) = timed(lambda case=case: fly_peer(case))
        print(
            f"\n{satellites} satellites, {satellites * asked.jobs_each:,} jobs: CPU {ours_s:.3f} s "
            f"(first flight {cold_s:.1f} s), orbital-compute {theirs_s:.1f} s, "
            f"{theirs_s / ours_s:.0f} times\n"
        )
        print("| | Perigrid | orbital-compute | ratio |\n|---|---|---|---|")
        for name, value, form in ROWS:
            a, b = value(ours), value(theirs)
            print(f"| {name} | {a:{form}} | {b:{form}} | {a / b:.3f} |")


if __name__ == "__main__":
    main()
