"""Who signed and why, for as long as it may be known; then nothing of it is left anywhere."""

import json
import shutil
from pathlib import Path

import pytest

from perigrid.ledger.source import open_source
from personal_run import NAME, OTHER, REASON, everything, study
from tests.cli.conftest import call


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("personal") / "both"
    study().compare(("onboard", "orbital"), folder, both=True)
    return folder


@pytest.fixture
def folder(flown: Path, tmp_path: Path) -> Path:
    return shutil.copytree(flown, tmp_path / "both")


def document(folder: Path, *more: str) -> dict:
    result = call("audit", "verify", folder / "orbital", *more, "--json")
    assert result.exit_code == 0, result.stdout
    (found,) = json.loads(result.stdout)["runs"]
    return found


def key_of(folder: Path, name: str) -> str:
    (found,) = [one for one in document(folder)["people"] if one["name"] == name]
    return found["keys"][0]


def test_names_and_words_stand_in_the_side_store_alone(folder: Path) -> None:
    for place in folder.rglob("side.jsonl"):
        content = place.read_bytes()
        assert all(word.encode() in content for word in (NAME, OTHER, REASON))
        place.unlink()
    left = everything(folder)
    assert not [word for word in (NAME, OTHER, REASON) if word.encode() in left]


def test_verify_export_and_show_say_who_and_why(folder: Path, tmp_path: Path) -> None:
    run, bundle = folder / "orbital", tmp_path / "run.tar"
    key = key_of(folder, NAME)
    said = call("audit", "verify", run).stdout
    assert f"key {key} is of: {NAME} (flight-director)" in said
    assert f"by flight-director, key {key}: {REASON}" in said
    assert REASON in call("audit", "export", run, "-o", bundle).stdout
    assert NAME in call("audit", "verify", bundle).stdout
    (order,) = document(folder)["said"]
    assert (order["kind"], order["words"], order["key"]) == ("stop", REASON, key)
    noted = order["sequence"] + 1
    shown = call("audit", "show", run, noted, "--record-only").stdout
    assert f"Signed: stop by flight-director, key {key} ({NAME})" in shown
    assert f"because: {REASON}" in shown
    asked = granted(run)
    assert f"key {key} ({NAME})" in call("audit", "show", run, asked, "--record-only").stdout


def granted(run: Path) -> str:
    """Find a decision that people let through: its action is signed by the director."""
    from perigrid.report.run_book import open_book

    book = open_book(open_source(run))
    return next(
        one.number
        for one in book.decisions()
        if type(one.action).__name__ == "Compute"
        and any(signed.who == NAME for signed in book.signatures(one))
    )


def test_a_person_is_erased_with_all_that_person_said(folder: Path, tmp_path: Path) -> None:
    run, key = folder / "orbital", key_of(folder, NAME)
    asked, before = granted(run), document(folder)
    assert call("audit", "erase", folder, key, answer="n\n").exit_code == 1
    assert NAME.encode() in everything(folder)
    result = call("audit", "erase", folder, key, "--yes")
    assert result.exit_code == 0, result.output
    assert NAME in result.stdout
    assert REASON in result.stdout
    left = everything(folder)
    assert NAME.encode() not in left
    assert REASON.encode() not in left
    assert OTHER.encode() in left
    after = document(folder, "--replay")
    assert after["replay"]["ok"]
    assert {one["name"] for one in after["people"]} == {"erased", OTHER}
    assert [one["words"] for one in after["said"]] == ["erased"]
    assert after["personal"] == {"kept": 1, "erased": 2}
    assert after["checkpoint"] == before["checkpoint"]
    assert call("audit", "verify", folder, "--replay").exit_code == 0
    shown = call("audit", "show", run, asked).stdout
    assert f"key {key} (erased)" in shown
    assert "Explanation against a replay: the same." in shown
    bundle = tmp_path / "run.tar"
    assert "is of: erased" in call("audit", "export", run, "-o", bundle).stdout
    assert NAME.encode() not in bundle.read_bytes()
    assert call("audit", "erase", folder, key, "--yes").exit_code == 0  # again does nothing


def test_one_value_alone_is_erased_by_its_commitment(folder: Path) -> None:
    (order,) = document(folder)["said"]
    result = call("audit", "erase", folder / "orbital", order["commitment"][:16], "--yes", "--json")
    (erased,) = json.loads(result.stdout)["erased"]
    assert erased == {"run": str(folder / "orbital"), "commitment": order["commitment"]}
    left = everything(folder / "orbital")
    assert REASON.encode() not in left
    assert NAME.encode() in left
    left = document(folder, "--replay")
    assert left["replay"]["ok"]
    assert left["personal"] == {"kept": 2, "erased": 1}


def test_what_is_unknown_exits_2_and_erases_nothing(folder: Path, tmp_path: Path) -> None:
    before = everything(folder)
    for unknown in ("0" * 16, NAME, "", "ab"):
        result = call("audit", "erase", folder, unknown, "--yes")
        assert (result.exit_code, "nothing personal is called" in result.stderr) == (2, True)
    assert everything(folder) == before
    (tmp_path / "empty").mkdir()
    assert call("audit", "erase", tmp_path / "empty", "0" * 16, "--yes").exit_code == 2
