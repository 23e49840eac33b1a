"""``perigrid fly`` and what explains it."""

import json

import polars as pl
from click.testing import CliRunner

from forging import forge
from perigrid.cli.main import main
from perigrid.scenario import library
from perigrid.sim.flight import run
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
    (place,) = (tmp_path / "f" / "actions").iterdir()
    actions = pl.read_parquet(place)
    actions.with_columns(pl.concat_list("t_s").alias("t_s")).write_parquet(place)
    for form in ((), ("--json",)):
        told = call("explain", out, "3", *form)
        assert told.exit_code == 2
        assert "column t_s of the table is List(Float64), not Float64" in told.output


def test_a_complete_flight_whose_figures_were_forged_is_refused_in_words(tmp_path):
    words = ("fly", "mega-constellation", *sets(), "--hours", "0.1", "--jobs", "20")
    words = (*words, "-o", str(tmp_path / "f"), "--resume")
    assert call(*words).exit_code == 0
    assert "complete already" in call(*words).stderr
    (tmp_path / "f" / "summary.json").write_text("{}\n")
    altered = call(*words)
    assert (altered.exit_code, "does not verify" in altered.output) == (2, True)
    forge(tmp_path / "f")
    forged = call(*words)
    assert (forged.exit_code, "cannot be understood" in forged.output) == (2, True)


def test_json_is_one_document(tmp_path):
    out = str(tmp_path / "f")
    unread = ("--set", "scheduler=fifo")
    words = ("fly", "mega-constellation", *sets(), *unread, "--hours", "0.1", "--json", "-o", out)
    done = call(*words)
    assert "warning: scheduler: no effect in a flight of jobs" in done.stderr
    manifest = json.loads((tmp_path / "f" / "manifest.json").read_text())
    assert manifest["warnings"][0].startswith("scheduler: no effect in a flight of jobs")
    found = json.loads(done.stdout)
    assert found["warnings"] == manifest["warnings"]
    assert found["jobs"] == 300
    assert "stages_s" in found


def test_what_rules_are_not_asked_about_is_told(tmp_path):
    (tmp_path / "law").mkdir()
    law = '@id("one") forbid (principal, action, resource == Node::"shell-0001");'
    (tmp_path / "law" / "one.cedar").write_text(law)
    scenario = tmp_path / "mission.yaml"
    scenario.write_text(library.read("mega-constellation") + "policies: law\n")
    words = ("fly", str(scenario), *sets(), "--hours", "0.1", "--jobs", "20", "--json")
    done = call(*words, "-o", str(tmp_path / "f"))
    assert done.exit_code == 0, done.output
    (said,) = json.loads(done.stdout)["warnings"]
    assert said.startswith("rules close 1 of 48 satellites")
    assert f"warning: {said}\n" in done.stderr


def test_what_cannot_be_flown_exits_with_2(tmp_path):
    done = call("fly", "three-body", "-o", str(tmp_path / "f"))
    assert done.exit_code == 2
    assert "asks for no compute jobs" in done.output
    assert "add a section" in done.output
    assert not list(tmp_path.iterdir())


def test_an_interrupted_flight_says_how_it_goes_on(tmp_path, monkeypatch):
    out = tmp_path / "day"
    words = ("fly", "mega-constellation", *sets(), "--hours", "0.5", "--checkpoint", "5")
    words = (*words, "-o", str(out))
    plain = run.save

    def stopped(*arguments):
        plain(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "save", stopped)
        done = call(*words)
    assert done.exit_code == 130
    assert "the same command with --resume goes on" in done.stderr
    done = call(*words, "--resume")
    assert done.exit_code == 0, done.output
    assert "going on with the interrupted run" in done.stderr
    assert ": 300 jobs" in done.output


def test_help_shows_a_small_fleet():
    told = call("fly", "--help").output
    assert "satellites_per_plane=10" in told
    assert "section `jobs`" in told
