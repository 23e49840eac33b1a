"""Benchmarks by name."""

import pytest

from perigrid.base.errors import InputError, WorkError
from perigrid.benchmark import catalogue
from perigrid.benchmark.measure import Timing


@pytest.fixture
def two(monkeypatch):
    made = {name: lambda _tell, name=name: [Timing(name, 1.0)] for name in ("first", "second")}
    monkeypatch.setattr(catalogue, "BENCHMARKS", made)


def names_of(timed):
    return [row.name for one in timed for row in one.rows]


def test_no_name_means_all(two):
    assert names_of(catalogue.run()) == ["first", "second"]


def test_names_choose_in_the_catalogues_order(two):
    assert names_of(catalogue.run(["second", "first", "second"])) == ["first", "second"]


def test_each_is_told_before_the_next_begins(two, monkeypatch):
    begun = []
    monkeypatch.setitem(catalogue.BENCHMARKS, "second", lambda _tell: begun.append("second") or [])
    results = catalogue.run()
    assert next(results).name == "first"
    assert begun == []


def test_all_unknown_names_are_reported(two):
    with pytest.raises(InputError) as caught:
        list(catalogue.run(["third", "first", "fourth"]))
    assert "third" in str(caught.value)
    assert "fourth" in str(caught.value)
    assert "choose from first, second" in str(caught.value)


def test_one_that_lacks_its_reference_is_passed_over_unless_it_was_named(two, monkeypatch):
    def lacking(_tell):
        raise WorkError("this benchmark needs sgp4")

    monkeypatch.setitem(catalogue.BENCHMARKS, "first", lacking)
    passed, run = catalogue.run()
    assert (passed.rows, passed.missing) == ([], "this benchmark needs sgp4")
    assert names_of([run]) == ["second"]
    with pytest.raises(WorkError, match="needs sgp4"):
        list(catalogue.run(["first"]))


def test_the_main_job_comes_first_because_it_is_timed_cold():
    assert next(iter(catalogue.BENCHMARKS)) == "compare"
