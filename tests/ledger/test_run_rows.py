"""Leaves of decisions by their definition; tests/engine compares them with those of the loop."""

import hashlib
import math
import struct

import polars as pl
import pytest

from perigrid.ledger.run_rows import WORDS, RunRows
from perigrid.ledger.tables import RUN_ACTIONS, RUN_LEGS, RUN_OTHERS

NODES = ("A", "B", "C")
PINS = {WORDS: {
    "kinds": {"move": 0, "wait": 2}, "products": {"answer": 1}, "causes": {"heat": 3},
    "stages": {"screen": 0}, "links": {"crosslink": 1, "terrestrial": -1},
    "whys": {"none": 0, "chosen": 7}, "losses": {"later": 0, "closed": 14},
    "verdicts": [["allow", "default", "nothing"], ["deny", "no-c", "it may not"]],
}}  # fmt: skip
NAN = math.nan


def rows():
    move = (4, 12.0, 9, "move", "answer", "", "A", "B", 20.0, "allow", "default", "best", 7, 0, "",
            "nothing", 0, "", "chosen", 1.0, NAN, NAN, NAN)  # fmt: skip
    wait = (4, 12.0, 8, "wait", "", "", "", "", 60.0, "deny", "no-c", "hot", 8, 0, "heat",
            "it may not: C", 1, "C", "none", NAN, NAN, NAN, NAN)  # fmt: skip
    legs = [(7, 5, "crosslink", "A", "C", 12.0, 13.0, 13.0, 14.0, 14.5, 100.0),
            (7, -1, "terrestrial", "C", "B", 14.5, 14.5, 14.5, 20.0, 20.0, 100.0)]  # fmt: skip
    others = [
        (8, "B", NAN, "closed by rule", "closed", 1.0, 0),
        (8, "", NAN, "later", "later", NAN, 2),
    ]
    return RunRows(
        pl.DataFrame([move, wait], schema=RUN_ACTIONS, orient="row"),
        pl.DataFrame(legs, schema=RUN_LEGS, orient="row"),
        pl.DataFrame(others, schema=RUN_OTHERS, orient="row"),
    )


def test_a_leaf_is_the_hash_of_the_packed_row_its_legs_and_what_was_weighed():
    row = "<6d7ih3bB"
    move = struct.pack(row, 12.0, 20.0, 1.0, NAN, NAN, NAN, 9, 0, 1, 0, -1, 2, 0, -1, 0, 1, -1, 7)
    move += struct.pack("<ibii6d", 5, 1, 0, 2, 12.0, 13.0, 13.0, 14.0, 14.5, 100.0)
    move += struct.pack("<ibii6d", -1, -1, 2, 1, 14.5, 14.5, 14.5, 20.0, 20.0, 100.0)
    wait = struct.pack(row, 12.0, 60.0, NAN, NAN, NAN, NAN, 8, -1, -1, 1, 2, 0, 2, 3, 2, -1, -1, 0)
    wait += struct.pack("<iBidd", 1, 14, 0, NAN, 1.0) + struct.pack("<iBidd", -1, 0, 2, NAN, NAN)
    expected = [hashlib.sha256(b"\0" + one).digest() for one in (move, wait)]
    assert rows().leaves(PINS, NODES) == expected


@pytest.mark.parametrize(("column", "value"), [
    ("verdict", "deny"), ("rule", "no-c"), ("verdict_reason", "nothing at all"),
    ("verdict_number", 1), ("verdict_number", 2), ("verdict_number", -1), ("decision", 9),
])  # fmt: skip
def test_what_belongs_to_nothing_is_refused(column, value):
    found = rows()
    first = pl.int_range(pl.len()) == 0
    changed = found.actions.with_columns(pl.when(first).then(pl.lit(value)).otherwise(column)
                                         .cast(RUN_ACTIONS[column]).alias(column))  # fmt: skip
    with pytest.raises(ValueError, match=r"verdict|number|belongs"):
        RunRows(changed, found.legs, found.others).leaves(PINS, NODES)


def test_words_that_are_not_pinned_are_refused():
    found = rows()
    changed = found.legs.with_columns(pl.lit("by hand").alias("kind"))
    with pytest.raises(pl.exceptions.PolarsError):
        RunRows(found.actions, changed, found.others).leaves(PINS, NODES)
