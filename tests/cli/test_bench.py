"""``perigrid bench``."""

import json

import pytest

from perigrid.base.errors import WorkError
from perigrid.benchmark import catalogue
from perigrid.benchmark.measure import Timing
from tests.cli.conftest import call


@pytest.fixture
def quick(monkeypatch):
    row = Timing("quick", 0.5, "other", 2.0, agreement=0.1, unit="m")
    monkeypatch.setattr(catalogue, "BENCHMARKS", {"quick": lambda _tell: [row]})


def test_json_is_a_list_of_rows(quick):
    (row,) = json.loads(call("bench", "--json").stdout)
    assert row["ratio"] == 4.0
    assert row["reference"] == "other"


def test_the_table_shows_the_ratio(quick):
    assert "4 x" in call("bench", "quick").stdout


def test_an_unknown_name_exits_2(quick):
    assert call("bench", "slow").exit_code == 2


def test_what_could_not_run_is_said_and_the_rest_is_shown(quick, monkeypatch):
    def lacking(_tell):
        raise WorkError("this benchmark needs sgp4")

    monkeypatch.setitem(catalogue.BENCHMARKS, "sgp4", lacking)
    result = call("bench")
    assert result.exit_code == 0
    assert "4 x" in result.stdout
    assert "sgp4: not run, this benchmark needs sgp4" in result.stderr
