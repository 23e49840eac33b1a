from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.errors import MAX_OF_A_KIND, ContactPlanError
from perigrid.base.time import Epoch
from perigrid.scenario.ion_contact_plan import IonContact, IonRange, write_ion
from perigrid.scenario.ion_reader import parse_ion, read_ion

# The examples of the manual page ionrc(5).
MANUAL = """\
@ 2008/10/05-11:30:00
a range +1 2009/01/01-00:00:00 1 2 12
a contact +60 +7260 1 2 10000
"""

# The two-node example of ION's configuration tutorial, with a section that is not for ionadmin.
TUTORIAL = """\
## begin ionadmin
1 1 ''
s
# They will transmit 100000 bytes/second.
a contact +1 +3600 1 1 100000
a contact +1 +3600 1 2 100000
a contact +1 +3600 2 1 100000
a contact +1 +3600 2 2 100000
a range +1 +3600 1 1 1
a range +1 +3600 1 2 1
m production 1000000
m horizon +0
## end ionadmin

## begin bpadmin
a scheme ipn 'ipnfw' 'ipnadminep'
a endpoint ipn:1.0 q
## end bpadmin
"""


def wrong(text):
    with pytest.raises(ContactPlanError) as caught:
        parse_ion(text, "plan.ionrc")
    return caught.value


def test_the_manuals_examples_mean_what_it_says():
    plan = parse_ion(MANUAL, "plan.ionrc")
    assert plan.epoch == Epoch.from_iso("2008-10-05T11:30:00Z")
    # "starting 60 seconds after the reference time and ending exactly two hours after it starts"
    assert plan.contacts == (IonContact(60.0, 7260.0, 1, 2, 80_000.0),)
    new_year_s = Epoch.from_iso("2009-01-01T00:00:00Z").seconds_since(plan.epoch)
    assert plan.ranges == (IonRange(1.0, new_year_s, 1, 2, 12.0),)


def test_the_tutorials_file_is_read_and_its_other_sections_are_not():
    plan = parse_ion(TUTORIAL, "host1.rc")
    assert plan.epoch is None
    assert [(one.source, one.target) for one in plan.contacts] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert {one.rate_bps for one in plan.contacts} == {800_000.0}
    assert plan.light_times_s() == (1.0, 1.0, 1.0, None)


def test_the_reference_time_can_move_on():
    text = "@ 2026/01/01-00:00:00\na contact +0 +5 1 2 9\n@ +10\na contact +0 +5 1 2 9\n"
    assert [one.t_start_s for one in parse_ion(text, "p").contacts] == [0.0, 10.0]
    loose = parse_ion("@ +10\na contact +0 +5 1 2 9 0.5\n", "p")
    assert loose.contacts == (IonContact(10.0, 15.0, 1, 2, 72.0, 0.5),)


def test_a_reference_time_of_now_is_unknown():
    assert parse_ion("@ 0\na contact +0 +5 1 2 9\n", "p").epoch is None
    (problem,) = wrong("@ 2026/01/01-00:00:00\n@ 0\na contact +0 +5 1 2 9\n").problems
    assert problem.line == 3


def test_absolute_times_count_from_the_earliest():
    text = """
a contact 2026/03/01-00:00:10 2026/03/01-00:00:20 1 2 9
a contact 2026/02/28-23:59:50.5 2026/03/01-00:00:00 1 2 9
"""
    plan = parse_ion(text, "p")
    assert plan.epoch == Epoch.from_iso("2026-02-28T23:59:50Z")
    assert [one.t_start_s for one in plan.contacts] == [20.0, 0.5]


def test_registration_and_hypothetical_contacts_carry_nothing():
    text = (
        "a contact -1 0 3 3 0\na contact +0 0 1 2 0\na contact 0 -1 1 2 0\na contact +0 +1 1 2 9\n"
    )
    assert len(parse_ion(text, "p").contacts) == 1


def test_a_given_reference_lets_relative_and_absolute_times_mix():
    text = "a contact +1 +2 1 2 9\na contact 2026/01/01-00:00:05 +9 1 2 9\n"
    plan = parse_ion(text, "p", Epoch.from_iso("2026-01-01T00:00:00Z"))
    assert [one.t_start_s for one in plan.contacts] == [1.0, 5.0]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("a contact +0 +9 1 2", 1, "a contact has 5 or 6 values, not 4"),
        ("a contact +0 +9 1 x 5", 19, "'x' is no node number"),
        ("a contact +0 +9 0 1 5", 17, "'0' is no node number"),
        ("a contact +0 +9 1 2 0", 21, "the data rate is 0"),
        ("a contact +0 +9 1 2 -4", 21, "data rate '-4' is no number"),
        ("a contact +0 +9 1 2 5 1.5", 23, "confidence 1.5 is no probability"),
        ("a contact 5 +9 1 2 5", 11, "'5' is no time"),
        ("a contact +9 +9 1 2 5", 14, "ends at +9, not after its start"),
        ("a contact +0 2026/02/30-00:00:00 1 2 5", 14, "names a day that does not exist"),
        ("a contact +0 2026/02/03-00:00:00 1 2 5", 14, "mixes relative with absolute times"),
        ("  a range +0 +9 1 2", 3, "a range has 5 values, not 4"),
        ("a range +0 +9 1 2 nan", 19, "range 'nan' is no number"),
        ("d contact +0 1 2", 1, "changes and deletions are not followed"),
        ("a endpoint ipn:1.0 q", 1, "is no command of a contact plan"),
        ("contact +0 +9 1 2 5", 1, "is no command of a contact plan"),
    ],
)
def test_a_wrong_line_is_named_with_its_place_and_a_remedy(line, column, message):
    (problem,) = wrong(f"a contact +100 +200 1 2 5\n{line}\n").problems
    assert message in problem.message
    assert (problem.path, problem.line, problem.column) == ("plan.ionrc", 2, column)
    assert problem.remedy
    assert problem.source_line == line


def test_an_absolute_time_before_a_relative_one_asks_for_a_reference():
    text = "a contact 2026/02/03-00:00:00 2026/02/03-00:00:09 1 2 5\na contact +20 +30 1 2 5\n"
    (problem,) = wrong(text).problems
    assert (problem.line, problem.column) == (2, 11)
    assert "@ yyyy/mm/dd-hh:mm:ss" in problem.remedy


def test_contacts_of_the_same_nodes_must_not_overlap():
    text = "a contact +0 +9 1 2 5\na contact +0 +9 2 1 5\na contact +8 +12 1 2 5\n"
    (problem,) = wrong(text).problems
    assert problem.line == 3
    assert "line 1" in problem.message
    assert len(parse_ion(text.replace("+8", "+9"), "p").contacts) == 3


def test_all_wrong_lines_are_told_but_not_without_end():
    assert len(wrong("a contact\nd range\n").problems) == 2
    problems = wrong("no plan\n" * 1000).problems
    assert len(problems) == MAX_OF_A_KIND
    assert problems[-1].more == 1000 - MAX_OF_A_KIND


@pytest.mark.parametrize(
    ("text", "words"),
    [('{"contacts": [\n' + "1,\n" * 1000 + "2]}", "is JSON, not a contact plan"),
     ("<html>\n" + "<p>\n" * 1000, "is an HTML page"),
     ("<plan>\n" + "<contact/>\n" * 1000 + "</plan>", "is an XML document of <plan>")],
)  # fmt: skip
def test_a_file_of_another_form_is_named_once(text, words):
    (problem,) = wrong(text).problems
    assert words in problem.message


def test_a_plan_without_contacts_is_no_plan():
    assert "no scheduled contact" in str(wrong("# nothing\n"))
    assert wrong("a range +0 +9 1 2 1\n").exit_code == 2


def test_a_file_is_read(tmp_path: Path):
    place = tmp_path / "plan.ionrc"
    place.write_text(MANUAL.replace("\n", "\r\n"))
    assert read_ion(place) == parse_ion(MANUAL, "p")
    with pytest.raises(ContactPlanError, match="no such file"):
        read_ion(tmp_path / "none")


@given(st.text(alphabet="a contactrge+-0123456789/:.@#\n", max_size=200))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        plan = parse_ion(text, "p")
    except ContactPlanError:
        return
    assert parse_ion(write_ion(plan), "p") == plan
