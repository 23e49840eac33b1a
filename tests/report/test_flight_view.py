"""A flight's summary in words."""

from perigrid.report.flight_view import flight_text
from perigrid.sim.flight.summary import summarise
from tests.flight_cases import flown, small


def test_it_says_what_came_of_it():
    flight, _ = flown(small())
    summary = summarise(flight)
    text = flight_text(summary, {"steps": 1.25})
    assert f"{summary['delivered']} of 300 jobs" in text
    assert "bound by demand" in text
    assert "steps 1.2 s" in text
    nothing = {**summary, "latency_s": {"p50": None}, "missed_by_cause": {}}
    assert "no answers" in flight_text(nothing)
