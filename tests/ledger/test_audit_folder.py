"""Comparisons and bundles: every run verified, nothing left out, nothing slipped in."""

import json
import shutil

import numpy as np
import pytest

from ledger import small_run
from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.source import Source, open_source, pack, unpack

FIRST, SECOND = "onboard", "orbital"


def write_comparison(folder):
    for name in (FIRST, SECOND):
        small_run.write_run(folder / name)
    comparison = {
        "scenario": "small",
        "hours": 1.0,
        "seed": 7,
        "architectures": {name: {"insights_delivered": 3} for name in (FIRST, SECOND)},
        "observations": 15,
        "detector": {"scenes": 4},
        "assumed": [{"key": "a", "confidence": "assumed"}],
    }
    manifest = {**small_run.MANIFEST, "architecture": "compare"}
    for name, content in (("comparison", comparison), ("manifest", manifest)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return write_comparison(tmp_path_factory.mktemp("whole") / "compared")


@pytest.fixture
def compared(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "compared")


def doubts(path, since=()):
    return [
        (doubt.where, doubt.what)
        for verdict in verify(open_source(path), None, since)
        for doubt in verdict.doubts
    ]


def test_a_whole_comparison_is_believed(whole):
    verdicts = verify(open_source(whole))
    assert [verdict.run.split("/")[-1] for verdict in verdicts] == ["compared", FIRST, SECOND]
    assert all(verdict.ok for verdict in verdicts), doubts(whole)


def test_a_bundle_verifies_like_the_folder_and_is_the_same_every_time(whole, tmp_path):
    (tmp_path / "bundle.tar").write_bytes(export(open_source(whole)))
    assert doubts(tmp_path / "bundle.tar") == []
    assert export(open_source(tmp_path / "bundle.tar")) == export(open_source(whole))
    (tmp_path / "one.tar").write_bytes(export(open_source(whole / FIRST)))
    assert doubts(tmp_path / "one.tar") == []


def test_what_no_ledger_covers_stays_out_of_a_bundle(compared):
    (compared / "report.html").write_text("anything")
    (compared / FIRST / "scratch").write_text("anything")
    assert {"report.html is not covered by the ledger"} <= set(
        verify(open_source(compared))[0].notes
    )
    names = unpack(export(open_source(compared)), "bundle")
    assert "report.html" not in names
    assert f"{FIRST}/scratch" not in names
    assert f"{FIRST}/jobs.parquet" in names


def test_a_flipped_bit_anywhere_in_a_bundle_is_found(whole, tmp_path):
    bundle = export(open_source(whole / FIRST))
    rng, place = np.random.default_rng(3), tmp_path / "bundle.tar"
    for at in rng.choice(len(bundle), 250, replace=False).tolist():
        changed = bytearray(bundle)
        changed[at] ^= 1 << int(rng.integers(8))
        place.write_bytes(bytes(changed))
        try:
            found = doubts(place)
        except RunFolderError:  # no bundle any more
            continue
        assert found, at


@pytest.mark.parametrize("place", ["comparison.json", "manifest.json"])
def test_a_flipped_bit_in_the_comparisons_own_files_is_found(compared, place):
    content, rng = (compared / place).read_bytes(), np.random.default_rng(4)
    for at in rng.choice(len(content), 150, replace=False).tolist():
        changed = bytearray(content)
        changed[at] ^= 1 << int(rng.integers(8))
        (compared / place).write_bytes(bytes(changed))
        assert doubts(compared), at


def edit(compared, **changes):
    place = compared / "comparison.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | changes, indent=1) + "\n")


def test_a_comparison_that_contradicts_its_runs_is_named(compared):
    edit(
        compared,
        architectures={FIRST: {"insights_delivered": 4}, SECOND: {"insights_delivered": 3}},
    )
    assert doubts(compared) == [
        ("comparison.json", "its figures of onboard are not those of onboard/summary.json")
    ]


@pytest.mark.parametrize(
    "key", ["scenario", "hours", "seed", "observations", "detector", "assumed"]
)
def test_what_a_comparison_repeats_must_be_what_its_runs_say(compared, key):
    edit(compared, **{key: "something else"})
    assert doubts(compared) == [("comparison.json", f"{key} is not what its runs say")]


def test_what_a_comparison_adds_is_said_to_be_uncovered(compared):
    edit(compared, remark="something else")
    (whole, *_) = verify(open_source(compared))
    assert whole.ok
    assert "'remark' of comparison.json is not covered by the ledger" in whole.notes


def test_a_run_left_out_or_made_up_is_named(compared):
    edit(compared, architectures={FIRST: {"insights_delivered": 3}})
    assert ("comparison.json", "it does not name the run orbital") in doubts(compared)
    names = (FIRST, SECOND, "relay")
    edit(compared, architectures={name: {"insights_delivered": 3} for name in names})
    assert (
        "relay/ledger/record.jsonl",
        "the comparison names this run and it is not there",
    ) in doubts(compared)


def test_doubt_about_one_run_is_doubt_about_the_comparison(compared):
    (compared / SECOND / "jobs.parquet").write_bytes(b"others")
    verdicts = verify(open_source(compared))
    assert [verdict.ok for verdict in verdicts] == [True, True, False]


def test_earlier_checkpoints_find_their_run(compared, tmp_path):
    checkpoint = (compared / FIRST / "ledger" / "checkpoint").read_bytes()
    assert doubts(compared, [("earlier", checkpoint)]) == []
    foreign = checkpoint.replace(b"perigrid/small", b"perigrid/other")
    found = doubts(compared, [("earlier", foreign)])
    assert found == [("earlier", "this checkpoint is of none of the runs")]


def test_a_bundle_put_together_by_hand_is_doubted(whole, tmp_path):
    bundle = export(open_source(whole / FIRST))
    (tmp_path / "padded.tar").write_bytes(bundle + bytes(512))
    assert "the bundle was altered" in doubts(tmp_path / "padded.tar")[0][1]


def test_what_holds_no_ledger_is_bad_input(tmp_path):
    with pytest.raises(RunFolderError, match=r"no ledger/record\.jsonl"):
        verify(open_source(tmp_path))
    with pytest.raises(RunFolderError, match=r"no ledger/record\.jsonl"):
        export(Source("empty", None, {}, pack([])))


def test_a_comparison_of_nothing_is_doubted(tmp_path):
    (tmp_path / "comparison.json").write_text("{}\n")
    assert ("comparison.json", "it compares no runs") in doubts(tmp_path)
