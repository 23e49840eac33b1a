"""``perigrid compare``."""

import json

from tests.cli.conftest import SMALL, call

ARCHITECTURES = ("bent-pipe", "relay", "onboard", "orbital")


def test_json_is_all_there_is_on_stdout(compared):
    _, result = compared
    document = json.loads(result.stdout)
    assert document["scenario"] == "three-body"
    assert document["hours"] == 0.5
    assert tuple(document["architectures"]) == ARCHITECTURES
    (warning,) = document["warnings"]
    assert f"warning: {warning}\n" in result.stderr


def test_the_folder_holds_table_report_and_data(comparison):
    assert (comparison / "report.html").read_text().startswith("<!doctype html>")
    for architecture in ARCHITECTURES:
        for name in ("manifest.json", "summary.json", "jobs.parquet", "telemetry.parquet"):
            assert (comparison / architecture / name).is_file()


def test_the_manifest_says_how_to_reproduce_it(comparison):
    manifest = json.loads((comparison / "manifest.json").read_text())
    assert manifest["command"].startswith("perigrid compare three-body --set ")
    assert "--set hours=0.5" in manifest["command"]
    assert str(comparison) not in manifest["command"]


def test_a_table_for_chosen_architectures_over_an_earlier_run(tmp_path):
    folder = tmp_path / "two"
    words = ("compare", "three-body", *SMALL, "--arch", "onboard,bent-pipe", "-o", folder)
    first = call(*words, "-q")
    assert first.exit_code == 0
    assert first.stderr == ""
    assert "onboard" in first.stdout
    assert "orbital" not in first.stdout.split("three-body:")[1]
    again = call(*words)
    assert again.exit_code == 0
    assert again.stdout == first.stdout
    assert str(folder / "report.html") in again.stderr


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    result = call("compare", "three-body", *SMALL, "--arch", "onboard", "-o", tmp_path)
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_wrong_override_writes_nothing(tmp_path):
    result = call("compare", "three-body", "--set", "pipelin.x=1", "-o", tmp_path / "new")
    assert result.exit_code == 2
    assert "pipeline" in result.stderr
    assert list(tmp_path.iterdir()) == []
