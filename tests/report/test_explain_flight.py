"""Why a job of a flight ran where it did."""

import json

import polars as pl
import pytest

from perigrid.base.errors import InputError, RunFolderError
from perigrid.report.explain_flight import explain_flight, is_flight
from perigrid.sim.flight.run import fly
from tests.flight_cases import STORM, small


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("flight") / "f"
    fly(small(*STORM, "jobs.count=1500", "jobs.deadline_minutes=8"), place)
    return place


def test_every_outcome_has_its_story(folder):
    jobs = pl.read_parquet(folder / "jobs" / "part-*.parquet")
    seen = set()
    for row in jobs.iter_rows(named=True):
        if row["outcome"] in seen:
            continue
        seen.add(row["outcome"])
        story = explain_flight(folder, row["job"])
        told = story.to_dict()
        assert told["job"]["outcome"] == row["outcome"]
        assert json.dumps(told["decisions"][:0]) == "[]"
        text = story.text()
        assert text.startswith(f"Job {row['job']}: ")
        for one in told["decisions"]:
            assert one["chosen"] in text
            for other in one["alternatives"]:
                assert other["satellite"] in text
        word = {"delivered": "Delivered", "missed": "Missed"}.get(row["outcome"], "Still")
        assert f"\n{word}" in text
    assert {"delivered", "missed"} <= seen


def test_a_job_decided_again_shows_each_decision(folder):
    jobs = pl.read_parquet(folder / "jobs" / "part-*.parquet")
    again = jobs.filter(pl.col("attempt") > 1)["job"][0]
    story = explain_flight(folder, again)
    assert len(story.decisions) > 1
    assert [one["t_s"] for one in story.decisions] == sorted(one["t_s"] for one in story.decisions)


def test_wrong_numbers_and_broken_folders_are_said(folder, tmp_path):
    assert is_flight(folder)
    assert not is_flight(tmp_path)
    with pytest.raises(InputError, match="has no job 99999"):
        explain_flight(folder, 99_999)
    (tmp_path / "manifest.json").write_text((folder / "manifest.json").read_text())
    with pytest.raises(RunFolderError, match="table jobs is missing"):
        explain_flight(tmp_path, 0)
