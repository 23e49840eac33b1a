"""The command on a comparison that was really flown."""

import json
import shutil
from pathlib import Path

import pytest

from forging import forge
from perigrid.base.signing import SigningKey
from perigrid.ledger.keys import load_signing_key
from perigrid.ledger.source import unpack
from tests.cli.conftest import call


@pytest.fixture
def run(comparison: Path, tmp_path: Path) -> Path:
    return shutil.copytree(comparison / "onboard", tmp_path / "run")


def test_a_flown_comparison_is_verified(comparison: Path) -> None:
    result = call("audit", "verify", comparison)
    assert result.exit_code == 0, result.output
    assert result.stdout.count(": verified") == 5
    assert "signed by simulated/operator" in result.stdout
    assert "note: signatures were checked against the keys in the folder only" in result.stdout


def test_json_says_the_same(run: Path) -> None:
    document = json.loads(call("audit", "verify", run, "--json").stdout)
    assert document["ok"] is True
    (found,) = document["runs"]
    assert found["records"] == sum(found["logs"].values()) > 4
    assert found["checkpoint"]["size"] == found["logs"]["ground"]
    assert found["doubts"] == []


def test_doubt_exits_1_and_names_the_file(run: Path) -> None:
    place = run / "jobs.parquet"
    content = bytearray(place.read_bytes())
    content[100] ^= 1
    place.write_bytes(bytes(content))
    result = call("audit", "verify", run)
    assert result.exit_code == 1
    assert "NOT VERIFIED" in result.stdout
    assert "doubt: jobs.parquet: the file was altered" in result.stdout


def test_what_does_not_verify_is_handed_over_with_a_warning(run: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    assert "warning" not in call("audit", "export", run, "-o", good).stderr
    (run / "summary.json").write_text("{}")
    result = call("audit", "export", run, "-o", bad)
    assert result.exit_code == 0
    assert "warning: it does not verify" in result.stderr
    told = json.loads(call("audit", "export", run, "-o", bad, "--json").stdout)
    assert told["doubts"] >= 1
    assert call("audit", "verify", bad).exit_code == 1


def test_many_doubts_are_cut_short(run: Path) -> None:
    place = run / "ledger" / "record.jsonl"
    lines = place.read_text().splitlines(keepends=True)
    place.write_text("".join(reversed(lines * 4)))
    result = call("audit", "verify", run)
    assert result.exit_code == 1
    assert "more doubts; --json has all" in result.stdout


def test_keys_from_elsewhere_decide(run: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(SigningKey("somebody.else", bytes(32)).verify_key.encode() + "\n")
    result = call("audit", "verify", run, "--keys", keys)
    assert result.exit_code == 1
    assert "no trusted log key signed it" in result.stdout
    keys.write_text("nonsense\n")
    assert call("audit", "verify", run, "--keys", keys).exit_code == 2


def test_an_earlier_checkpoint_is_asked_for(run: Path, comparison: Path) -> None:
    own = run / "ledger" / "checkpoint"
    other = comparison / "orbital" / "ledger" / "checkpoint"
    assert call("audit", "verify", run, "--since", own).exit_code == 0
    result = call("audit", "verify", run, "--since", own, "--since", other)
    assert result.exit_code == 1
    assert "of another log" in result.stdout


def test_bad_input_exits_2(tmp_path: Path) -> None:
    assert call("audit", "verify", tmp_path / "nowhere").exit_code == 2
    assert call("audit", "verify", tmp_path).exit_code == 2
    (tmp_path / "file").write_text("nonsense")
    assert call("audit", "verify", tmp_path / "file").exit_code == 2
    assert call("audit", "verify", tmp_path, "--keys", tmp_path / "nowhere").exit_code == 2
    assert call("audit", "export", tmp_path, "-o", tmp_path / "bundle").exit_code == 2
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_is_written_and_verified(comparison: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "small.tar"
    result = call("audit", "export", comparison, "-o", bundle, "--json")
    size = bundle.stat().st_size
    told = {"bundle": str(bundle), "bytes": size, "doubts": 0, "personal": []}
    assert json.loads(result.stdout) == told
    assert call("audit", "verify", bundle).exit_code == 0
    again = tmp_path / "again.tar"
    assert call("audit", "export", bundle, "-o", again).stdout == f"{again}\n"
    assert again.read_bytes() == bundle.read_bytes()


def test_a_bundle_replaces_a_bundle_and_nothing_else(run: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "run.tar"
    for _ in range(2):
        assert call("audit", "export", run, "-o", bundle).exit_code == 0
    letter = tmp_path / "letter"
    letter.write_text("not yours")
    record = run / "ledger" / "record.jsonl"
    for target in (letter, record, run / "inside.tar"):
        before = target.read_bytes() if target.exists() else None
        result = call("audit", "export", run, "-o", target)
        assert result.exit_code == 2, target
        assert str(target) in result.stderr
        assert "help:" in result.stderr
        assert (target.read_bytes() if target.exists() else None) == before
    assert call("audit", "verify", run).exit_code == 0


def test_a_key_is_made_and_signs(run: Path, tmp_path: Path) -> None:
    private, trusted = tmp_path / "private", tmp_path / "trusted"
    made = call("audit", "keygen", "operator.example", "-o", private)
    assert load_signing_key(private).verify_key.encode() == made.stdout.strip()
    trusted.write_text(made.stdout)
    assert call("audit", "sign", run, "--key", private).stdout.endswith("by operator.example\n")
    result = call("audit", "verify", run, "--keys", trusted)
    assert result.exit_code == 0, result.output
    assert "folder only" not in result.stdout


def test_a_witness_key_is_made_and_cosigns(run: Path, tmp_path: Path) -> None:
    private, memory = tmp_path / "private", tmp_path / "memory.json"
    words = ("audit", "keygen", "witness.example", "--witness", "-o", private, "--json")
    public = json.loads(call(*words).stdout)["public"]
    signed = call("audit", "sign", run, "--key", private, "--memory", memory, "--json")
    assert json.loads(signed.stdout)["signed_by"] == public
    assert memory.is_file()
    assert "witnessed by witness.example" in call("audit", "verify", run).stdout


@pytest.mark.parametrize("name", ["simulated/operator", "two words", "a+b", ""])
def test_names_that_would_mislead_or_break_a_note_are_refused(name: str, tmp_path: Path) -> None:
    assert call("audit", "keygen", name, "-o", tmp_path / "private").exit_code == 2
    assert not (tmp_path / "private").exists()


def test_a_private_key_is_not_overwritten(tmp_path: Path) -> None:
    words = ("audit", "keygen", "operator.example", "-o", tmp_path / "private")
    assert call(*words).exit_code == 0
    assert call(*words).exit_code == 2


@pytest.fixture
def compared_anew(comparison: Path, tmp_path: Path) -> Path:
    return shutil.copytree(comparison, tmp_path / "compared")


def test_the_report_of_a_comparison_is_covered_in_folder_and_bundle(
    compared_anew: Path, tmp_path: Path
) -> None:
    place, bundle = compared_anew / "report.html", tmp_path / "bundle.tar"
    before = place.read_bytes()
    assert call("report", compared_anew).exit_code == 0
    assert place.read_bytes() == before  # whatever the folder was called when it was written
    place.write_bytes(before.replace(b"<body", b"<body ", 1))
    result = call("audit", "verify", compared_anew)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()[:2]
    assert first == f"{compared_anew}: NOT VERIFIED: one doubt"
    assert second == "  doubt: report.html: the file was altered: its digest is not the sealed one"
    call("audit", "export", compared_anew, "-o", bundle)
    assert call("audit", "verify", bundle).exit_code == 1


def test_the_worst_run_comes_first(compared_anew: Path) -> None:
    (compared_anew / "relay" / "summary.json").write_text("{}")
    (compared_anew / "slides.html").write_text("all is well")
    result = call("audit", "verify", compared_anew)
    heads = [line for line in result.stdout.splitlines() if not line.startswith(" ") and line]
    assert result.exit_code == 1
    assert "NOT VERIFIED" in heads[0]
    assert "NOT VERIFIED" in heads[1]
    assert [head.endswith(": verified") for head in heads[2:]] == [True] * 3
    document = json.loads(call("audit", "verify", compared_anew, "--json").stdout)
    assert list(document) == ["ok", "doubts", "runs"]
    assert (document["ok"], document["runs"][0]["ok"]) == (False, False)
    assert document["runs"][0]["uncovered"] == ["slides.html"]


def test_one_signature_on_a_comparison_vouches_for_all_of_it(
    compared_anew: Path, tmp_path: Path
) -> None:
    private, trusted = tmp_path / "private", tmp_path / "trusted"
    trusted.write_text(call("audit", "keygen", "operator.example", "-o", private).stdout)
    assert call("audit", "verify", compared_anew, "--keys", trusted).exit_code == 1
    assert call("audit", "sign", compared_anew, "--key", private).exit_code == 0
    trusted.write_bytes(b"\xef\xbb\xbf" + trusted.read_bytes().replace(b"\n", b"\r\n"))
    result = call("audit", "verify", compared_anew, "--keys", trusted)
    assert result.exit_code == 0, result.output
    for one, other in (("relay", "aside"), ("onboard", "relay"), ("aside", "onboard")):
        (compared_anew / one).rename(compared_anew / other)
    assert call("audit", "verify", compared_anew, "--keys", trusted).exit_code == 1


def test_a_report_of_a_run_is_compared_with_what_the_run_leads_to(run: Path) -> None:
    assert call("report", run).exit_code == 0
    assert "report.html is, byte for byte," in call("audit", "verify", run).stdout
    place = run / "report.html"
    place.write_text(place.read_text().replace("insight", "insights", 1))
    result = call("audit", "verify", run)
    assert result.exit_code == 1
    assert "doubt: report.html: it is not what the files beside it lead to" in result.stdout


def test_a_forged_summary_is_named_by_a_replay(run: Path) -> None:
    place = run / "summary.json"
    summary = json.loads(place.read_text())
    place.write_text(json.dumps(summary | {"in_flight": 99}, indent=1) + "\n")
    forge(run)
    assert call("audit", "verify", run).exit_code == 0
    result = call("audit", "verify", run, "--replay", "--json")
    assert result.exit_code == 1
    (doubt,) = json.loads(result.stdout)["runs"][0]["doubts"]
    assert doubt["where"] == "summary.json"
    assert doubt["what"].startswith("in_flight is not what comes out")


@pytest.mark.parametrize("name", ["../outside", "/etc"])
@pytest.mark.parametrize("words", [("report",), ("audit", "verify"), ("audit", "export")])
def test_no_name_in_a_comparison_leads_out_of_it(
    compared_anew: Path, tmp_path: Path, name: str, words: tuple[str, ...]
) -> None:
    shutil.copytree(compared_anew / "relay", tmp_path / "outside")
    place = compared_anew / "comparison.json"
    stated = json.loads(place.read_text())
    stated["architectures"][name] = stated["architectures"].pop("relay")
    place.write_text(json.dumps(stated, indent=1) + "\n")
    more = ("-o", tmp_path / "out") if words != ("audit", "verify") else ()
    result = call(*words, compared_anew, *more)
    if words == ("audit", "export"):
        assert "warning: it does not verify" in result.stderr
        assert not [one for one in unpack((tmp_path / "out").read_bytes(), "") if ".." in one]
    else:
        assert result.exit_code == (2 if words == ("report",) else 1)
