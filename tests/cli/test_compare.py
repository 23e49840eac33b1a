"""``perigrid compare``."""

import json
import shutil

import polars as pl
import pytest

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
        for name in ("manifest.json", "summary.json", "jobs.parquet", "contacts.parquet"):
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


OWN = (
    "architectures=[ground-anywhere, {name: mixed, compute: {screen: [origin], "
    "'*': [data-centre]}, carry: {raw: [relay]}}]"
)


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("composed") / "out"
    done = call("compare", "three-body", *SMALL, "--set", OWN, "-o", folder, "--json")
    assert done.exit_code == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_a_scenarios_own_architecture_is_compared_with_built_in_ones(composed):
    folder, document = composed
    assert list(document["architectures"]) == ["ground-anywhere", "mixed"]
    mixed = document["architectures"]["mixed"]
    assert mixed["composition"]["compute"] == {"screen": ["origin"], "*": ["data-centre"]}
    assert "composition" not in document["architectures"]["ground-anywhere"]
    page = (folder / "report.html").read_text()
    assert "screen where it was taken, all else in a ground data centre; raw by relay" in page
    assert page.count("var(--a7)") > 0


def test_every_command_reads_it(composed):
    folder, _ = composed
    assert call("audit", "verify", folder, "--replay").exit_code == 0
    told = call("explain", folder, 0, "--arch", "mixed")
    assert "of the mixed run" in told.stdout
    rows = pl.read_parquet(folder / "mixed" / "actions" / "part-00000.parquet")
    decision = f"{rows['sequence'][3]}.3"
    shown = call("audit", "show", folder, decision, "--arch", "mixed")
    assert (shown.exit_code, "Explanation against a replay: the same" in shown.stdout) == (0, True)
    assert call("audit", "diff", folder / "mixed", folder / "ground-anywhere").exit_code == 0
    assert "one of ground-anywhere, mixed" in call("explain", folder, 0, "--arch", "x").stderr


def test_it_is_found_done_and_replaced(composed, tmp_path):
    folder, _ = composed
    again = ("compare", "three-body", *SMALL, "--set", OWN, "-o", folder)
    assert "nothing to do" in call(*again, "--resume").stderr
    other = tmp_path / "copy"
    shutil.copytree(folder, other)
    alone = call("run", "three-body", *SMALL, "--set", OWN, "--arch", "mixed", "-o", other)
    assert alone.exit_code == 0, alone.stderr
    assert not (other / "mixed").exists()
    assert json.loads((other / "manifest.json").read_text())["architecture"] == "mixed"
