import json

import polars as pl
import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.read import ComparisonReader, RunReader
from tests.report.conftest import ARCHITECTURES, START


def test_reads_every_run_of_a_comparison(comparison_dir):
    reader = ComparisonReader(comparison_dir)
    assert [run.architecture for run in reader.runs] == list(ARCHITECTURES)
    assert reader.manifest.start.iso() == START
    assert reader.figures.observations == reader.runs[0].observations


def test_a_run_folder_reads_as_a_comparison_of_one(comparison_dir):
    reader = ComparisonReader(comparison_dir / "relay")
    assert reader.single
    whole = ComparisonReader(comparison_dir).figures.named("relay")
    assert reader.figures.architectures[0] == whole


def test_reads_only_the_columns_asked_for(comparison_dir):
    run = RunReader(comparison_dir / "relay")
    frame = run.table("jobs", "job_id", "outcome", where=pl.col("job_id") < 3)
    assert frame.columns == ["job_id", "outcome"]
    assert frame.height == 3


def test_ledger_head_is_the_last_record(comparison_dir):
    run = RunReader(comparison_dir / "orbital")
    records = list(run.ledger())
    head = run.ledger_head()
    assert head.records == len(records)
    assert head.hash == records[-1]["hash"]


def test_no_such_architecture_names_those_there_are(comparison_dir):
    with pytest.raises(RunFolderError, match="bent-pipe, relay, onboard, orbital"):
        ComparisonReader(comparison_dir).run("zeppelin")


def problem_of(folder, use):
    with pytest.raises(RunFolderError) as caught:
        use(ComparisonReader(folder))
    problem = caught.value.problems[0]
    assert problem.path
    assert problem.remedy
    return problem


def test_missing_folder(tmp_path):
    problem = problem_of(tmp_path / "nowhere", lambda reader: reader)
    assert problem.path.endswith("nowhere")


def test_folder_that_holds_no_run(tmp_path):
    assert "manifest.json" in problem_of(tmp_path, lambda reader: reader).message


def test_comparison_without_one_of_its_runs(make_comparison):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    (folder / "onboard" / "manifest.json").unlink()
    assert problem_of(folder, lambda reader: reader).path.endswith("onboard")


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("comparison.json", lambda reader: reader.figures),
        ("relay/manifest.json", lambda reader: reader.run("relay")),
        ("relay/jobs.parquet", lambda reader: reader.run("relay").table("jobs")),
        ("relay/telemetry.parquet", lambda reader: reader.run("relay").table("telemetry")),
        ("relay/ledger/record.jsonl", lambda reader: reader.run("relay").ledger_head()),
    ],
)
def test_truncated_file_is_named(make_comparison, name, use):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / name
    place.write_bytes(place.read_bytes()[: place.stat().st_size // 2])
    assert problem_of(folder, use).path.endswith(name)


@pytest.mark.parametrize("name", ["comparison.json", "relay/ledger/record.jsonl"])
def test_bottomless_nesting_is_named(make_comparison, name):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    (folder / name).write_text("[" * 100_000)

    def use(reader):
        return reader.figures if name.endswith(".json") else reader.run("relay").ledger_head()

    assert problem_of(folder, use).path.endswith(name)


@pytest.mark.parametrize("name", ["jobs.parquet", "telemetry.parquet", "ledger/record.jsonl"])
def test_missing_file_is_named(make_comparison, name):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    (folder / "relay" / name).unlink()

    def use(reader):
        run = reader.run("relay")
        return run.ledger_head() if "ledger" in name else run.table(name.removesuffix(".parquet"))

    assert problem_of(folder, use).path.endswith(name)


def test_table_without_a_column(make_comparison):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / "relay" / "jobs.parquet"
    pl.read_parquet(place).drop("reason").write_parquet(place)
    problem = problem_of(folder, lambda reader: reader.run("relay").table("jobs", "reason"))
    assert "reason" in problem.message


@pytest.mark.parametrize(
    "change",
    [
        {"start": "yesterday"},
        {"seed": "seven"},
        {"hours": float("nan")},
        {"title": None},
        {"element_age_s": [1.0]},
        {"assumed": [{"key": "a"}]},
        {"places": [3]},
    ],
)
def test_manifest_with_a_wrong_value(make_comparison, change):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / "bent-pipe" / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | change), encoding="utf-8")
    assert problem_of(folder, lambda reader: reader.manifest).path.endswith("manifest.json")


def test_figures_that_contradict_the_jobs(make_comparison):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / "relay" / "jobs.parquet"
    frame = pl.read_parquet(place).with_columns(outcome=pl.lit("missed"))
    frame.write_parquet(place)
    reader = ComparisonReader(folder)
    with pytest.raises(RunFolderError, match="delivered insights"):
        reader.run("relay").check(reader.figures.named("relay"))


@pytest.mark.parametrize(
    ("name", "folder_read"), [("comparison.json", ""), ("relay/summary.json", "relay")]
)
def test_figures_of_the_detector_that_are_no_table(make_comparison, name, folder_read):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / name
    place.write_text(json.dumps(json.loads(place.read_text()) | {"detector": 7}), encoding="utf-8")
    problem = problem_of(folder / folder_read, lambda reader: reader.figures)
    assert problem.path.endswith(name)
