"""``perigrid scenarios``."""

import json

from tests.cli.conftest import call


def test_the_library_is_listed():
    result = call("scenarios")
    assert result.exit_code == 0
    assert "three-body" in result.stdout


def test_json_says_what_is_assumed():
    rows = {row["name"]: row for row in json.loads(call("scenarios", "--json").stdout)}
    assert 0 < len(rows["three-body"]["assumed"]) < rows["three-body"]["numbers"]
