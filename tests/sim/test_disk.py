import os
from pathlib import Path

import pytest

from perigrid.sim.disk import lock_folder, sync_folder, sync_tree, write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "plan.json"
    for text in ("first", "second"):
        write_whole(place, text)
        assert place.read_text() == text
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "plan.json"
    write_whole(place, "old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(place, "new")
    assert place.read_text() == "old"


def test_everything_below_a_folder_is_synchronised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("x")
    handles: list[int] = []
    monkeypatch.setattr(os, "fsync", handles.append)
    sync_tree(tmp_path)
    sync_folder(tmp_path)
    assert len(handles) == 4


def test_a_claim_ends_with_its_holder(tmp_path: Path) -> None:
    handle, free = lock_folder(tmp_path)
    assert free
    assert handle is not None
    assert lock_folder(tmp_path) == (None, False)
    os.close(handle)  # as when a process dies
    handle, free = lock_folder(tmp_path)
    assert free
    assert handle is not None
    os.close(handle)
