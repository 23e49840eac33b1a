"""``perigrid check``."""

import json

import pytest

from tests.cli.conftest import call


def test_a_library_scenario_is_valid():
    result = call("check", "three-body")
    assert result.exit_code == 0
    assert "ok" in result.stdout


def test_json_counts_what_is_assumed():
    document = json.loads(call("check", "three-body", "--json").stdout)
    assert document["valid"] is True
    assert 0 < len(document["assumed"]) < document["numbers"]


@pytest.mark.parametrize("text", ["", "perigrid: 1\nname: [", "perigrid: 1\nnmae: x\n", "\0"])
def test_a_broken_file_exits_2_and_points_at_it(tmp_path, text):
    path = tmp_path / "mission.yaml"
    path.write_text(text)
    result = call("check", path)
    assert result.exit_code == 2
    assert "mission.yaml" in result.stderr
    assert result.stdout == ""


def test_an_unknown_key_gets_a_caret():
    result = call("check", "three-body", "--set", "pipeline.drop_abve_cloud=0.3")
    assert result.exit_code == 2
    assert "^" in result.stderr
    assert "drop_above_cloud" in result.stderr
