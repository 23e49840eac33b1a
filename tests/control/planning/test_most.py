import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.control.planning import most
from perigrid.control.planning.most import (
    Windows,
    most_computed,
    most_powered,
    most_received,
    most_sent,
)

SIZE_BYTES = 1.0
RATE_BPS = 8.0  # a byte a second


def windows(rows: list[tuple[float, float, float]]) -> Windows:
    start_s, end_s, rate = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Windows(start_s, end_s, rate * 8.0, np.zeros(len(rows)))


def sent_by_brute_force(jobs: list[tuple[int, int]], rows: list[tuple[int, int, int]]) -> int:
    """Most jobs in time: every order of every choice, each job on the window that ends it first."""
    for count in range(len(jobs), 0, -1):
        for order in itertools.permutations(jobs, count):
            if _goes(order, [float(row[0]) for row in rows], rows):
                return count
    return 0


def _goes(order, free_s, rows) -> bool:
    if not order:
        return True
    (release_s, due_s), rest = order[0], order[1:]
    for k, (_, end_s, rate) in enumerate(rows):
        done_s = max(release_s, free_s[k]) + 1.0 / rate
        if done_s <= min(end_s, due_s) + 1e-9:
            after = [done_s if i == k else t_s for i, t_s in enumerate(free_s)]
            if _goes(rest, after, rows):
                return True
    return False


times = st.integers(0, 8)
job = st.tuples(times, st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
window = st.tuples(times, st.integers(1, 4), st.sampled_from([1, 2])).map(
    lambda row: (row[0], row[0] + row[1], row[2])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(job, min_size=1, max_size=5), st.lists(window, min_size=1, max_size=3))
def test_no_schedule_sends_more(jobs, rows) -> None:
    release_s, due_s = (np.array(column, dtype=float) for column in zip(*jobs, strict=True))
    bound = most_sent(release_s, due_s, SIZE_BYTES, windows(rows))
    assert sent_by_brute_force(jobs, rows) <= bound <= len(jobs)


def sent_over_every_place(release_s, due_s, rows: list[tuple[float, float, float]]) -> int:
    """The same matching with every place of every window listed."""
    each = []
    for start_s, end_s, rate in rows:
        room = min(int((end_s - start_s) * rate + 1e-6), len(release_s))
        each += [(end_s - nth / rate, start_s + 1 / rate) for nth in range(1, room + 1)]
    each.sort()
    waiting, sent = set(range(len(release_s))), 0
    for place, (latest_s, _) in enumerate(each):
        soonest_s = min(done_s for _, done_s in each[place:])
        released = [one for one in waiting if release_s[one] - 1e-3 <= latest_s]
        able = [one for one in released if soonest_s <= due_s[one] + 1e-3]
        if able:
            waiting.remove(min(able, key=lambda one: due_s[one]))
            sent += 1
    return sent


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 30), st.integers(1, 8))
def test_places_made_one_by_one_are_those_of_the_whole_list(seed, n_jobs, n_windows) -> None:
    random = np.random.default_rng(seed)
    release_s = random.uniform(0.0, 60.0, n_jobs)
    due_s = release_s + random.uniform(0.0, 40.0, n_jobs)
    start_s = random.uniform(0.0, 80.0, n_windows)
    rates = random.choice([0.2, 1.0, 3.3, 50.0], n_windows)
    rows = list(zip(start_s, start_s + random.uniform(0.0, 30.0, n_windows), rates, strict=True))
    found = most_sent(release_s, due_s, SIZE_BYTES, windows(rows))
    assert found == sent_over_every_place(release_s, due_s, rows)


def test_no_more_places_are_made_than_twice_the_products(monkeypatch) -> None:
    """A day of windows in which each has room for all of the products."""
    asked, whole = [], most._Places.take

    def counted(self, from_s):
        asked.append(from_s)
        return whole(self, from_s)

    monkeypatch.setattr(most._Places, "take", counted)
    release_s = np.arange(500.0)
    rows = [(10.0 * k, 10.0 * k + 400.0, 1e7) for k in range(100)]
    assert most_sent(release_s, release_s + 900.0, SIZE_BYTES, windows(rows)) == 500
    assert len(asked) <= 1000


def test_a_window_carries_only_whole_products() -> None:
    release_s, due_s = np.zeros(9), np.full(9, 100.0)
    rows = [(0.0, 2.9, 1.0), (10.0, 10.9, 1.0), (20.0, 21.0, 1.0)]
    assert most_sent(release_s, due_s, SIZE_BYTES, windows(rows)) == 3


def test_what_is_released_late_does_not_take_early_places() -> None:
    release_s, due_s = np.array([8.5, 8.5, 8.5]), np.full(3, 10.0)
    assert most_sent(release_s, due_s, SIZE_BYTES, windows([(0.0, 10.0, 1.0)])) == 1


def test_a_window_that_opens_after_the_deadline_is_no_way() -> None:
    assert most_sent(np.zeros(1), np.array([4.0]), SIZE_BYTES, windows([(5.0, 9.0, 1.0)])) == 0


def test_nothing_is_sent_without_windows() -> None:
    empty = Windows(*(np.zeros(0) for _ in range(4)))
    assert most_sent(np.zeros(2), np.ones(2), SIZE_BYTES, empty) == 0


@pytest.mark.parametrize(("slots", "most"), [(1, 2), (2, 4), (3, 5)])
def test_computers_do_so_many_side_by_side(slots: int, most: int) -> None:
    assert most_computed(np.zeros(5), np.full(5, 20.0), 10.0, slots) == most


@settings(max_examples=100, deadline=None)
@given(st.lists(job, min_size=1, max_size=6))
def test_no_schedule_computes_more(jobs) -> None:
    release_s, due_s = (np.array(column, dtype=float) for column in zip(*jobs, strict=True))
    reached = sent_by_brute_force(jobs, [(0, 100, 1)])
    assert reached <= most_computed(release_s, due_s, 1.0, 1) <= len(jobs)


def test_idle_time_before_the_jobs_is_not_used() -> None:
    assert most_computed(np.full(3, 90.0), np.full(3, 100.0), 10.0, 1) == 1


def test_work_without_time_is_never_a_bound() -> None:
    assert most_computed(np.zeros(3), np.zeros(3), 0.0, 1) == 3
    assert most_powered(np.zeros(3), 0.0, np.zeros(1), np.zeros(1)) == 3


def test_energy_pays_for_the_jobs_due_by_then() -> None:
    t_s, supply_j = np.array([0.0, 10.0, 20.0]), np.array([5.0, 15.0, 40.0])
    assert most_powered(np.array([9.0, 9.0, 9.0, 19.0, 19.0]), 10.0, t_s, supply_j) == 3
    assert most_powered(np.array([-1.0]), 10.0, t_s, supply_j) == 0


def test_energy_that_comes_after_the_deadline_does_not_count() -> None:
    t_s, supply_j = np.array([0.0, 10.0, 20.0]), np.array([0.0, 0.0, 100.0])
    assert most_powered(np.full(4, 9.0), 10.0, t_s, supply_j) == 0


def received(rows: list[tuple[int, float, float, float]], serves: int) -> int:
    node = np.array([row[0] for row in rows], dtype=np.int64)
    return most_received(
        SIZE_BYTES, node, np.full(len(rows), serves), windows([row[1:] for row in rows])
    )


def test_an_antenna_takes_in_the_quickest_of_what_is_in_sight() -> None:
    rows = [(7, 0.0, 10.0, 1.0), (7, 4.0, 8.0, 3.0)]
    assert received(rows, 1) == 6 + 4 * 3
    assert received(rows, 2) == 10 + 4 * 3
    assert received([*rows, (8, 0.0, 5.0, 2.0)], 1) == 18 + 10


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 9), st.integers(1, 3)),
        min_size=1, max_size=8,
    ),
    st.integers(1, 2),
)  # fmt: skip
def test_nodes_take_in_what_every_second_allows(raw, serves) -> None:
    rows = [(node, float(a), float(a + span), float(rate)) for node, a, span, rate in raw]
    most_bytes = 0.0
    for node, second in itertools.product((0, 1), np.arange(20) + 0.5):
        open_now = sorted(rate for at, a, b, rate in rows if at == node and a < second < b)
        most_bytes += sum(open_now[-serves:])
    assert received(rows, serves) == int(most_bytes)
