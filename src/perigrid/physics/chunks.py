"""Kernels over many satellites on several threads.

A kernel writes rows ``first`` to ``stop`` of its outputs and releases the interpreter lock
(``nogil=True``). Each row is computed by the same code whatever the split, so the bytes do not
depend on the number of threads. This is the only place of the decision core that starts threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from perigrid.base.threads import asked_threads

# More chunks than threads, so that a thread with easy rows takes over some of another's.
_CHUNKS_PER_THREAD: Final = 4

_limit: ContextVar[int | None] = ContextVar("thread_limit", default=None)


def thread_count() -> int:
    """Threads that kernels may use now.

    Returns
    -------
    int
        The limit in force: of :func:`limited_threads`, else of the environment variable
        ``PERIGRID_THREADS``, else the processors that this process may run on.
    """
    limit = _limit.get()
    if limit is not None:
        return limit
    return asked_threads() or _processors()


@contextmanager
def limited_threads(count: int) -> Iterator[None]:
    """Limit the threads of the kernels called inside the block.

    Parameters
    ----------
    count : int
        At least 1.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    ValueError
        If the count is below 1.
    """
    if count < 1:
        raise ValueError(f"{count} threads cannot do any work")
    token = _limit.set(count)
    try:
        yield
    finally:
        _limit.reset(token)


def over_ranges(work: Callable[[int, int], None], count: int, smallest: int = 1) -> None:
    """Do work on rows 0 to ``count``, cut into ranges that threads share.

    Parameters
    ----------
    work : callable
        Takes ``first`` and ``stop``; touches only rows in between.
    count : int
        Rows.
    smallest : int
        Rows below which a further thread is not worth its start.
    """
    worthwhile = count // max(1, smallest)
    # Asking for the number of threads costs as much as a step of a small fleet.
    threads = min(thread_count(), worthwhile) if worthwhile > 1 else 1
    if threads == 1:
        work(0, count)
        return
    n_chunks = min(count, threads * _CHUNKS_PER_THREAD)
    edges = [count * chunk // n_chunks for chunk in range(n_chunks + 1)]

    def alone(first: int, stop: int) -> None:
        # Kernels called from a chunk must not start threads of their own.
        with limited_threads(1):
            work(first, stop)

    with ThreadPoolExecutor(threads) as pool:
        # Taking every answer raises what a chunk raised.
        list(pool.map(alone, edges[:-1], edges[1:]))


def _processors() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
