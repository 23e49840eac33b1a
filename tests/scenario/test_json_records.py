"""Places inside JSON."""

from __future__ import annotations

import json

from perigrid.base.errors import ElementSetError
from perigrid.scenario.json_records import array_records, parse_json
from perigrid.scenario.problems import SourceText

TEXT = '[ {"a": 1},\n  {"b": [2, 3]} ,"x", 4]'


def test_records_start_where_they_stand():
    records = array_records(json.loads(TEXT), TEXT, 0)
    assert [TEXT[r.offset] for r in records] == ["{", "{", '"', "4"]
    assert TEXT[records[1].offset_of("b") :].startswith('"b"')
    assert records[1].offset_of("a") == records[1].offset


def test_plain_json_comes_through():
    source = SourceText.of("x", TEXT)
    assert parse_json(TEXT, source, ElementSetError) == json.loads(TEXT)
