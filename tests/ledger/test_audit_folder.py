"""Comparisons and bundles: every run verified, nothing left out, nothing slipped in."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from ledger import small_run
from perigrid.base.errors import RunFolderError
from perigrid.base.signing import SigningKey
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.comparison import Compared
from perigrid.ledger.endorse import endorse
from perigrid.ledger.source import Source, open_source, pack, unpack

FIRST, SECOND = "onboard", "orbital"


PART = Compared("ab" * 32, 7, 1.0, (FIRST, SECOND))
BOTH = replace(PART, both=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return small_run.write_comparison(tmp_path_factory.mktemp("whole") / "compared", PART)


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
    (compared / "slides.html").write_text("anything")
    (compared / FIRST / "scratch").write_text("anything")
    verdicts = verify(open_source(compared))
    assert [verdict.uncovered for verdict in verdicts] == [["slides.html"], ["scratch"], []]
    assert all(verdict.ok for verdict in verdicts)
    names = unpack(export(open_source(compared)), "bundle")
    assert "report.html" in names
    assert "slides.html" not in names
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
    """Change the comparison's own file, and sign the whole anew with the simulated keys."""
    place = compared / "comparison.json"
    small_run.write_json(place, json.loads(place.read_text()) | changes)
    small_run.reseal(compared, PART, [FIRST, SECOND])


def test_a_comparison_that_contradicts_its_runs_is_named(compared):
    figures = {FIRST: {"insights_delivered": 4}, SECOND: {"insights_delivered": 3}}
    edit(compared, architectures=figures)
    assert doubts(compared) == [
        ("comparison.json", "its figures of onboard are not those of onboard/summary.json")
    ]


@pytest.mark.parametrize(
    "key", ["scenario", "hours", "seed", "observations", "detector", "assumed"]
)
def test_what_a_comparison_repeats_must_be_what_its_runs_say(compared, key):
    edit(compared, **{key: "something else"})
    assert doubts(compared) == [("comparison.json", f"{key} is not what its runs say")]


@pytest.mark.parametrize("name", ["report.html", "comparison.json", "manifest.json"])
def test_what_people_forward_is_covered(compared, name):
    place = compared / name
    place.write_bytes(place.read_bytes().replace(b"2", b"9").replace(b"two", b"all"))
    assert (name, "the file was altered: its digest is not the sealed one") in doubts(compared)
    place.unlink()
    assert (name, "the file is missing; the seal names it") in [*doubts(compared)]


def test_without_its_own_ledger_a_comparison_is_not_believed(compared):
    shutil.rmtree(compared / "ledger")
    where, what = doubts(compared)[0]
    assert where == "ledger/record.jsonl"
    assert what.startswith("the comparison is not signed as a whole")
    (compared / "comparison.json").unlink()
    with pytest.raises(RunFolderError):
        verify(open_source(compared))


def test_without_its_figures_it_is_still_a_comparison(compared):
    (compared / "comparison.json").unlink()
    assert ("comparison.json", "the file is missing; the seal names it") in doubts(compared)


def test_a_manifest_that_is_not_that_of_its_runs_is_named(compared):
    place = compared / "manifest.json"
    small_run.write_json(place, json.loads(place.read_text()) | {"hours": 2.0})
    small_run.reseal(compared, PART, [FIRST, SECOND])
    assert doubts(compared) == [("manifest.json", "it is not what the manifests of the runs say")]


def test_a_run_that_the_record_of_the_comparison_does_not_name_is_named(compared):
    small_run.reseal(compared, PART, [FIRST])
    what = "the comparison's record does not name it"
    assert (f"{SECOND}/ledger/record.jsonl", what) in doubts(compared)


def test_a_run_that_is_dressed_up_as_a_comparison_is_named(compared):
    shutil.copyfile(compared / "comparison.json", compared / SECOND / "comparison.json")
    what = "it is of something else than what stands beside it"
    assert ("ledger/record.jsonl", what) in doubts(compared)


def test_a_run_left_out_or_made_up_is_named(compared):
    edit(compared, architectures={FIRST: {"insights_delivered": 3}})
    assert ("comparison.json", "it does not name the run orbital") in doubts(compared)
    others = "it compares others than what the comparison was pinned to"
    assert ("comparison.json", others) in doubts(compared)
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


# ---------------------------------------------------------------------- exchanged runs


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Comparisons of another seed, of other architectures, and one both with and without rules."""
    base = tmp_path_factory.mktemp("others")
    more = replace(PART, architectures=(FIRST, SECOND, "relay"))
    small_run.write_comparison(base / "seed", replace(PART, seed=8), seed=8)
    small_run.write_comparison(base / "more", more)
    small_run.write_comparison(base / "both", BOTH)
    small_run.write_run(base / "alone")
    return base


def exchanged(compared, place, name=SECOND):
    shutil.rmtree(compared / name)
    shutil.copytree(place, compared / name)
    return doubts(compared)


NOT_IT = "it is not the run that was compared: the comparison's record has another"


def test_a_comparison_flown_both_ways_is_believed(others):
    found = verify(open_source(others / "both"))
    assert [one.run.removeprefix(str(others)) for one in found] == [
        *("/both", "/both/onboard", "/both/orbital", "/both/without-rules"),
        *("/both/without-rules/onboard", "/both/without-rules/orbital"),
    ]
    assert all(one.ok for one in found), doubts(others / "both")
    assert (
        verify(open_source(others / "both" / "without-rules"))[0]
        .notes[0]
        .startswith("it is without-rules of a comparison")
    )


def test_a_run_of_another_seed_or_of_no_comparison_in_its_place_is_named(compared, others):
    found = exchanged(compared, others / "seed" / SECOND)
    assert (f"{SECOND}/ledger/checkpoint", NOT_IT) in found
    assert ("ledger/record.jsonl", "it was flown for another comparison") in found
    found = exchanged(compared, others / "alone")
    assert ("ledger/record.jsonl", "it was not flown for a comparison: its pins name none") in found


def test_a_run_without_the_rules_in_its_place_is_named(others, tmp_path):
    compared = shutil.copytree(others / "both", tmp_path / "both")
    found = exchanged(compared, compared / "without-rules" / SECOND)
    assert (f"{SECOND}/ledger/checkpoint", NOT_IT) in found
    what = "it was flown as 'without-rules/orbital' and stands under another name"
    assert ("ledger/record.jsonl", what) in found


def test_runs_under_each_others_names_are_named(compared):
    for source, target in ((FIRST, "aside"), (SECOND, FIRST), ("aside", SECOND)):
        (compared / source).rename(compared / target)
    found = doubts(compared)
    for name in (FIRST, SECOND):
        assert (f"{name}/ledger/checkpoint", NOT_IT) in found
    what = "it was flown as 'orbital' and stands under another name"
    assert ("ledger/record.jsonl", what) in found


def test_a_run_that_was_dropped_everywhere_is_named(compared, others):
    """Dropped from the folder, the figures and the whole, which is then signed anew."""
    shutil.rmtree(compared / SECOND)
    figures = {FIRST: {"insights_delivered": 3}}
    place = compared / "comparison.json"
    small_run.write_json(place, json.loads(place.read_text()) | {"architectures": figures})
    for part in (PART, replace(PART, architectures=(FIRST,))):
        small_run.reseal(compared, part, [FIRST])
        assert doubts(compared), part
    assert ("ledger/record.jsonl", "it was flown for another comparison") in doubts(compared)


def test_real_keys_under_every_run_do_not_vouch_for_their_exchange(compared, others, tmp_path):
    key = SigningKey("operator.example", bytes(32))
    other = shutil.copytree(others / "seed", tmp_path / "seed")
    for folder in (compared, other):
        endorse(folder, key, 1)
    trusted = [key.verify_key]
    assert all(one.ok for one in verify(open_source(compared), trusted))
    exchanged(compared, other / SECOND)
    assert not verify(open_source(compared), trusted)[0].ok
    shutil.rmtree(compared / "ledger")
    assert not verify(open_source(compared), trusted)[0].ok


def test_a_bundle_without_the_whole_or_a_run_is_doubted(whole, tmp_path):
    contents = unpack(export(open_source(whole)), "bundle")
    for gone in ("ledger/", f"{SECOND}/", "report.html"):
        rest = {name: one for name, one in contents.items() if not name.startswith(gone)}
        (tmp_path / "bundle.tar").write_bytes(pack(rest.items()))
        assert doubts(tmp_path / "bundle.tar"), gone


def test_nothing_outside_is_reached_by_a_name(compared, tmp_path):
    small_run.write_run(tmp_path / "outside")
    edit(compared, architectures={"../outside": {"insights_delivered": 3}})
    assert all("../outside" not in one.run for one in verify(open_source(compared)))
    assert doubts(compared)
    (compared / "loan").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert ("loan", "it is a link: no run writes anything but plain files") in doubts(compared)
    assert not [name for name in unpack(export(open_source(compared)), "") if "loan" in name]
