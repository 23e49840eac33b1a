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


def test_what_is_implausible_is_told_beside_the_result():
    odd = ("--set", "groups.scs-01.battery.capacity_wh=1.8e6")
    result = call("check", "three-body", *odd)
    assert result.exit_code == 0
    assert "warning: groups.scs-01.battery.capacity_wh: implausible" in result.stderr
    assert "implausible" not in call("check", "three-body", *odd, "-q").stderr
    document = json.loads(call("check", "three-body", *odd, "--json").stdout)
    assert any("implausible" in line for line in document["warnings"])
