"""Places inside JSON."""

from __future__ import annotations

import json

from perigrid.base.errors import ElementSetError
from perigrid.scenario.json_records import array_records, parse_json, value_offset
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


def test_a_key_is_looked_for_in_its_own_record_only():
    text = '[{"a": "b"}, {"b": 1}]'
    first, second = array_records(json.loads(text), text, 0)
    assert first.offset_of("b") == first.offset
    assert text[first.end - 1] == "}"
    assert text[second.offset_of("b") :].startswith('"b": 1')


def test_a_value_is_found_by_its_key_at_the_top_and_nowhere_below():
    text = ' {"x": {"b": [0]}, "b" : [1], "c": "}", "b":\n[2] }'
    assert text[value_offset(text, 1, "b") :].startswith("[2]")
    assert text[value_offset(text, 1, "x") :].startswith('{"b"')
