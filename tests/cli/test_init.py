"""``perigrid init``."""

import json
from pathlib import Path

from tests.cli.conftest import call


def test_what_it_writes_is_valid(tmp_path):
    result = call("init", tmp_path / "mission", "--template", "three-body", "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert call("check", document["scenario"]).exit_code == 0
    assert json.loads(Path(document["schema"]).read_text())["$schema"]


def test_the_next_command_can_be_pasted(tmp_path):
    result = call("init", tmp_path / "my mission")
    assert f"perigrid check '{tmp_path / 'my mission' / 'scenario.yaml'}'" in result.stderr


def test_nothing_is_overwritten(tmp_path):
    assert call("init", tmp_path).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert call("init", tmp_path).exit_code == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_unknown_template_writes_nothing(tmp_path):
    result = call("init", tmp_path / "new", "--template", "three-bodi")
    assert result.exit_code == 2
    assert "three-body" in result.stderr
    assert list(tmp_path.iterdir()) == []
