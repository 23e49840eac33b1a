"""``perigrid data``."""

import json

from perigrid.sim.data_catalogue import CATALOGUE
from tests.cli.conftest import call


def test_an_empty_cache_misses_everything(tmp_path):
    rows = json.loads(call("data", "status", "--cache", tmp_path, "--json").stdout)
    assert {row["state"] for row in rows} == {"missing"}
    assert len(rows) == len(CATALOGUE)
    assert CATALOGUE[0].name in call("data", "status", "--cache", tmp_path).stdout


def test_a_damaged_file_exits_2(tmp_path):
    assert call("data", "verify", "--cache", tmp_path).exit_code == 0
    (tmp_path / CATALOGUE[0].file_name).write_bytes(b"not it")
    result = call("data", "verify", "--cache", tmp_path)
    assert result.exit_code == 2
    assert CATALOGUE[0].file_name in result.stderr


def test_a_folder_without_data_installs_nothing(tmp_path):
    (tmp_path / "from").mkdir()
    result = call("data", "install", tmp_path / "from", "--cache", tmp_path / "cache")
    assert result.exit_code == 2
    assert not (tmp_path / "cache").exists()


def test_an_unknown_data_set_exits_2(tmp_path):
    result = call("data", "fetch", "no-such-data", "--cache", tmp_path)
    assert result.exit_code == 2
    assert CATALOGUE[0].name in result.stderr
