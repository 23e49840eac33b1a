"""Work of stages across crashes: what checkpoints keep of it, and which results are wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

from perigrid.fleet.model import Floats
from perigrid.sim.executor import Task


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint on a node: work done, and whether it carries a corruption."""

    node: int
    kept_s: float
    corrupted: bool
    detected: bool


class SavedWork:
    """Checkpoints of all stages that a crash interrupted, and the results that went wrong.

    Parameters
    ----------
    interval_s : (n_satellites,) float array
        Work between two checkpoints on each satellite; infinite where nothing is saved [s].
    save_s : float
        Work that saving one takes [s].

    Notes
    -----
    A checkpoint stays on the node's storage: it serves the next try there and no other.
    """

    def __init__(self, interval_s: Floats, save_s: float) -> None:
        self._interval_s = interval_s
        self._save_s = save_s
        self._saved: dict[tuple[int, str], Saved] = {}
        self._wrong: set[tuple[int, str]] = set()
        self.lost_s = 0.0

    @property
    def wrong_jobs(self) -> set[int]:
        """Jobs with a stage whose last result is corrupt."""
        return {job_id for job_id, _ in self._wrong}

    def prepare(self, node: int, task: Task) -> None:
        """Let a stage go on from its checkpoint, and make room in its time for saving.

        Parameters
        ----------
        node : int
            Fleet row of the computer.
        task : Task
            Not submitted; changed.
        """
        saved = self._saved.pop((task.job_id, task.stage), None)
        if saved is not None and saved.node == node:
            task.kept_s, task.corrupted = saved.kept_s, saved.corrupted
            task.detected = saved.detected
        left_s = task.work_s - task.kept_s
        saves = max(math.ceil(left_s / self._every_s(node)) - 1, 0)
        task.work_s = left_s + saves * self._save_s

    def interrupt(self, node: int, task: Task, *, wiped: bool) -> tuple[float, float]:
        """Keep what the checkpoints of an interrupted stage have saved, and count the rest as lost.

        Parameters
        ----------
        node : int
            Fleet row of the computer.
        task : Task
            Caught up to the crash.
        wiped : bool
            Whether the storage is gone too.

        Returns
        -------
        kept_s, new_s : float
            Work saved by now, and what of it is from this try [s].
        """
        done_s, every_s = task.work_s - task.left_s, self._every_s(node)
        if wiped:
            self.lost_s += task.kept_s + done_s
            return 0.0, 0.0
        saves = 0
        if math.isfinite(every_s):
            saves = math.floor(done_s / (every_s + self._save_s))
        new_s = saves * every_s if saves else 0.0
        self.lost_s += done_s - saves * (every_s + self._save_s) if saves else done_s
        kept_s = task.kept_s + new_s
        if kept_s > 0.0:
            saved = Saved(node, kept_s, task.corrupted, task.detected)
            self._saved[task.job_id, task.stage] = saved
        return kept_s, new_s

    def finish(self, task: Task) -> None:
        """Note what a result is worth.

        Parameters
        ----------
        task : Task
            Completed.
        """
        key = (task.job_id, task.stage)
        self._wrong.discard(key)
        if task.corrupted:
            self._wrong.add(key)

    def _every_s(self, node: int) -> float:
        """Work between two checkpoints; ground computers save nothing."""
        return float(self._interval_s[node]) if node < len(self._interval_s) else math.inf
