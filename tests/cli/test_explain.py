"""``perigrid explain``."""

import json

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.cli.explain import one_run
from tests.cli.conftest import call


def test_a_job_of_a_comparison_is_explained_in_words(comparison):
    result = call("explain", comparison, 0, "--arch", "relay")
    assert result.exit_code == 0
    assert "SCS-01" in result.stdout


def test_json_tells_the_same_job(comparison):
    result = call("explain", comparison / "relay", 0, "--json")
    assert json.loads(result.stdout)["job_id"] == 0


def test_an_unknown_job_exits_2(comparison):
    assert call("explain", comparison, 10**9, "--arch", "relay").exit_code == 2


def test_a_comparison_needs_an_architecture(comparison):
    with pytest.raises(RunFolderError, match="--arch with one of bent-pipe, relay"):
        one_run(comparison, None)


def test_an_architecture_that_took_no_part_names_those_that_did(tmp_path):
    (tmp_path / "comparison.json").write_text("{}")
    (tmp_path / "onboard").mkdir()
    (tmp_path / "onboard" / "manifest.json").write_text("{}")
    with pytest.raises(RunFolderError, match="no run of relay") as caught:
        one_run(tmp_path, "relay")
    assert caught.value.problems[0].remedy == "add --arch with one of onboard"


def test_a_run_is_no_comparison(comparison):
    assert one_run(comparison / "relay", None) == comparison / "relay"
    with pytest.raises(RunFolderError, match="no comparison"):
        one_run(comparison / "relay", "relay")


def test_a_missing_folder_exits_2(tmp_path):
    assert call("explain", tmp_path / "nothing", 0).exit_code == 2
