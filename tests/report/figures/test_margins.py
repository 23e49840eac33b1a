"""The picture of a plan."""

import re
import unicodedata
import xml.etree.ElementTree as ET

from perigrid.report.figures.margins import plan_picture
from tests.report.figures.test_busy_hours import DAY


def margin(name, have, need, date="", uncertain=False):
    return {
        "uncertain": uncertain,
        "date": date,
        "name": name,
        "have": have,
        "need": need,
        "margin": have / need - 1.0,
        "unit": "W",
        "where": "SCS-01 A",
        "note": f"{name} note",
    }


def drawn(*margins):
    plan = {"scenario": "three-body", "title": "Three-Body", "margins": list(margins), "day": DAY}
    return str(plan_picture(plan))


def bars(picture):
    root = ET.fromstring(picture)
    return {
        next(iter(rect)).text: (rect.get("class"), float(rect.get("x")), float(rect.get("width")))
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if len(rect)
    }


def test_is_one_valid_file_with_every_limit():
    made = bars(drawn(margin("heat", 60.0, 50.0), margin("storage", 900.0, 1.0)))
    assert set(made) == {"heat note", "storage note"}


def test_what_is_short_points_left_and_the_least_stands_out():
    made = bars(
        drawn(margin("energy", 40.0, 80.0), margin("heat", 90.0, 80.0), margin("link", 9.0, 1.0))
    )
    assert made["energy note"][0] == "short"
    assert made["energy note"][1] < made["heat note"][1] == made["link note"][1]
    assert made["heat note"][2] < made["link note"][2]
    ample = bars(drawn(margin("heat", 90.0, 80.0), margin("link", 9.0, 1.0)))
    assert ample["heat note"][0] == "least"
    assert ample["link note"][0] == "ample"


def test_what_is_not_there_at_all_still_fits():
    made = bars(drawn(margin("energy", 0.0, 80.0)))
    assert made["energy note"][0] == "short"
    assert made["energy note"][1] >= 0.0


def test_no_margin_still_shows_the_day():
    assert "SCS-01 &lt;A&gt;" in drawn()


def test_every_colour_of_the_picture_has_one_for_the_dark():
    picture = drawn(margin("heat", 154.0, 165.0))
    light, dark = picture[: picture.index("</style>")].split("@media (prefers-color-scheme: dark)")
    rule = re.compile(r"\.plan ([.\w]+(?: \w+)?)(?:, \.plan (\.\w+))? \{[^}]*(?:fill|stroke): #")
    coloured = {name for found in rule.findall(light) for name in found if name}
    assert len(coloured) > 10
    assert coloured == {name for found in rule.findall(dark) for name in found if name}


def test_words_that_do_not_fit_are_cut_where_one_sees_it():
    long = margin("heat", 154.0, 165.0) | {"where": "a satellite with a very long name"}
    assert "…</text>" in drawn(long)


def test_words_with_markup_and_controls_are_shown_and_change_nothing():
    mark = "\"'><script>alert(1)</script>]]>&#0;<!--\x00\x1b\x9b\u202e\u2028\ufffe\u2066"
    plan = {"scenario": f"three{mark}", "title": mark, "day": DAY | {"satellite": f"one{mark}"}}
    spoilt = margin("heat", 60.0, 50.0) | {"where": mark, "unit": mark, "note": f"why{mark}"}
    made = str(plan_picture({**plan, "margins": [spoilt]}))
    plain = drawn(margin("heat", 60.0, 50.0))
    tags = [[one.tag for one in ET.fromstring(text).iter()] for text in (made, plain)]
    assert tags[0] == tags[1]
    assert "<script" not in made
    assert not {one for one in made if unicodedata.category(one) in {"Cc", "Cf", "Cn", "Zl"}} - {
        "\n"
    }
    for shown in ("three", "one", "why"):
        assert rf"{shown}&#34;&#39;&gt;&lt;script&gt;" in made


def test_beside_a_bar_stands_its_day_or_that_it_is_uncertain():
    picture = drawn(
        margin("heat", 154.0, 165.0, date="2026-12-24"),
        margin("deorbit", 5.0, 2.7, uncertain=True),
        margin("dose", 20.0, 3.8),
    )
    for words in ("154 for 165 W, 2026-12-24", "5 for 2.7 W, uncertain", "20 for 3.8 W, SCS-01 A"):
        assert words in picture
