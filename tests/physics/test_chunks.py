"""Ranges of rows over threads."""

import threading

import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads, over_ranges, thread_count


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 5, 64])
def test_every_row_is_done_once(threads, count):
    done = np.zeros(count, dtype=np.int64)

    def work(first, stop):
        done[first:stop] += 1

    with limited_threads(threads):
        over_ranges(work, count)
    assert done.tolist() == [1] * count


def test_several_threads_take_part():
    meeting = threading.Barrier(2, timeout=20.0)

    def work(first, stop):
        if first == 0 or stop == 2:
            meeting.wait()

    with limited_threads(2):
        over_ranges(work, 2)


def test_little_work_stays_on_the_calling_thread():
    seen = []
    with limited_threads(8):
        over_ranges(lambda first, stop: seen.append(threading.get_ident()), 9, smallest=5)
    assert seen == [threading.get_ident()]


def test_what_a_chunk_raises_reaches_the_caller():
    def work(first, stop):
        raise ArithmeticError(f"rows from {first}")

    with limited_threads(2), pytest.raises(ArithmeticError, match="rows from"):
        over_ranges(work, 8)


def test_the_limit_comes_from_the_block_then_the_environment(monkeypatch):
    monkeypatch.setenv("PERIGRID_THREADS", "3")
    assert thread_count() == 3
    with limited_threads(2):
        assert thread_count() == 2
    monkeypatch.delenv("PERIGRID_THREADS")
    assert thread_count() >= 1
    with pytest.raises(ValueError, match="0 threads"), limited_threads(0):
        pass


def test_chunks_do_not_start_threads_of_their_own():
    counts = []
    with limited_threads(3):
        over_ranges(lambda first, stop: counts.append(thread_count()), 9)
    assert set(counts) == {1}
