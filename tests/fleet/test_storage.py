import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from perigrid.fleet.storage import Storage


def test_room_is_kept_from_departure_to_arrival() -> None:
    storage = Storage(np.full(2, 10.0), np.zeros(2))
    storage.take(0, 0, 6.0)
    storage.reserve(0, 1, 6.0)
    assert storage.held_bytes.tolist() == [6.0, 6.0]
    assert not storage.has_room(1, 5.0)
    storage.arrive(0)
    assert storage.held_bytes.tolist() == [0.0, 6.0]
    storage.release(0)
    assert storage.held_bytes.tolist() == [0.0, 0.0]


def test_the_ground_has_room_for_all() -> None:
    storage = Storage(np.full(2, 10.0), np.zeros(2))
    storage.take(0, 1, 6.0)
    storage.reserve(0, 7, 6.0)
    storage.arrive(0)
    assert storage.held_bytes.tolist() == [0.0, 0.0]


def test_a_cancelled_reservation_frees_the_room() -> None:
    storage = Storage(np.full(2, 10.0), np.zeros(2))
    storage.reserve(0, 1, 6.0)
    storage.cancel(0)
    storage.cancel(0)
    assert storage.held_bytes.tolist() == [0.0, 0.0]


@given(st.lists(st.tuples(st.sampled_from("tmcar"), st.integers(0, 5)), max_size=60))
def test_held_is_never_negative_and_never_over(steps: list[tuple[str, int]]) -> None:
    storage, stored, sent = Storage(np.full(2, 3.0), np.zeros(2)), set(), set()
    for step, job_id in steps:
        if step == "t" and job_id not in stored and storage.has_room(0, 1.0):
            storage.take(job_id, 0, 1.0)
            stored.add(job_id)
        elif step == "m" and job_id in stored - sent and storage.has_room(1, 1.0):
            storage.reserve(job_id, 1, 1.0)
            sent.add(job_id)
        elif step == "c":
            storage.cancel(job_id)
            sent.discard(job_id)
        elif step == "a" and job_id in sent:
            storage.arrive(job_id)
            sent.discard(job_id)
        elif step == "r" and job_id not in sent:
            storage.release(job_id)
            stored.discard(job_id)
        assert 0.0 <= storage.held_bytes.min() <= storage.held_bytes.max() <= 3.0
        assert storage.held_bytes.sum() == len(stored) + len(sent)


def test_pixels_stay_on_the_node_that_holds_them_when_the_next_leg_fails() -> None:
    storage = Storage(np.full(3, 10.0), np.zeros(3))
    storage.take(0, 0, 6.0)
    storage.reserve(0, 2, 6.0)
    storage.relocate(0, 1, 6.0)
    assert storage.held_bytes.tolist() == [0.0, 6.0, 0.0]
    storage.release(0)
    assert storage.held_bytes.tolist() == [0.0, 0.0, 0.0]
