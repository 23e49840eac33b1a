"""Which files are ours, and that no other is removed."""

import json
import os
from pathlib import Path

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.sim.run_files import RUN, UNFINISHED, demand_ours, remove, strangers

OF_A_RUN = (
    "manifest.json",
    "jobs.parquet",
    "report.html",
    ".manifest.json.a1b2c3d4",
    "ledger/record.jsonl",
    "ledger/.keys.a1b2c3d4",
    "receipts/A. Nother.jsonl",
    "receipts/keys.txt",
    "telemetry/part-00003.parquet",
    "onboard/manifest.json",
    "without-rules/orbital/ledger/checkpoint",
)
OF_ONE_IN_THE_MAKING = (
    "plan.json",
    "run/onboard/.parts-a1b2c3d4/decisions-0000001.parquet",
    "run/decisions/part-00000.new",
    "old/summary.json",
    "work/orbital.finished",
    "work/fly/000000003600000.checkpoint",
    "work/without-rules/relay/telemetry-0000002.parquet",
)
OTHERS = (
    "thesis.txt",
    "manifest.json.bak",
    ".git/config",
    "figures/manifest.json",
    "ledger/notes.txt",
    "ledger/deep/keys",
    "onboard/onboard/manifest.json",
    "telemetry/part-3.parquet",
    "run/thesis.txt",
    ".manifest.json.old",
)


def written(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    return folder


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        (OF_A_RUN, RUN),
        (OF_ONE_IN_THE_MAKING, UNFINISHED),
        (tuple(f"run/{name}" for name in OF_A_RUN), UNFINISHED),
    ],
    ids=["run", "unfinished", "run in the making"],
)
def test_what_runs_write_is_known_and_removed(
    tmp_path: Path, names: tuple[str, ...], ours: object
) -> None:
    folder = written(tmp_path / "r", names)
    assert strangers(folder, ours) == []
    assert remove(folder, ours)
    assert not folder.exists()


def test_what_a_comparison_writes_is_known(comparison: tuple[dict, Path]) -> None:
    assert strangers(comparison[1], RUN) == []


@pytest.mark.parametrize("name", OTHERS)
def test_what_no_run_writes_is_named_and_stays(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "r", (*OF_A_RUN, name))
    with pytest.raises(RunFolderError, match="no run wrote it") as caught:
        demand_ours(folder, RUN, Path("named/so"))
    assert name.split("/")[0] in caught.value.problems[0].message
    assert caught.value.problems[0].path == "named/so"
    assert not remove(folder, RUN)
    assert (folder / name).read_text() == "mine"


def test_links_and_empty_folders_are_not_ours(tmp_path: Path) -> None:
    precious = written(tmp_path / "precious", ("manifest.json", "thesis.txt"))
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "onboard").symlink_to(precious)
    (folder / "summary.json").symlink_to(precious / "thesis.txt")
    (folder / "photographs").mkdir()
    os.mkfifo(folder / "jobs.parquet")
    found = strangers(folder, RUN)
    assert sorted(found) == ["jobs.parquet", "onboard", "photographs", "summary.json"]
    assert not remove(folder, RUN)
    assert strangers(folder, RUN) == found
    assert (precious / "manifest.json").read_text() == "mine"
    link = tmp_path / "link"
    link.symlink_to(precious)
    assert not remove(link, RUN)
    assert (precious / "manifest.json").exists()


def test_many_strangers_are_not_all_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "r", tuple(f"photo-{number}.jpg" for number in range(9)))
    with pytest.raises(RunFolderError, match=r"photo-0.jpg, photo-1.jpg, photo-2.jpg and 6 more"):
        demand_ours(folder, RUN)


def test_a_folder_can_be_emptied_and_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "r", OF_A_RUN)
    assert remove(folder, RUN, emptied=True)
    assert list(folder.iterdir()) == []
    assert remove(tmp_path / "missing", RUN)


def test_folders_of_a_scenarios_own_architectures_are_ours_where_they_are_named(
    tmp_path: Path,
) -> None:
    folder = written(tmp_path / "r", ("manifest.json", "mine/jobs.parquet", "mine/ledger/keys"))
    assert strangers(folder, RUN) == [
        "mine",
        "mine/jobs.parquet",
        "mine/ledger",
        "mine/ledger/keys",
    ]
    named = json.dumps({"architectures": {"mine": {}, "onboard": {}, "../x": {}, "ledger": {}}})
    (folder / "comparison.json").write_text(named)
    assert strangers(folder, RUN) == []
    (folder / "mine" / "thesis.txt").write_text("mine")
    assert strangers(folder, RUN) == ["mine/thesis.txt"]
    assert not remove(folder, RUN)
    assert [place.name for place in folder.rglob("*")] == ["mine", "thesis.txt"]


def test_they_are_ours_in_the_making_too(tmp_path: Path) -> None:
    names = ("run/mine/manifest.json", "work/mine/000000003600000.checkpoint", "work/mine.finished")
    folder = written(tmp_path / "u", names)
    assert "work/mine.finished" in strangers(folder, UNFINISHED)
    (folder / "plan.json").write_text(json.dumps({"architectures": ["mine"]}))
    assert strangers(folder, UNFINISHED) == []
    assert remove(folder, UNFINISHED)


@pytest.mark.parametrize("text", ["", "[]", "7", '{"architectures": 7}', '{"architectures": [7]}'])
def test_what_names_nothing_makes_nothing_ours(tmp_path: Path, text: str) -> None:
    folder = written(tmp_path / "r", ("manifest.json", "mine/jobs.parquet"))
    (folder / "comparison.json").write_text(text)
    assert "mine/jobs.parquet" in strangers(folder, RUN)
