import os
from pathlib import Path

import pytest

from perigrid.sim.disk import lock_folder, sync_folder, sync_tree


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
