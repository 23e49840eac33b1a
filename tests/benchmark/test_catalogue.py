"""Benchmarks by name."""

import pytest

from perigrid.base.errors import InputError
from perigrid.benchmark import catalogue
from perigrid.benchmark.measure import Timing


@pytest.fixture
def two(monkeypatch):
    made = {name: lambda _tell, name=name: [Timing(name, 1.0)] for name in ("first", "second")}
    monkeypatch.setattr(catalogue, "BENCHMARKS", made)


def test_no_name_means_all(two):
    assert [row.name for row in catalogue.run()] == ["first", "second"]


def test_names_choose_in_the_catalogues_order(two):
    assert [row.name for row in catalogue.run(["second", "first", "second"])] == ["first", "second"]


def test_all_unknown_names_are_reported(two):
    with pytest.raises(InputError) as caught:
        catalogue.run(["third", "first", "fourth"])
    assert "third" in str(caught.value)
    assert "fourth" in str(caught.value)
    assert "choose from first, second" in str(caught.value)


def test_the_main_job_comes_first_because_it_is_timed_cold():
    assert list(catalogue.BENCHMARKS) == ["compare", "sgp4", "passes"]
