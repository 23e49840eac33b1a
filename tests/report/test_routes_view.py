from perigrid.report.routes_view import routes_text

FOUND = {
    "scenario": "s",
    "from": "Here",
    "to": "There",
    "satellites": 1584,
    "gateways": 2,
    "steps": 4,
    "step_s": 60.0,
    "hop_s": 0.001,
    "rtt_ms": {"least": 20.0, "median": 25.5, "largest": 30.0},
    "path_changes": 1,
    "handovers": {"from": 1, "to": 0},
    "outages": [[60.0, 120.0]],
    "outage_fraction": 0.25,
    "paths": [
        {"t_s": 0.0, "rtt_ms": 20.0, "nodes": ["Here", "a", "There"]},
        {"t_s": 60.0, "rtt_ms": float("inf"), "nodes": []},
        {"t_s": 3720.0, "rtt_ms": 30.0, "nodes": ["Here", "b", "There"]},
    ],
    "disjoint": [{"rtt_ms": 20.0, "nodes": ["Here", "a", "There"]}],
}


def test_the_text_names_every_figure():
    text = routes_text(FOUND)
    for words in (
        *("Here - There over 1,584 satellites", "1 ms of processing", "25.50 ms in the median"),
        *("20.00 to 30.00 ms", "1 at Here, 0 at There", "25", "01:02:00   30.00 ms  Here - b"),
        *("00:01:00  no path", "without a satellite in common"),
    ):
        assert words in text, words


def test_no_path_at_all_reads_so():
    nothing = {"least": None, "median": None, "largest": None}
    text = routes_text({**FOUND, "rtt_ms": nothing, "disjoint": [], "outages": []})
    assert "round trip    none" in text
    assert "in common" not in text


def test_long_lists_are_cut():
    text = routes_text({**FOUND, "paths": FOUND["paths"] * 5})
    assert "and 3 more" in text
