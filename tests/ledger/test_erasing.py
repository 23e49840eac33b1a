"""What may be erased is found by key id or commitment in every ledger under a folder."""

import shutil

import pytest

from ledger import small_run
from perigrid.base.errors import InputError, RunFolderError
from perigrid.ledger.erasing import erase, find_personal


@pytest.fixture
def comparison(tmp_path):
    run, commitment = small_run.write_run_with_a_name(tmp_path / "both" / "onboard")
    shutil.copytree(run, tmp_path / "both" / "without-rules" / "orbital")
    return tmp_path / "both", commitment


def test_a_value_is_erased_from_every_run(comparison):
    folder, commitment = comparison
    found = find_personal(folder, commitment[:8])
    assert [one.folder.relative_to(folder).as_posix() for one in found] == [
        "onboard/ledger",
        "without-rules/orbital/ledger",
    ]
    assert {one.commitment for one in found} == {commitment}
    erase(found)
    for one in found:
        assert b"duty desk" not in (one.folder / "side.jsonl").read_bytes()
    assert find_personal(folder, commitment) == found  # erased already, and known to be


@pytest.mark.parametrize("named", ["", "ff", "f" * 64, "duty desk", "../x"])
def test_what_nobody_knows_is_refused(comparison, named):
    with pytest.raises(InputError, match="nothing personal is called"):
        find_personal(comparison[0], named)


def test_a_folder_without_a_ledger_is_refused(tmp_path):
    with pytest.raises(RunFolderError, match="there is no ledger"):
        find_personal(tmp_path, "f" * 64)
