import threading

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.base.withheld import Told, commit
from perigrid.ledger import side_store
from perigrid.ledger.side_store import Entry, SideStore, parse_side_store


def test_a_value_is_kept_until_it_is_erased(tmp_path):
    store = SideStore(tmp_path)
    first, second = store.put({"name": "duty desk"}), store.put("a telephone number")
    assert first.keys() == {"commitment"}
    assert [entry.value for entry in store.entries()] == [
        {"name": "duty desk"},
        "a telephone number",
    ]
    assert all(entry.holds() for entry in store.entries())
    store.erase(first["commitment"])
    assert [entry.erased for entry in SideStore(tmp_path).entries()] == [True, False]
    assert b"duty desk" not in (tmp_path / side_store.FILE_NAME).read_bytes()
    store.erase(first["commitment"])  # again does nothing
    assert list(store.entries())[1].value == "a telephone number"
    assert second["commitment"] == list(store.entries())[1].commitment


def test_a_hash_tells_nothing_without_its_salt(tmp_path):
    store = SideStore(tmp_path)
    one, same = store.put("Monday shift"), store.put("Monday shift")
    assert one != same
    assert one["commitment"] != commit("Monday shift", b"")


def test_what_is_kept_already_is_not_kept_twice_and_stays_erased(tmp_path):
    store, told = SideStore(tmp_path), Told("smoke", b"s" * 32)
    kept = {told.withheld.commitment: told, "11" * 32: None}
    store.keep(kept)
    store.keep(kept)
    assert [(one.value, one.erased) for one in store.entries()] == [("smoke", False), (None, True)]
    store.erase(told.withheld.commitment)
    store.keep(kept)
    assert [one.erased for one in store.entries()] == [True, True]


def test_another_value_or_salt_does_not_hold():
    honest = Entry(commit("x", bytes(32)), "x", bytes(32))
    assert honest.holds()
    assert not Entry(honest.commitment, "y", bytes(32)).holds()
    assert not Entry(honest.commitment, "x", b"\x01" * 32).holds()


def test_what_was_never_held_cannot_be_erased(tmp_path):
    with pytest.raises(RunFolderError, match="holds nothing"):
        SideStore(tmp_path).erase("00" * 32)


def test_only_the_owner_may_read_it(tmp_path):
    SideStore(tmp_path).put("x")
    assert (tmp_path / side_store.FILE_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"commitment":"00"}',
        b'{"commitment":"' + b"00" * 32 + b'","erased":false}',
        b'{"commitment":"' + b"00" * 32 + b'","salt":"zz","value":1}',
        b'{"commitment":"' + b"00" * 32 + b'","salt":"","value":"left behind"}',
        b'{"commitment": "' + b"00" * 32 + b'","erased":true}',
        b'{"commitment":1,"erased":true}',
        b"\xff",
    ],
)
def test_what_is_no_entry_is_refused_by_line(line):
    good = Entry("11" * 32).line().encode()
    with pytest.raises(RunFolderError) as caught:
        parse_side_store(good + b"\n" + line + b"\n", "side.jsonl")
    assert caught.value.problems[0].line == 2


def test_two_who_write_at_once_lose_nothing(tmp_path):
    def write(who):
        for number in range(40):
            SideStore(tmp_path).put([who, number])

    both = [threading.Thread(target=write, args=(who,)) for who in "ab"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    kept = sorted(entry.value for entry in SideStore(tmp_path).entries())
    assert kept == [[who, number] for who in "ab" for number in range(40)]


def test_what_was_erased_does_not_stand_beside_its_erasure(tmp_path):
    told = Told("smoke", b"s" * 32)
    commitment = told.withheld.commitment
    lines = [Entry(commitment).line(), Entry(commitment, told.value, told.salt).line()]
    with pytest.raises(RunFolderError, match="stands twice"):
        parse_side_store("".join(f"{line}\n" for line in lines).encode(), "side.jsonl")


def test_erasing_takes_what_a_killed_writer_left(tmp_path):
    store = SideStore(tmp_path)
    held = store.put("smoke")
    (tmp_path / f".{side_store.FILE_NAME}.abc").write_text(next(store.entries()).line())
    store.erase(held["commitment"])
    assert not any(b"smoke" in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "change", [lambda raw: raw.removesuffix(b"\n"), lambda raw: raw.replace(b"\n", b"\r\n")]
)
def test_the_store_stands_in_the_bytes_that_were_written(tmp_path, change):
    SideStore(tmp_path).put("why")
    place = tmp_path / side_store.FILE_NAME
    place.write_bytes(change(place.read_bytes()))
    with pytest.raises(RunFolderError, match="no entry of a side store"):
        list(SideStore(tmp_path).entries())
