"""Checkpoints by hand: 10 s of work between two of them, 1 s to save each."""

import numpy as np
import pytest

from perigrid.sim.executor import Task
from perigrid.sim.saved_work import SavedWork


def task(work_s: float = 35.0) -> Task:
    return Task(4, "screen", work_s, 3.0)


def interrupted(work: SavedWork, node: int, done_s: float, *, wiped: bool = False) -> tuple:
    one = task()
    work.prepare(node, one)
    one.left_s = one.work_s - done_s
    return work.interrupt(node, one, wiped=wiped)


def test_saving_takes_time_between_but_not_after() -> None:
    work = SavedWork(np.array([10.0, np.inf]), 1.0)
    with_saves, without, on_ground = task(), task(), task()
    work.prepare(0, with_saves)
    work.prepare(1, without)
    work.prepare(7, on_ground)
    assert (with_saves.work_s, without.work_s, on_ground.work_s) == (38.0, 35.0, 35.0)
    exact = task(30.0)
    work.prepare(0, exact)
    assert exact.work_s == 32.0


@pytest.mark.parametrize(
    ("done_s", "kept_s", "lost_s"), [(10.5, 0.0, 10.5), (11.0, 10.0, 0.0), (25.0, 20.0, 3.0)]
)
def test_what_is_saved_is_kept_and_the_rest_is_lost(
    done_s: float, kept_s: float, lost_s: float
) -> None:
    work = SavedWork(np.array([10.0]), 1.0)
    assert interrupted(work, 0, done_s) == (kept_s, kept_s)
    assert work.lost_s == pytest.approx(lost_s)
    again = task()
    work.prepare(0, again)
    assert again.kept_s == kept_s
    left_s = 35.0 - kept_s
    assert again.work_s == left_s + max(np.ceil(left_s / 10.0) - 1.0, 0.0)


def test_checkpoints_add_up_over_tries_and_serve_one_node_only() -> None:
    work = SavedWork(np.array([10.0, 10.0]), 1.0)
    assert interrupted(work, 0, 12.0) == (10.0, 10.0)
    assert interrupted(work, 0, 12.0) == (20.0, 10.0)
    elsewhere = task()
    work.prepare(1, elsewhere)
    assert elsewhere.kept_s == 0.0


def test_a_satellite_that_is_lost_takes_its_checkpoints_along() -> None:
    work = SavedWork(np.array([10.0]), 1.0)
    interrupted(work, 0, 12.0)
    lost_s = work.lost_s
    assert interrupted(work, 0, 5.0, wiped=True) == (0.0, 0.0)
    assert work.lost_s - lost_s == 15.0


def test_a_corrupt_checkpoint_spoils_the_next_try_and_a_clean_run_mends_it() -> None:
    work = SavedWork(np.array([10.0]), 1.0)
    one = task()
    work.prepare(0, one)
    one.corrupted = True
    one.left_s = one.work_s - 12.0
    work.interrupt(0, one, wiped=False)
    again = task()
    work.prepare(0, again)
    assert again.corrupted
    work.finish(again)
    assert work.wrong_jobs == {4}
    clean = task()
    work.prepare(0, clean)
    work.finish(clean)
    assert work.wrong_jobs == set()
