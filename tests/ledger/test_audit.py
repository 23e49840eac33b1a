"""Every way to tamper with a ledger that we could think of: found and named, by two verifiers."""

import json
import os
import shutil

import numpy as np
import pytest

from ledger import independent_verifier, small_run
from perigrid.base.signing import SigningKey
from perigrid.ledger.audit import verify_run
from perigrid.ledger.keys import read_keys
from perigrid.ledger.leaf import GENESIS, write_line
from perigrid.ledger.merkle import CompactRange
from perigrid.ledger.note import Checkpoint, Note, parse_checkpoint, parse_note, sign
from perigrid.ledger.seal import Signers
from perigrid.ledger.side_store import SideStore
from perigrid.ledger.source import Source

RECORD, CHECKPOINT, KEYS = "ledger/record.jsonl", "ledger/checkpoint", "ledger/keys"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Read only: shared by all tests."""
    return small_run.write_run(tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture
def run(whole, tmp_path):
    """A copy to tamper with."""
    return shutil.copytree(whole, tmp_path / "run")


def both(folder, keys=None, since=()):
    """Verify with both verifiers; they must agree."""
    trusted = None if keys is None else read_keys(keys.encode(), "keys")
    verdict = verify_run(
        Source(str(folder), folder), trusted, [(f"since-{k}", raw) for k, raw in enumerate(since)]
    )
    assert independent_verifier.holds(folder, keys, since) == verdict.ok, verdict.doubts
    return verdict


def mine(folder, keys=None):
    """Verify with ours alone, for what the other one does not look at."""
    return verify_run(
        Source(str(folder), folder), None if keys is None else read_keys(keys.encode(), "keys")
    )


def lines_of(run):
    return (run / RECORD).read_bytes().splitlines(keepends=True)


def put(run, lines):
    (run / RECORD).write_bytes(b"".join(lines))


def rewritten(lines, change):
    """All lines again with every hash made right, after a change to the bodies."""
    bodies = [json.loads(line) for line in lines]
    change(bodies)
    previous, out, logs = GENESIS, [], {}
    for sequence, body in enumerate(bodies):
        tree = logs.setdefault(body["log"], CompactRange())
        if body["kind"] == "anchor":
            for log in body["logs"]:
                body["logs"][log] = {"size": logs[log].size, "root": logs[log].root().hex()}
        body |= {"sequence": sequence, "index": tree.size}
        kept = {key: value for key, value in body.items() if key not in {"hash", "previous"}}
        line, hashed = write_line(kept, previous)
        tree.append(hashed)
        previous = hashed.hex()
        out.append(line)
    return out, logs["ground"]


def test_a_whole_run_is_believed(whole):
    verdict = both(whole)
    assert verdict.doubts == []
    assert verdict.logs == {"A": 10, "B": 10, "C": 10, "ground": 14}
    assert [one.key.name for one in verdict.signed_by] == [
        "simulated/operator",
        "simulated/witness",
    ]
    assert verdict.signed_by[1].t_unix_s == small_run.T_UNIX_S


def test_gaps_are_shown_as_gaps(whole):
    assert verify_run(Source("run", whole)).gaps == [
        "A: leaves 8 to 9 reached no contact before the end of the run",
        "B: leaves 4 to 9 reached no contact before the end of the run",
        "C: leaves 8 to 9 reached no contact before the end of the run",
    ]


def test_what_own_and_simulated_keys_do_not_prove_is_said(whole):
    notes = " ".join(verify_run(Source("run", whole)).notes)
    assert "keys in the folder only" in notes
    assert "simulated" in notes
    keys = read_keys((whole / KEYS).read_bytes(), KEYS)
    assert "folder only" not in " ".join(verify_run(Source("run", whole), keys).notes)
    assert "no witness" in " ".join(verify_run(Source("run", whole), keys[:1]).notes)


# ---------------------------------------------------------------------- attacks on the record


def change_content(lines):
    lines[17] = lines[17].replace(b"where the pixels are", b"where the pixels ARE")


def change_number(lines):
    lines[17] = lines[17].replace(b'"sequence":17', b'"sequence":97')


def change_hash(lines):
    lines[17] = lines[17][:-11] + b"00000000" + lines[17][-3:]


def drop(lines):
    del lines[17]


def drop_three(lines):
    del lines[17:20]


def drop_first(lines):
    del lines[0]


def drop_last(lines):
    del lines[-1]


def swap(lines):
    lines[17], lines[18] = lines[18], lines[17]


def duplicate(lines):
    lines.insert(18, lines[17])


def cut(lines):
    lines[-1] = lines[-1][:-20]


def no_newline(lines):
    lines[-1] = lines[-1][:-1]


def no_record(lines):
    lines[17] = b"[]\n"


def spaced(lines):
    lines[17] = lines[17].replace(b":17,", b": 17,")


def appended(lines):
    lines.append(lines[-1])


@pytest.mark.parametrize(
    ("attack", "line", "says"),
    [
        (change_content, 18, "record 17 was altered"),
        (change_number, 18, "record 17 was altered"),
        (change_hash, 18, "record 17 was altered"),
        (spaced, 18, "record 17 was altered"),
        (no_record, 18, "the line of record 17 is no record"),
        (drop, 18, "record 17 is missing"),
        (drop_three, 18, "records 17 to 19 are missing"),
        (drop_first, 1, "record 0 is missing"),
        (drop_last, 43, "the record ends after record 42 without its seal"),
        (swap, 18, "record 18 is out of order: it stands before 17"),
        (duplicate, 19, "record 17 stands twice"),
        (cut, 44, "the last line is cut after record 42"),
        (no_newline, 44, "the last line is cut after record 42"),
        (appended, 45, "record 43 stands twice"),
    ],
)
def test_a_damaged_record_is_found_and_named(run, attack, line, says):
    lines = lines_of(run)
    attack(lines)
    put(run, lines)
    verdict = both(run)
    assert verdict.doubts[0].where == f"{RECORD}:{line}"
    assert says in verdict.doubts[0].what


def test_one_altered_record_raises_one_doubt_about_records(run):
    lines = lines_of(run)
    change_content(lines)
    put(run, lines)
    assert [doubt.where for doubt in both(run).doubts] == [f"{RECORD}:18"]


def test_an_empty_record_is_no_record(run):
    (run / RECORD).write_bytes(b"")
    assert not both(run).ok


def change_reason(bodies):
    bodies[17]["events" if "events" in bodies[17] else "decisions"][0]["forged"] = True


def test_a_rewritten_record_with_every_hash_made_right_lacks_the_signature(run):
    lines, _ = rewritten(lines_of(run), change_reason)
    put(run, lines)
    verdict = both(run)
    assert verdict.doubts[0].where == CHECKPOINT
    assert "another log" in verdict.doubts[0].what or "not the signed one" in verdict.doubts[0].what


def forge_anchor(bodies):
    anchor = next(body for body in bodies if body["kind"] == "anchor")
    log = min(anchor["logs"])
    anchor["logs"] = {log: {"size": 1, "root": "00" * 32}}


def test_a_forged_anchor_is_named(run):
    bodies = [json.loads(line) for line in lines_of(run)]
    forge_anchor(bodies)
    previous, out = GENESIS, []
    for body in bodies:
        kept = {key: value for key, value in body.items() if key not in {"hash", "previous"}}
        line, hashed = write_line(kept, previous)
        previous = hashed.hex()
        out.append(line)
    put(run, out)
    assert "anchors a state of A that it never had" in both(run).doubts[0].what


@pytest.mark.parametrize("steal", ["keys in the folder", "keys from elsewhere"])
def test_a_whole_rewrite_under_other_keys_passes_only_where_the_keys_were_rewritten_too(run, steal):
    honest = (run / KEYS).read_text()
    shutil.rmtree(run)
    small_run.write_run(run, seed=8, reason="as the attacker likes")
    assert both(run).ok  # the folder agrees with itself, which is why --keys exists
    verdict = both(run, keys=honest)
    assert [doubt.where for doubt in verdict.doubts] == [CHECKPOINT, CHECKPOINT]
    assert "no trusted log key signed it" in verdict.doubts[0].what
    assert "no trusted witness key signed it" in verdict.doubts[1].what


def test_the_wrong_key_is_named(whole):
    other = Signers.simulated(8)
    keys = f"{other.operator.verify_key.encode()}\n{other.witness.verify_key.encode()}\n"
    assert "no trusted log key signed it" in both(whole, keys=keys).doubts[0].what


def test_a_signature_by_another_under_the_same_name_is_named(run):
    """The same name and key id on the line, another signature behind it."""
    note = parse_note((run / CHECKPOINT).read_bytes())
    forged = sign(note.text, SigningKey("simulated/operator", bytes(32)))
    honest = note.signatures[0]
    line = type(honest)(honest.name, honest.key_id, forged.content)
    (run / CHECKPOINT).write_bytes(Note(note.text, (line, *note.signatures[1:])).encode())
    assert "signature of simulated/operator does not hold" in both(run).doubts[0].what


def test_a_signature_without_its_key_and_a_key_without_its_signature_are_named(run):
    keys = (run / KEYS).read_text().splitlines(keepends=True)
    (run / KEYS).write_text(keys[0])
    verdict = verify_run(Source("run", run))
    assert "simulated/witness signed it, whose key is not in" in verdict.doubts[0].what
    (run / KEYS).write_text(
        "".join(keys) + Signers.simulated(9).operator.verify_key.encode() + "\n"
    )
    verdict = verify_run(Source("run", run))
    assert "simulated/operator did not sign" in verdict.doubts[0].what


def swapped(lines):
    return [*lines[:-2], lines[-1], lines[-2]]


@pytest.mark.parametrize(
    "change", [swapped, lambda lines: [*lines, lines[-1]], lambda lines: lines[:-1]]
)
def test_signature_lines_that_were_swapped_doubled_or_taken_out_are_doubted(run, change):
    honest = (run / KEYS).read_text()
    lines = (run / CHECKPOINT).read_text().splitlines(keepends=True)
    (run / CHECKPOINT).write_text("".join(change(lines)))
    for keys in (None, honest):
        assert not mine(run, keys).ok


def test_a_witness_taken_out_of_signatures_and_keys_alike_is_missed(run):
    (run / CHECKPOINT).write_text("".join((run / CHECKPOINT).read_text().splitlines(True)[:-1]))
    (run / KEYS).write_text((run / KEYS).read_text().splitlines(True)[0])
    (doubt,) = mine(run).doubts
    assert "no witness key in the folder signed it" in doubt.what


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"# keys of the run\n{text}",
        lambda text: text.removesuffix("\n"),
        lambda text: text + "\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"\ufeff{text}",
        lambda text: text + text.splitlines(keepends=True)[0],
    ],
)
def test_keys_in_the_folder_stand_in_the_bytes_that_the_run_wrote(run, change):
    honest = (run / KEYS).read_text()
    (run / KEYS).write_bytes(change(honest).encode())
    for keys in (None, honest):
        assert KEYS in [doubt.where for doubt in mine(run, keys).doubts]


def test_a_real_key_that_was_asked_for_is_not_replaced_by_a_simulated_one(run):
    real = SigningKey("operator.example", bytes(32)).verify_key
    keys = (run / KEYS).read_text() + f"{real.encode()}\n"
    (doubt,) = mine(run, keys).doubts
    assert doubt.what == "only a simulated log key signed it, and real ones were asked for"


@pytest.mark.parametrize("name", ["jobs.parquet", "ledger/record.jsonl", "ledger/keys"])
@pytest.mark.parametrize("how", ["link", "pipe", "link to its folder"])
def test_what_is_no_plain_file_is_doubted_and_never_waited_for(run, tmp_path, name, how):
    place, away = run / name, tmp_path / "away"
    if how == "link to its folder" and place.parent != run:
        place.parent.rename(away)
        place.parent.symlink_to(away, target_is_directory=True)
        name = "ledger"
    else:
        place.rename(away)
        os.mkfifo(place) if how == "pipe" else place.symlink_to(away)
    what = "a pipe" if how == "pipe" else "a link"
    found = [(one.where, one.what) for one in mine(run).doubts]
    assert (name, f"it is {what}: no run writes anything but plain files") in found


# ---------------------------------------------------------------------- forks and rollbacks


def checkpoint_of(run, size, root):
    """A checkpoint that the operator and the witness of the run really signed."""
    now = parse_checkpoint(parse_note((run / CHECKPOINT).read_bytes()).text)
    text = Checkpoint(now.origin, size, root).text()
    signers = Signers.simulated(7)
    cosigned = small_run.T_UNIX_S - 60
    from perigrid.ledger.note import cosign

    signatures = (sign(text, signers.operator), cosign(text, signers.witness, cosigned))
    return Note(text, signatures).encode()


def ground_leaves(run):
    entries = [json.loads(line) for line in lines_of(run)]
    return [bytes.fromhex(entry["hash"]) for entry in entries if entry["log"] == "ground"]


def root_of(leaves):
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


@pytest.mark.parametrize("size", [1, 5, 8, 13])
def test_a_log_that_continues_an_earlier_checkpoint_is_believed(whole, size):
    leaves = ground_leaves(whole)
    assert both(whole, since=[checkpoint_of(whole, size, root_of(leaves[:size]))]).ok


@pytest.mark.parametrize("size", [5, 13])
def test_a_forked_log_is_named(whole, size):
    leaves = [bytes(32), *ground_leaves(whole)[1:]]
    verdict = both(whole, since=[checkpoint_of(whole, size, root_of(leaves[:size]))])
    assert verdict.doubts[0].where == "since-0"
    assert "forked" in verdict.doubts[0].what


def test_a_rolled_back_log_with_a_valid_checkpoint_is_named(run, tmp_path):
    later = (run / CHECKPOINT).read_bytes()
    older = small_run.write_run(tmp_path / "older", steps=6)
    assert both(older).ok
    verdict = both(older, since=[later])
    assert verdict.doubts[0].where == "since-0"
    assert "rolled back" in verdict.doubts[0].what


def test_an_earlier_checkpoint_of_another_log_or_signer_is_refused(whole, tmp_path):
    note = parse_note((whole / CHECKPOINT).read_bytes())
    text = note.text.replace("perigrid/small", "perigrid/other")
    foreign = Note(text, (sign(text, Signers.simulated(7).operator), note.signatures[1]))
    assert not both(whole, since=[foreign.encode()]).ok
    unsigned = Note(note.text, (sign(note.text, Signers.simulated(8).operator),))
    assert "no trusted log key" in both(whole, since=[unsigned.encode()]).doubts[0].what
    assert not both(whole, since=[b"nonsense"]).ok


# ---------------------------------------------------------------------- files beside the record


@pytest.mark.parametrize("name", ["jobs.parquet", "summary.json", "manifest.json"])
def test_an_altered_or_missing_file_is_named(run, name):
    content = (run / name).read_bytes()
    (run / name).write_bytes(content.replace(b"s", b"z", 1))
    assert (name, "altered") in [
        (d.where, "altered" * ("altered" in d.what)) for d in both(run).doubts
    ]
    (run / name).unlink()
    assert [doubt.where for doubt in both(run).doubts] == [name]


def test_a_manifest_that_contradicts_the_pins_is_named(run):
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps({**manifest, "seed": 8}))
    whats = [doubt.what for doubt in both(run).doubts]
    assert "seed is not what the run was pinned to in record 0" in whats


def test_other_files_are_said_to_be_uncovered(run):
    (run / "report.html").write_text("anything")
    verdict = both(run)
    assert verdict.ok
    assert verdict.uncovered == ["report.html"]
    (run / "ledger" / "extra").write_text("anything")
    assert verify_run(Source("run", run)).doubts[0].where == "ledger/extra"


@pytest.mark.parametrize("name", [CHECKPOINT, KEYS])
def test_a_missing_file_of_the_ledger_is_named(run, name):
    (run / name).unlink()
    assert both(run).doubts[0].where == name


@pytest.mark.parametrize(
    ("name", "flips"),
    [(RECORD, 250), (CHECKPOINT, 338), (KEYS, 145), ("manifest.json", 60), ("jobs.parquet", 19)],
)
def test_a_flipped_bit_anywhere_is_found_by_both(run, name, flips):
    rng = np.random.default_rng(5)
    content = (run / name).read_bytes()
    for place in rng.choice(len(content), min(flips, len(content)), replace=False).tolist():
        changed = bytearray(content)
        changed[place] ^= 1 << int(rng.integers(8))
        (run / name).write_bytes(bytes(changed))
        assert not both(run).ok, (name, place)


# ---------------------------------------------------------------------- personal data


def test_erased_personal_data_leaves_the_ledger_whole(tmp_path):
    run, commitment = small_run.write_run_with_a_name(tmp_path / "run")
    verdict = both(run)
    assert verdict.ok
    assert verdict.personal == {"kept": 1, "erased": 0}
    assert b"duty desk" not in (run / RECORD).read_bytes()
    SideStore(run / "ledger").erase(commitment)
    verdict = both(run)
    assert verdict.ok
    assert verdict.personal == {"kept": 0, "erased": 1}
    everything = b"".join(path.read_bytes() for path in run.rglob("*") if path.is_file())
    assert b"duty desk" not in everything


def test_forged_personal_data_is_named(tmp_path):
    run, commitment = small_run.write_run_with_a_name(tmp_path / "run")
    place = run / "ledger" / "side.jsonl"
    honest = place.read_bytes()
    for forged, says in [
        (honest.replace(b"duty desk", b"lazy desk"), "is not the one the record committed to"),
        (honest[:-10], "no entry"),
        (b"", "neither value nor erasure"),
        (honest.replace(commitment.encode(), b"00" * 32), "is not the one"),
        (honest + b'{"commitment":"' + b"00" * 32 + b'","erased":true}\n', "no record mentions"),
    ]:
        place.write_bytes(forged)
        assert says in verify_run(Source("run", run)).doubts[0].what
