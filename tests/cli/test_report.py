"""``perigrid report``."""

import json

from tests.cli.conftest import call


def test_the_report_goes_where_it_is_told(comparison, tmp_path):
    place = tmp_path / "r.html"
    result = call("report", comparison, "-o", place, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document == {"report": str(place), "bytes": place.stat().st_size}
    assert place.read_bytes() == (comparison / "report.html").read_bytes()


def test_a_single_run_has_a_report_too(comparison):
    result = call("report", comparison / "relay")
    assert result.exit_code == 0
    assert result.stdout.strip() == str(comparison / "relay" / "report.html")
    (comparison / "relay" / "report.html").unlink()


def test_quiet_leaves_the_result(comparison, tmp_path):
    result = call("report", comparison, "-o", tmp_path / "r.html", "-q")
    assert result.stdout.strip() == str(tmp_path / "r.html")
    assert "within tolerance" in call("validate", "launched-power", "-q").stdout


def test_a_folder_without_a_run_exits_2(tmp_path):
    result = call("report", tmp_path)
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_exits_2(comparison, tmp_path):
    result = call("report", comparison, "-o", tmp_path / "no" / "such" / "r.html")
    assert result.exit_code == 2
    assert "r.html" in result.stderr
    assert "help: name another file" in result.stderr
