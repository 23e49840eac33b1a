"""The environment variable that limits threads."""

import pytest

from perigrid.base.errors import InputError
from perigrid.base.threads import MOST_THREADS, THREADS_VARIABLE, asked_threads


@pytest.mark.parametrize(
    "said", ["abc", "0", "1.5", "-1", "1e3", "²", "9" * 5000, "00", str(MOST_THREADS + 1)]
)
def test_what_is_no_number_of_threads_is_an_error(monkeypatch, said):
    monkeypatch.setenv(THREADS_VARIABLE, said)
    with pytest.raises(InputError, match="PERIGRID_THREADS"):
        asked_threads()


@pytest.mark.parametrize("said", ["", "  "])
def test_an_empty_variable_sets_no_limit(monkeypatch, said):
    monkeypatch.setenv(THREADS_VARIABLE, said)
    assert asked_threads() is None


@pytest.mark.parametrize(("said", "threads"), [("1", 1), (" 2 ", 2), (str(MOST_THREADS), 1024)])
def test_a_number_is_taken(monkeypatch, said, threads):
    monkeypatch.setenv(THREADS_VARIABLE, said)
    assert asked_threads() == threads
