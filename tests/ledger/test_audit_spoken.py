"""Tables and messages of people are held against each other."""

from copy import deepcopy

import polars as pl
import pytest

from perigrid.ledger.audit_spoken import spoken_doubts

ENTRIES = [
    {"kind": "events", "sequence": 1, "t_s": 5.0,
     "events": [{"type": "Ordered", "t_s": 5.0, "order": {}}]},
    {"kind": "actions", "sequence": 2, "t_s": 5.0,
     "decisions": [{"action": {"type": "Acknowledge", "job_id": -1, "what": "stop"},
                    "verdict": {"decision": "allow", "rule": "stop", "reason": "ordered"}}]},
    {"kind": "actions", "sequence": 3, "t_s": 6.0,
     "decisions": [{"action": {"type": "AskApproval", "job_id": 7, "subject": {}},
                    "verdict": {"decision": "ask", "rule": "hand", "reason": "people look"}}]},
    {"kind": "events", "sequence": 4, "t_s": 9.0,
     "events": [{"type": "ApprovalAnswered", "t_s": 9.0, "job_id": 7, "granted": True}]},
]  # fmt: skip
ACTIONS = pl.DataFrame(
    {
        "t_s": [1.0, 5.0, 6.0],
        "kind": ["wait", "stop", "ask"],
        "job_id": [3, -1, 7],
        "verdict": ["allow", "allow", "ask"],
        "rule": ["default", "stop", "hand"],
        "verdict_reason": ["", "ordered", "people look"],
    }
)
EVENTS = pl.DataFrame(
    {"t_s": [5.0, 9.0], "kind": ["Ordered", "ApprovalAnswered"], "job_id": [-1, 7]}
)
_ACTIONS = "what actions/ tells of people is not what the record holds of them"
_EVENTS = "what events/ tells of people is not what the record holds of them"


def doubts(entries=ENTRIES, actions=ACTIONS, events=EVENTS):
    return list(spoken_doubts(entries, actions, events))


def test_what_is_told_alike_is_not_doubted():
    assert doubts() == []
    assert doubts([], ACTIONS[:1], EVENTS[:0]) == []


@pytest.mark.parametrize(
    ("place", "change", "what"),
    [
        (2, lambda one: one["decisions"][0]["action"].update(job_id=8), _ACTIONS),
        (2, lambda one: one["decisions"][0]["verdict"].update(rule="other"), _ACTIONS),
        (1, lambda one: one["decisions"][0]["action"].update(what="resume"), _ACTIONS),
        (2, lambda one: one.update(t_s=6.5), _ACTIONS),
        (3, lambda one: one["events"][0].update(job_id=8), _EVENTS),
        (0, lambda one: one["events"][0].update(type="EnvelopeAnswered"), _EVENTS),
    ],
)
def test_another_message_is_named(place, change, what):
    entries = deepcopy(ENTRIES)
    change(entries[place])
    ((where, said),) = doubts(entries)
    assert (where, said) == (f"ledger/record.jsonl:{place + 2}", what)


def test_what_only_one_of_them_holds_is_named():
    assert doubts(ENTRIES[:2]) == [("actions/", _ACTIONS), ("events/", _EVENTS)]
    assert doubts(actions=ACTIONS[:2]) == [("ledger/record.jsonl:4", _ACTIONS)]
    assert doubts(events=EVENTS[1:]) == [("ledger/record.jsonl:2", _EVENTS)]


def test_a_message_about_many_jobs_is_a_row_of_each():
    entries = deepcopy(ENTRIES)
    entries[2]["decisions"][0]["action"]["acts"] = [[7, 1, 9], [5, 2, 9]]
    entries[3]["events"][0]["jobs"] = [7, 5, 6]
    asked = ACTIONS[2:].with_columns(pl.lit(5, pl.Int64).alias("job_id"))
    actions = pl.concat([ACTIONS[:2], asked, ACTIONS[2:]])
    events = pl.concat([EVENTS, EVENTS[1:].with_columns(pl.lit(5, pl.Int64).alias("job_id"))])
    assert doubts(entries, actions, events) == []  # job 6 ended while people thought
    assert doubts(entries, ACTIONS, events) == [("ledger/record.jsonl:4", _ACTIONS)]
    fewer = deepcopy(entries)
    fewer[2]["decisions"][0]["action"]["acts"] = [[7, 1, 9]]
    assert doubts(fewer, actions, events) == [("ledger/record.jsonl:4", _ACTIONS)]
    others = deepcopy(entries)
    others[3]["events"][0]["jobs"] = [7, 6]
    assert doubts(others, actions, events) == [("ledger/record.jsonl:5", _EVENTS)]
