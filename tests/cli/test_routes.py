"""``perigrid routes``."""

import json

from tests.cli.conftest import call

ROUTE = ("routes", "starlink-relay", "--from", "Redmond", "--to", "Usingen", "--hours", "0.1", "-q")


def test_json_and_text_say_the_same():
    result = call(*ROUTE, "--disjoint", "2", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert len(found["disjoint"]) == 2
    text = call(*ROUTE).stdout
    assert f"{found['rtt_ms']['median']:.2f} ms in the median" in text
    assert " - ".join(found["paths"][0]["nodes"]) in text


def test_a_name_that_is_none_is_a_mistake_of_the_user():
    result = call("routes", "starlink-relay", "--from", "Redmnd", "--to", "Usingen")
    assert result.exit_code == 2
    assert "did you mean 'Redmond'" in result.stderr
