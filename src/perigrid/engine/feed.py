"""Light and routes of a run with compute jobs, worked out ahead and handed over block by block."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Final

from perigrid.engine.state import Count, World
from perigrid.fleet.network.legs import LEGS_PER_BLOCK, Leg, Sky

_AHEAD: Final = 3
_POLL_S: Final = 0.1


class Feed:
    """Gives the loop the leg that begins at its next step.

    Parameters
    ----------
    sky : Sky
        Works legs out.
    take_routes : callable
        Told each leg, for whoever decides.
    """

    def __init__(self, sky: Sky, take_routes: Callable[[Leg], None]) -> None:
        self._sky, self._take_routes = sky, take_routes
        self._legs: Iterator[Leg] | None = None
        self._open = ExitStack()

    def __call__(self, w: World) -> None:
        """Put the light of the next leg into a world, and hand its routes over.

        Parameters
        ----------
        w : World
            Before the first step of a leg; changed in place.
        """
        step, width = int(w.counts[Count.STEP]), w.array_w.shape[1]
        if self._legs is None:
            self._legs = self._begin(step // width)
        leg = next(self._legs)
        steps = len(leg.array_w)
        w.array_w[:, :steps], w.environment_w[:, :steps] = leg.array_w.T, leg.environment_w.T
        w.counts[Count.BLOCK] = step
        self._take_routes(leg)

    def close(self) -> None:
        """Work no more legs out."""
        self._open.close()

    def _begin(self, number: int) -> Iterator[Leg]:
        """Begin with a leg; routes are the same bytes only from the begin of its block on."""
        skipped = number % LEGS_PER_BLOCK
        legs = self._open.enter_context(ahead(self._sky.legs(number - skipped)))
        return islice(legs, skipped, None)


class _Worker:
    """Works legs out on a thread of its own."""

    def __init__(self, legs: Iterator[Leg]) -> None:
        self._legs = legs
        self._ready: queue.Queue[Leg | BaseException | None] = queue.Queue(maxsize=_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def take(self) -> Iterator[Leg]:
        """Hand legs out, or raise what the thread did."""
        while (item := self._ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """End the thread, whatever is left."""
        self._stop.set()
        self._thread.join()

    def _put(self, item: Leg | BaseException | None) -> None:
        while not self._stop.is_set():
            try:
                self._ready.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return

    def _work(self) -> None:
        try:
            for leg in self._legs:
                self._put(leg)
                if self._stop.is_set():
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001  raised again where the legs are taken
            self._put(error)


@contextmanager
def ahead(legs: Iterator[Leg]) -> Iterator[Iterator[Leg]]:
    """Work legs out on a thread of its own, a few ahead of whoever takes them.

    Parameters
    ----------
    legs : iterator of Leg
        Not used by anybody else.

    Yields
    ------
    iterator of Leg
        The same in the same order; what the thread raises is raised here.
    """
    worker = _Worker(legs)
    try:
        yield worker.take()
    finally:
        worker.close()
