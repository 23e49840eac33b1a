"""``perigrid fly`` and what explains it."""

import json

import polars as pl
from click.testing import CliRunner

from forging import forge
from perigrid.cli.main import main
from perigrid.sim import checkpoint
from perigrid.sim.compiled_checkpoint import Kept
from tests.flight_cases import SMALL


def call(*words):
    return CliRunner().invoke(main, list(words))


def sets():
    return [word for change in SMALL for word in ("--set", change)]


def test_a_flight_and_its_explanation(tmp_path):
    out = str(tmp_path / "f")
    done = call("fly", "mega-constellation", *sets(), "--hours", "0.1", "--jobs", "80", "-o", out)
    assert done.exit_code == 0, done.output
    assert "mega-constellation: 80 jobs" in done.output
    assert "warning" not in done.stderr
    assert "of what was possible" in done.output
    assert "insight" not in done.stdout
    told = call("explain", out, "3")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Job 3 of the orbital run: ")
    told = call("explain", out, "3", "--json")
    assert json.loads(told.output)["job_id"] == 3
    place = min((tmp_path / "f" / "actions").iterdir())
    actions = pl.read_parquet(place)
    actions.with_columns(pl.concat_list("t_s").alias("t_s")).write_parquet(place)
    for form in ((), ("--json",)):
        told = call("explain", out, "3", *form)
        assert told.exit_code == 2
        assert "the file was altered" in told.output


def test_a_complete_flight_whose_figures_were_forged_is_refused_in_words(tmp_path):
    words = ("fly", "mega-constellation", *sets(), "--hours", "0.1", "--jobs", "20")
    words = (*words, "-o", str(tmp_path / "f"), "--resume")
    assert call(*words).exit_code == 0
    assert "complete already" in call(*words).stderr
    (tmp_path / "f" / "summary.json").write_text("[]\n")
    altered = call(*words)
    assert (altered.exit_code, "does not verify" in altered.output) == (2, True)
    forge(tmp_path / "f")
    forged = call(*words)
    assert (forged.exit_code, "not a table of figures" in forged.output) == (2, True)


def test_json_is_one_document(tmp_path):
    out = str(tmp_path / "f")
    unread = ("--set", "demand.revisit_hours=3")
    words = ("fly", "mega-constellation", *sets(), *unread, "--hours", "0.1", "--json", "-o", out)
    done = call(*words)
    assert "warning: demand.revisit_hours: no effect for compute jobs" in done.stderr
    manifest = json.loads((tmp_path / "f" / "manifest.json").read_text())
    assert manifest["warnings"][0].startswith("demand.revisit_hours: no effect for compute jobs")
    found = json.loads(done.stdout)
    assert found["warnings"] == manifest["warnings"]
    assert found["satellites"] == 48


def test_an_interrupted_flight_says_how_it_goes_on(tmp_path, monkeypatch):
    out = tmp_path / "day"
    words = ("fly", "mega-constellation", *sets(), "--hours", "0.5", "-o", str(out))
    plain = Kept.save

    def stopped(kept, t_s, world):
        plain(kept, t_s, world)
        if t_s > 900.0:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "INTERVAL_S", 300.0)
        patch.setattr(Kept, "save", stopped)
        done = call(*words)
    assert done.exit_code == 130
    assert "the same command with --resume goes on" in done.stderr
    done = call(*words, "--resume")
    assert done.exit_code == 0, done.output
    assert "300 jobs" in done.output
    plainly = tmp_path / "again"
    assert call(*words[:-1], str(plainly)).exit_code == 0
    assert (out / "summary.json").read_text() == (plainly / "summary.json").read_text()


def test_help_shows_a_small_fleet():
    told = call("fly", "--help").output
    assert "satellites_per_plane=10" in told
    assert "section `jobs`" in " ".join(told.split())
