"""How time and memory of a flight grow with satellites and jobs; each case in its own process.

python benchmarks/growth.py                      # all nine cases, one day each
python benchmarks/growth.py --hours 2 --satellites 100,1000 --jobs 10000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHELLS = {100: (10, 10), 1000: (40, 25), 10_000: (100, 100)}


def fly(satellites, jobs, hours, folder):
    planes, each = SHELLS[satellites]
    command = [sys.executable, "-m", "perigrid", "run", "mega-constellation", "--json", "-q"]
    command += ["--jobs", str(jobs), "--hours", str(hours), "-o", str(folder)]
    for key, value in (("planes", planes), ("satellites_per_plane", each)):
        command += ["--set", f"groups.shell.orbit.walker.{key}={value}"]
    started_s = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    answer = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - started_s
    on_disk = sum(part.stat().st_size for part in folder.rglob("*") if part.is_file())
    return answer, wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0, on_disk


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--satellites", default="100,1000,10000")
    parser.add_argument("--jobs", default="10000,100000,1000000")
    parser.add_argument("--hours", type=float, default=24.0)
    asked = parser.parse_args()
    print(
        "| satellites | jobs | wall s | CPU s | peak MiB | folder MB | delivered | of bound "
        "| bound by |"
    )
    print("|" + "---|" * 9)
    for satellites in map(int, asked.satellites.split(",")):
        for jobs in map(int, asked.jobs.split(",")):
            with tempfile.TemporaryDirectory() as scratch:
                answer, wall_s, cpu_s, mib, size = fly(
                    satellites, jobs, asked.hours, Path(scratch) / "flight"
                )
            print(
                f"| {satellites:,} | {jobs:,} | {wall_s:.0f} | {cpu_s:.0f} | {mib:.0f} "
                f"| {size / 1e6:.0f} | {answer['insights_delivered'] / jobs:.1%} "
                f"| {answer['value_share']:.1%} | {answer['bound']['kind']} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
