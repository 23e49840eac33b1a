"""What is to come, in a heap ordered by time, then by when it was entered."""

from __future__ import annotations

from perigrid.control.core.messages import Table
from perigrid.engine.state import Count, World
from perigrid.physics.compiled import part

_ORDER, _QUEUED = int(Count.ORDER), int(Count.QUEUED)


@part
def push(w: World, t_s: float, kind: int, job: int, part_of: int) -> None:
    """Enter something to come; there is room.

    Parameters
    ----------
    w : World
        Changed in place.
    t_s : float
        When [s].
    kind : int
        :class:`perigrid.engine.state.Due`.
    job, part_of : int
        Whose; which leg of its move, or which of its tasks.
    """
    queue, place = w.queue, w.counts[_QUEUED]
    w.counts[_QUEUED] += 1
    while place > 0:
        above = (place - 1) >> 1
        if queue[above].t_s <= t_s:  # of equal times what was entered first
            break
        queue[place] = queue[above]
        place = above
    entry = queue[place]
    entry.t_s, entry.order, entry.kind, entry.job, entry.part = (
        t_s, w.counts[_ORDER], kind, job, part_of,
    )  # fmt: skip
    w.counts[_ORDER] += 1


@part
def take_first(w: World) -> tuple[int, int, int]:
    """Take out what comes first.

    Parameters
    ----------
    w : World
        Changed in place; its queue is not empty.

    Returns
    -------
    kind, job, part_of : int
        As for :func:`push`.
    """
    queue = w.queue
    kind, job, part_of = queue[0].kind, queue[0].job, queue[0].part
    w.counts[_QUEUED] -= 1
    size = w.counts[_QUEUED]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and _before(queue, child + 1, child):
            child += 1
        if _before(queue, size, child):
            break
        queue[place] = queue[child]
        place, child = child, 2 * child + 1
    queue[place] = queue[size]
    return kind, job, part_of


@part
def _before(queue: Table, a: int, b: int) -> bool:
    if queue[a].t_s == queue[b].t_s:
        return bool(queue[a].order < queue[b].order)
    return bool(queue[a].t_s < queue[b].t_s)
