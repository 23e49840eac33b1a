import json
import os
from pathlib import Path

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.sim.staging import MANIFEST, Staging, drop_left_over, is_complete, new_folder


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    with new_folder(target) as staging:
        (staging.folder / MANIFEST).write_text("{}")
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == [MANIFEST]
    assert [path.name for path in target.parent.iterdir()] == ["run"]


def of_a_run(name: str) -> str:
    return json.dumps({"format": 1, "perigrid": "0.1.0", "scenario": name})


def write_half(staging: Staging) -> None:
    (staging.folder / MANIFEST).write_text(of_a_run("new"))
    raise KeyError


def test_a_failure_leaves_the_old_run_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as staging:
        (staging.folder / MANIFEST).write_text(of_a_run("old"))
    with pytest.raises(KeyError), new_folder(target) as staging:
        write_half(staging)
    assert (target / MANIFEST).read_text() == of_a_run("old")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    target = tmp_path / "run"
    for content in ("first", "second"):
        with new_folder(target) as staging:
            (staging.folder / MANIFEST).write_text(of_a_run(content))
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
        (staging.folder / MANIFEST).write_text(of_a_run("here"))
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert [path.name for path in inside.iterdir()] == [MANIFEST]


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_keeps_pointing_where_it_did(tmp_path: Path, exists: bool) -> None:
    target, link = tmp_path / "run", tmp_path / "latest"
    link.symlink_to(target)
    if exists:
        with new_folder(target) as staging:
            (staging.folder / MANIFEST).write_text(of_a_run("first"))
    with new_folder(link) as staging:
        (staging.folder / MANIFEST).write_text(of_a_run("second"))
    assert link.is_symlink()
    assert (target / MANIFEST).read_text() == of_a_run("second")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "run"]


def test_a_place_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(RunFolderError, match="cannot be written"), new_folder(blocked / "run"):
        pass


IDENTITY = {"digest": "d", "command": "perigrid run x", "seed": 1}


def write_some(staging: Staging) -> None:
    (staging.work / "orbital.finished").write_text("key")
    (staging.folder / "summary.json").write_text("half a run")
    raise KeyboardInterrupt


def interrupt(target: Path) -> None:
    """Leave unfinished work behind, as a killed process does."""
    with pytest.raises(KeyboardInterrupt), new_folder(target, IDENTITY) as staging:
        write_some(staging)


def test_interrupted_work_stays_and_is_gone_on_with(tmp_path: Path) -> None:
    target = tmp_path / "run"
    interrupt(target)
    assert [place.name for place in tmp_path.iterdir()] == [".run.partial"]
    said: list[str] = []
    with new_folder(target, IDENTITY, resume=True, notice=said.append) as staging:
        assert staging.resumed
        assert (staging.folder / "summary.json").read_text() == "half a run"
        (staging.folder / MANIFEST).write_text(of_a_run("whole"))
    assert said == ["going on with the interrupted run in .run.partial"]
    assert [place.name for place in tmp_path.iterdir()] == ["run"]


def test_without_resume_interrupted_work_is_dropped_with_a_word(tmp_path: Path) -> None:
    target = tmp_path / "run"
    interrupt(target)
    said: list[str] = []
    with new_folder(target, IDENTITY, notice=said.append) as staging:
        assert not staging.resumed
        assert not any(staging.folder.iterdir())
        (staging.folder / MANIFEST).write_text(of_a_run("whole"))
    assert said == [
        "removing an interrupted run (perigrid run x); --resume would have gone on with it"
    ]


def test_another_run_is_not_gone_on_with(tmp_path: Path) -> None:
    interrupt(tmp_path / "run")
    other = IDENTITY | {"seed": 2}
    with (
        pytest.raises(RunFolderError, match="another one: seed differ"),
        new_folder(tmp_path / "run", other, resume=True),
    ):
        pass
    assert (tmp_path / ".run.partial" / "run" / "summary.json").exists()


@pytest.mark.parametrize("resume", [True, False])
def test_what_is_not_ours_is_left_alone(tmp_path: Path, resume: bool) -> None:
    precious = tmp_path / ".run.partial" / "thesis.tex"
    precious.parent.mkdir()
    precious.write_text("years of work")
    with (
        pytest.raises(RunFolderError, match="something else stands here"),
        new_folder(tmp_path / "run", IDENTITY, resume=resume),
    ):
        pass
    assert precious.read_text() == "years of work"


def test_two_at_once_are_told_apart(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target, IDENTITY) as staging:
        (staging.folder / MANIFEST).write_text(of_a_run("first"))
        with (
            pytest.raises(RunFolderError, match="another process"),
            new_folder(target, IDENTITY, resume=True),
        ):
            pass
    assert (target / MANIFEST).read_text() == of_a_run("first")


def test_a_run_is_complete_only_if_it_is_the_same(tmp_path: Path) -> None:
    keys = ("digest", "command", "architecture", "seed", "perigrid", "versions")
    manifest = {"scenario": "x"} | dict.fromkeys(keys, "same")
    assert not is_complete(tmp_path, manifest)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    assert is_complete(tmp_path, manifest)
    for key in keys:
        assert not is_complete(tmp_path, manifest | {key: "other"})


def test_what_a_dead_process_left_after_the_rename_is_cleared(tmp_path: Path) -> None:
    target = tmp_path / "run"
    interrupt(target)
    drop_left_over(target, IDENTITY | {"seed": 2})
    assert (tmp_path / ".run.partial").exists()
    drop_left_over(target, IDENTITY)
    assert not any(tmp_path.iterdir())


def a_run(target: Path, name: str = "old") -> None:
    with new_folder(target) as staging:
        (staging.folder / MANIFEST).write_text(of_a_run(name))


def test_what_stands_beside_a_manifest_is_not_removed(tmp_path: Path) -> None:
    target = tmp_path / "run"
    a_run(target)
    (target / "thesis.txt").write_text("years of work")
    with pytest.raises(RunFolderError, match=r"no run wrote it: thesis\.txt"), new_folder(target):
        pass
    assert (target / "thesis.txt").read_text() == "years of work"
    assert sorted(place.name for place in tmp_path.iterdir()) == ["run"]


def test_what_comes_to_stand_there_meanwhile_is_not_removed_either(tmp_path: Path) -> None:
    target = tmp_path / "run"
    a_run(target)

    def write(staging: Staging) -> None:
        (staging.work / "orbital.finished").write_text("key")
        (staging.folder / MANIFEST).write_text(of_a_run("new"))
        (target / "thesis.txt").write_text("years of work")

    with pytest.raises(RunFolderError, match="no run wrote it"), new_folder(target) as staging:
        write(staging)
    assert (target / "thesis.txt").read_text() == "years of work"
    (target / "thesis.txt").rename(tmp_path / "thesis.txt")
    with new_folder(target, resume=True) as staging:  # nothing of the work is lost
        assert (staging.folder / MANIFEST).read_text() == of_a_run("new")
    assert (target / MANIFEST).read_text() == of_a_run("new")


@pytest.mark.parametrize("moment", ["between the renames", "after them"])
def test_a_kill_between_two_renames_loses_no_run(tmp_path: Path, moment: str) -> None:
    target = tmp_path / "run"
    a_run(target)
    interrupt(target)
    old = tmp_path / ".run.partial" / "old"
    if moment == "between the renames":
        target.rename(old)
    else:
        a_run(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").rename(old)
    with new_folder(target, IDENTITY, resume=True) as staging:
        assert (target / MANIFEST).read_text() == of_a_run("old")
        assert not old.exists()
        (staging.folder / MANIFEST).write_text(of_a_run("new"))


def test_a_place_that_cannot_be_replaced_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "run"
    a_run(target)
    plain = Path.rename

    def rename(self: Path, to: Path) -> Path:
        if self.name == "run" and self.parent.name == ".run.partial":
            raise OSError(16, "Device or resource busy")
        return plain(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(RunFolderError, match="cannot be replaced: Device"):
        a_run(target, "new")
    assert (target / MANIFEST).read_text() == of_a_run("old")


def test_unfinished_work_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".run.partial").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunFolderError, match="cannot be written"), new_folder(tmp_path / "run"):
        pass
    assert not any((tmp_path / "elsewhere").iterdir())


def test_one_that_died_before_it_began_is_begun(tmp_path: Path) -> None:
    (tmp_path / ".run.partial").mkdir()
    (tmp_path / ".run.partial" / ".plan.json.a1b2c3d4").write_text("{")
    a_run(tmp_path / "run")
    assert [place.name for place in tmp_path.iterdir()] == ["run"]


def test_a_pipe_for_a_manifest_is_not_waited_for(tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    os.mkfifo(target / MANIFEST)
    with pytest.raises(RunFolderError, match="not a run folder"), new_folder(target):
        pass
