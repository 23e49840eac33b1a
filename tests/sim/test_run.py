import json
from pathlib import Path

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.sim.run import MANIFEST, finite, new_folder, write_json


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    with new_folder(target) as staging:
        (staging / MANIFEST).write_text("{}")
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == [MANIFEST]
    assert [path.name for path in target.parent.iterdir()] == ["run"]


def of_a_run(name: str) -> str:
    return json.dumps({"format": 1, "perigrid": "0.1.0", "scenario": name})


def write_half(staging: Path) -> None:
    (staging / MANIFEST).write_text(of_a_run("new"))
    raise KeyError


def test_a_failure_leaves_the_old_run_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as staging:
        (staging / MANIFEST).write_text(of_a_run("old"))
    with pytest.raises(KeyError), new_folder(target) as staging:
        write_half(staging)
    assert (target / MANIFEST).read_text() == of_a_run("old")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    target = tmp_path / "run"
    for content in ("first", "second"):
        with new_folder(target) as staging:
            (staging / MANIFEST).write_text(of_a_run(content))
    assert (target / MANIFEST).read_text() == of_a_run("second")
    precious = tmp_path / "thesis"
    precious.mkdir()
    (precious / "chapter.tex").write_text("years of work")
    with pytest.raises(RunFolderError, match="not a run folder"), new_folder(precious):
        pass
    assert (precious / "chapter.tex").exists()
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(RunFolderError), new_folder(file):
        pass


@pytest.mark.parametrize(
    "content", ['{"name": "an extension", "manifest_version": 3}', "{", "[]", ""]
)
def test_a_folder_with_the_manifest_of_something_else_is_left_alone(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / MANIFEST).write_text(content)
    (tmp_path / "code.js").write_text("weeks of work")
    with pytest.raises(RunFolderError, match="not a run folder"), new_folder(tmp_path):
        pass
    assert (tmp_path / "code.js").exists()


def test_the_working_folder_can_be_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "empty"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with new_folder(Path()) as staging:
        (staging / MANIFEST).write_text(of_a_run("here"))
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert [path.name for path in inside.iterdir()] == [MANIFEST]


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_keeps_pointing_where_it_did(tmp_path: Path, exists: bool) -> None:
    target, link = tmp_path / "run", tmp_path / "latest"
    link.symlink_to(target)
    if exists:
        with new_folder(target) as staging:
            (staging / MANIFEST).write_text(of_a_run("first"))
    with new_folder(link) as staging:
        (staging / MANIFEST).write_text(of_a_run("second"))
    assert link.is_symlink()
    assert (target / MANIFEST).read_text() == of_a_run("second")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "run"]


def test_a_place_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(RunFolderError, match="cannot be written"), new_folder(blocked / "run"):
        pass


def test_json_has_no_not_a_number(tmp_path: Path) -> None:
    assert finite(float("nan")) is None
    assert finite(0.5) == 0.5
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "x.json", {"a": float("nan")})


def test_the_manifest_reproduces_and_holds_no_clock_or_machine(
    comparison: tuple[dict, Path],
) -> None:
    manifest = json.loads((comparison[1] / "onboard" / MANIFEST).read_text())
    assert manifest["architecture"] == "onboard"
    assert manifest["seed"] == 1
    assert manifest["hours"] == 6.0
    assert len(manifest["nodes"]) > 100
    assert {place["role"] for place in manifest["places"]} == {
        "operator",
        "gateway",
        "data-centre",
    }
    assert str(Path.home()) not in json.dumps(manifest)
