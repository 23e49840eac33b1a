"""Writes what the loop has logged into a run folder, part by part; each part is in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from perigrid.engine.parts import PartWriter
from perigrid.engine.state import STATE_COLUMNS, Clock, Count, Filled, World
from perigrid.engine.tables import Names, Rows, Words, log_frames
from perigrid.engine.telemetry import TelemetrySums, telemetry_frame
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.ledger.batches import batch_content
from perigrid.ledger.record import BATCH, WORDS
from perigrid.ledger.row_hash import root_of


class Recorder:
    """Takes the log and the telemetry of a world when they are full.

    Parameters
    ----------
    parts : PartWriter
        Of the run folder.
    fleet, outlook
        For names, light and sub-satellite points.
    edges_s : (n_steps + 1,) float array
        Of all steps [s].
    stages : tuple of str
        Names of the pipeline's.
    words : Words
        What the numbers of decisions mean.
    begun : callable, optional
        Told of acts that were begun, of jobs that people were asked about.
    """

    def __init__(
        self,
        parts: PartWriter,
        fleet: Fleet,
        outlook: Outlook,
        edges_s: Floats,
        stages: tuple[str, ...],
        words: Words,
        begun: Callable[[Rows], None] | None = None,
    ) -> None:
        self.parts = parts
        self.sums = TelemetrySums(fleet, edges_s)
        self._fleet, self._outlook, self._edges_s = fleet, outlook, edges_s
        self._names, self._words = Names(fleet.names, stages), words
        self._begun = begun
        self._written = 0, 0  # decisions and events

    def commit(self, w: World) -> None:
        """Enter the root over all decisions since the last one.

        Parameters
        ----------
        w : World
            Between two steps, or two instants.
        """
        counts = w.counts
        first, stop = int(counts[Count.COMMITTED]), int(counts[Count.OLD_DECISIONS])
        if first < stop:
            t_s, news = self._t_s(w), self._words.news()
            if news is not None:
                self.parts.record.enter(t_s, WORDS, news)
            root = root_of(w.log.leaves[first:stop])
            content = batch_content(self._written[0] + first, stop - first, root)
            self.parts.record.enter(t_s, BATCH, content)
            counts[Count.COMMITTED] = stop

    def write_log(self, w: World) -> None:
        """Write events and decisions, and empty the log.

        Parameters
        ----------
        w : World
            Between two instants, or before one is decided on: that stays.
        """
        self.commit(w)
        log, counts, t_s = w.log, w.counts, self._t_s(w)
        left = log.events[counts[Count.OLD_EVENTS] : log.filled[Filled.EVENTS]].copy()
        log.filled[Filled.EVENTS] = counts[Count.OLD_EVENTS]
        frames = log_frames(
            log, w.jobs, self._names, self._words, self.parts.next_record, self._written
        )
        decisions, events = self._written
        self._written = decisions + frames["actions"].height, events + frames["events"].height
        for name, frame in frames.items():
            self.parts.write(name, frame, t_s)
        if self._begun is not None:
            self._begun(log.begun[: log.filled[Filled.BEGUN]])
        log.events[: len(left)] = left
        log.filled[:] = 0
        log.filled[Filled.EVENTS] = len(left)
        counts[[Count.OLD_EVENTS, Count.OLD_DECISIONS, Count.COMMITTED]] = 0

    def write_telemetry(self, w: World) -> None:
        """Write the steps that are held, and hold none.

        Parameters
        ----------
        w : World
            Between two steps.
        """
        first, steps = self.sums.steps, int(w.counts[Count.TOLD])
        if steps == 0:
            return
        held = {name: w.telemetry[row, :steps] for row, name in enumerate(STATE_COLUMNS)}
        self.sums.add(held)
        frame = telemetry_frame(self._fleet, self._outlook, self._edges_s, first, held)
        self.parts.write("telemetry", frame, float(w.t_s[first + steps]))
        w.counts[Count.TOLD] = 0

    def _t_s(self, w: World) -> float:
        """Time of the last instant, or of the telemetry that is written already [s]."""
        return float(max(w.clock[Clock.NOW], w.t_s[self.sums.steps]))

    def state(self) -> dict[str, Any]:
        """Give what a checkpoint needs.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "written": self._written,
            "sums": self.sums.state(),
            "parts": len(self.parts.parts),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to a checkpoint; the parts written since are gone already.

        Parameters
        ----------
        state : mapping
            From :meth:`state`.
        """
        self._written = state["written"]
        self.sums.restore(state["sums"])
