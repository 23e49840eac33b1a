import re

from perigrid.sim.data_catalogue import CATALOGUE


def test_names_and_files_are_unique():
    assert len({row.name for row in CATALOGUE}) == len(CATALOGUE)
    assert len({row.file_name for row in CATALOGUE}) == len(CATALOGUE)


def test_every_row_can_be_checked_and_credited():
    for row in CATALOGUE:
        assert re.fullmatch(r"[0-9a-f]{64}", row.sha256)
        assert row.size_bytes > 0
        assert row.licence
        assert row.source
        assert "/" not in row.file_name


def test_addresses_are_encrypted_and_pinned_to_a_commit():
    served = [row.url for row in CATALOGUE if row.url]
    assert served
    for url in served:
        assert re.match(r"https://raw\.githubusercontent\.com/[^/]+/[^/]+/[0-9a-f]{40}/", url)
