"""Recorders against the book of live flights."""

import numpy as np

from perigrid.base.architecture import RELAY
from perigrid.engine import storage
from perigrid.fleet.storage import Storage
from tests.engine.plain import plain


def test_any_course_of_pixels_is_that_of_the_book_of_live_flights(world):
    w, rng = plain(world, RELAY), np.random.default_rng(1)
    n = world.fleet.n_satellites
    held = np.zeros(n)
    book = Storage(world.fleet.buses.storage_bytes, held)
    for _ in range(500):
        job, node = int(rng.integers(8)), int(rng.integers(n + 2))
        nbytes = float(w.jobs[job].raw_bytes)
        what = rng.choice(["store", "reserve", "cancel", "arrive", "release", "relocate"])
        idle = w.jobs[job].holder < 0 and w.jobs[job].reserved < 0
        if what == "store" and idle and node < n:
            book.take(job, node, nbytes)
            storage.store(w, job, node)
        elif what == "reserve" and w.jobs[job].reserved < 0:
            book.reserve(job, node, nbytes)
            storage.reserve(w, job, node)
        elif what == "relocate":
            book.relocate(job, node, nbytes)
            storage.relocate(w, job, node)
        elif what in {"cancel", "arrive", "release"}:
            getattr(book, what)(job)
            getattr(storage, what)(w, job)
        assert w.sats["held_bytes"].tolist() == held.tolist()
    assert held.any()


def test_there_is_room_up_to_the_last_byte(world):
    w = plain(world, RELAY)
    room = float(w.sats[2].room_bytes)
    assert storage.has_room(w, 2, room)
    assert not storage.has_room(w, 2, np.nextafter(room, np.inf))
    w.sats[2].held_bytes = 1e6
    assert not storage.has_room(w, 2, room)


def test_what_is_asked_for_on_the_ground_is_stored_by_no_satellite(world):
    w = plain(world, RELAY)
    station = next(iter(world.fleet.stations))
    assert storage.has_room(w, station, 1e30)
    storage.store(w, 3, station)
    assert w.jobs[3].holder == -1
    assert not w.sats["held_bytes"].any()
