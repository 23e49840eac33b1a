"""Observations summed up by the place or area that was asked for."""

import polars as pl
import pytest

from perigrid.report.places import COLUMNS, NamedPlace, named_places


def jobs(*rows):
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def test_scenes_of_an_area_count_together_and_what_has_a_number_of_its_own_keeps_it():
    first = jobs(
        ("Lake 1", 60.0, 20.0, "delivered"),
        ("Lake 2", 62.0, 20.0, "missed"),
        ("Lake 2", 62.0, 20.0, "delivered"),
        ("Area 51", 37.0, -115.0, "missed"),
    )
    second = first.with_columns(pl.lit("missed").alias("outcome"))
    lake, alone = named_places([first, second])
    assert (lake.name, lake.scenes, lake.observations, lake.delivered) == ("Lake", 2, 3, (2, 0))
    assert lake.north_deg == 62.0
    assert alone == NamedPlace("Area 51", 1, 1, 37.0, pytest.approx(-115.0), (0, 0))


def test_the_middle_of_an_area_over_the_date_line_lies_on_it():
    (fiji,) = named_places(
        [jobs(("Fiji 1", -17.0, 179.0, "missed"), ("Fiji 2", -17.0, -179.0, "missed"))]
    )
    assert abs(fiji.longitude_deg) == pytest.approx(180.0)


def test_land_that_nobody_named_has_no_places():
    assert named_places([jobs(("", 1.0, 2.0, "delivered"))]) == []
