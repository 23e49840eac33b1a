"""``perigrid bench outlook``: orbits, light, power and heat of a million satellites for a day."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Final

import numpy as np

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.benchmark.measure import Timing, peak_memory_bytes
from perigrid.benchmark.reference import LARGE_PLANE, large_shell
from perigrid.fleet.stream import stream_outlook
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.scenario.load import load_scenario

_STEP_S: Final = 60.0
_PLANES: Final = 1000


def bench_outlook(planes: int = _PLANES) -> list[Timing]:
    """Stream the outlook of a very large shell, in a process of its own for its memory's sake.

    Parameters
    ----------
    planes : int
        Planes of a thousand satellites.

    Returns
    -------
    list of Timing
        Wall time with all processors, processor time and peak memory; no library does this.
    """
    command = [sys.executable, "-m", "perigrid.benchmark.outlook", str(planes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  ours
    wall_s, cpu_s, peak_bytes = (float(word) for word in done.stdout.split())
    name = f"outlook: {planes * LARGE_PLANE} satellites, orbit, light, power, heat, a day at 60 s"
    return [Timing(name, wall_s, cpu_s=cpu_s, peak_bytes=peak_bytes)]


def stream_large_shell(planes: int) -> tuple[float, float, float]:
    """Prepare and stream a shell of ``planes`` times 1,000 satellites.

    Parameters
    ----------
    planes : int
        Planes of a thousand satellites.

    Returns
    -------
    wall_s, cpu_s : float
        Time of both [s].
    peak_bytes : float
        Largest resident memory of the process so far [B].

    Raises
    ------
    ValueError
        If the library's scenario has no computing satellites.
    """
    scenario = load_scenario("three-body")
    bus = scenario.flown[0]
    if bus.computer is None:
        raise ValueError("three-body has computing satellites")
    times = np.arange(0.0, SECONDS_PER_DAY + 0.5 * _STEP_S, _STEP_S)
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    columns = large_shell(planes, scenario.start)
    satellites = Sgp4Set.from_arrays(columns)
    stream_outlook(satellites, bus, scenario.start, times, bus.computer.active_w)
    wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    return wall_s, cpu_s, peak_memory_bytes()


if __name__ == "__main__":
    sys.stdout.write(" ".join(str(value) for value in stream_large_shell(int(sys.argv[1]))))
