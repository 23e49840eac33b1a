"""From the first step to the last: the loop, and what is written whenever it hands over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from perigrid.base.errors import InvariantError
from perigrid.engine.recorder import Recorder
from perigrid.engine.room import longer
from perigrid.engine.state import BATCH_S, Clock, Count, Status, Trouble, World

Advance = Callable[[World], int]
"""Lets the loop go on, and answers why it handed over: :class:`perigrid.engine.state.Status`."""
Pause = Callable[[World], float]
"""What is done between two steps; answers when to pause next [s]."""
Feed = Callable[[World], None]
"""Gives a world what it needs of the steps that come next; :mod:`perigrid.engine.feed` does."""

_SAID: Final = {
    Trouble.BATTERY: "a battery left its limits",
    Trouble.STORAGE: "a storage left its limits",
    Trouble.ENDED_TWICE: "a job ended twice",
    Trouble.UNACCOUNTED: "the waits of a job do not add up to its life",
    Trouble.LOST: "an observation was lost: it neither ended nor is under way",
    Trouble.NO_COMPUTER: "a node was told to compute and cannot",
    Trouble.LONG_WAYS: "the ways that began at one instant have more legs than there is room for",
    Trouble.LONG: "a decision names more than fits its leaf",
}


def fly(
    w: World,
    advance: Advance,
    recorder: Recorder,
    pause: Pause | None = None,
    feed: Feed | None = None,
) -> World:
    """Fly to the end.

    Parameters
    ----------
    w : World
        At its start, or where a checkpoint was written.
    advance : callable
        The loop with its decisions.
    recorder : Recorder
        Of the run.
    pause : callable, optional
        Called between two steps, first before the next; where it is fed, only just before that.
    feed : callable, optional
        Gives light and routes of the steps that come next, to a run that has not all from the
        start.

    Returns
    -------
    World
        At its end, everything logged written.

    Raises
    ------
    InvariantError
        If what must never be came to be.
    """
    rest = _Rest(w, pause, feed)
    while (status := Status(advance(w))) is not Status.END:
        if status in rest.wanted:
            rest.take(w)
        elif status is Status.UNCOMMITTED:
            recorder.commit(w)
            w.clock[Clock.BATCH] += BATCH_S
        elif status is Status.TELEMETRY_FULL:
            recorder.write_telemetry(w)
        elif status is Status.LOG_FULL:
            recorder.write_log(w)
        elif status is Status.SHORT:
            recorder.write_log(w)
            w = longer(w)
        else:
            _give_up(w, status)
    recorder.write_log(w)
    recorder.write_telemetry(w)
    return w


class _Rest:
    """What is done between two steps: a run that is fed pauses just before that, and only then."""

    def __init__(self, w: World, pause: Pause | None, feed: Feed | None) -> None:
        self._pause, self._feed = pause, feed
        self._next_s = 0.0  # when to pause
        self.wanted = {Status.PAUSED} if feed is None else {Status.UNFED}
        w.clock[Clock.PAUSE] = 0.0 if pause is not None and feed is None else float("inf")

    def take(self, w: World) -> None:
        """Pause if it is due, and feed."""
        if self._feed is None:
            w.clock[Clock.PAUSE] = float("inf") if self._pause is None else self._pause(w)
            return
        if self._pause is not None and w.t_s[w.counts[Count.STEP]] >= self._next_s:
            self._next_s = self._pause(w)
        self._feed(w)


def _give_up(w: World, status: Status) -> None:
    trouble, job = Trouble(int(w.counts[Count.TROUBLE])), int(w.counts[Count.OF_JOB])
    whose = f" (job {job})" if job >= 0 else ""
    said = _SAID.get(trouble, f"the loop stopped with {status.name}")
    raise InvariantError(f"{said} at {w.clock[Clock.NOW]:.0f} s{whose}")
