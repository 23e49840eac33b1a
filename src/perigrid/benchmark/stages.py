"""``perigrid bench compare``: where the time of the main job goes."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from perigrid.base.progress import Progress
from perigrid.benchmark.measure import Timing, peak_memory_bytes
from perigrid.scenario.load import load_scenario
from perigrid.sim.compare import compare
from perigrid.sim.world import build_world


class StageClock:
    """Turns progress reports into the time each stage took.

    Time before a report belongs to the stage that reports, unless the report opens the stage
    (share 0): then it belongs to the stage before.

    Parameters
    ----------
    forward : callable, optional
        Told every report too.
    """

    def __init__(self, forward: Progress | None = None) -> None:
        self._forward = forward
        self._stage = "loading"
        self._wall_s = time.perf_counter()
        self._cpu_s = time.process_time()
        self.seconds: dict[str, tuple[float, float]] = {}

    def __call__(self, label: str, share: float) -> None:
        """Hear a report.

        Parameters
        ----------
        label : str
            Stage.
        share : float
            Done of it, 0 to 1.
        """
        self._book(label if share > 0.0 else self._stage)
        self._stage = label
        if self._forward is not None:
            self._forward(label, share)

    def stop(self) -> None:
        """Book the rest on the stage that reported last."""
        self._book(self._stage)

    def _book(self, stage: str) -> None:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        wall_before_s, cpu_before_s = self.seconds.get(stage, (0.0, 0.0))
        self.seconds[stage] = (
            wall_before_s + wall_s - self._wall_s,
            cpu_before_s + cpu_s - self._cpu_s,
        )
        self._wall_s, self._cpu_s = wall_s, cpu_s


def bench_compare(
    name: str = "three-body",
    overrides: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> list[Timing]:
    """Time the main job once, cold, by stage.

    Parameters
    ----------
    name : str
        Path or library name.
    overrides : tuple of str
        ``key=value`` changes.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    list of Timing
        One line per stage, then the total with the peak memory. Without a reference: no library
        does this job.
    """
    clock = StageClock(progress)
    scenario = load_scenario(name, overrides=overrides)
    world = build_world(scenario, clock)
    chosen = [scenario.architecture(one) for one in scenario.architectures]
    with tempfile.TemporaryDirectory() as folder:
        compare(world, chosen, Path(folder), progress=clock)
    clock.stop()
    rows = [
        Timing(f"compare {name}: {stage}", wall_s, cpu_s=cpu_s)
        for stage, (wall_s, cpu_s) in clock.seconds.items()
    ]
    wall_s = sum(wall_s for wall_s, _ in clock.seconds.values())
    cpu_s = sum(cpu_s for _, cpu_s in clock.seconds.values())
    total = Timing(f"compare {name}: total", wall_s, cpu_s=cpu_s, peak_bytes=peak_memory_bytes())
    return [*rows, total]
