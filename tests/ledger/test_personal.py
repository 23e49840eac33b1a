"""What the side store says of people; what was altered, erased or lost is said to be."""

from perigrid.base.approvals import STOP, SignedOrder
from perigrid.base.codec import encode
from perigrid.base.messages import Ordered, TimerRang
from perigrid.base.withheld import Told
from perigrid.ledger.personal import (
    ERASED,
    LOST,
    PEOPLE,
    Personal,
    orders_in,
    person_line,
    read_personal,
    said_line,
)
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.side_store import SideStore
from perigrid.ledger.source import Source

ADA = Told({"name": "ada", "roles": ["pilot"], "keys": ["aa", "bb"]}, b"a" * 32)
BOB = Told({"name": "bob", "roles": [], "keys": ["cc"]}, b"b" * 32)
SMOKE = Told("smoke", b"s" * 32)
ADAS, BOBS, WHY = (one.withheld.commitment for one in (ADA, BOB, SMOKE))
PINS = {
    PEOPLE: {key: {"commitment": one} for key, one in (("bb", ADAS), ("aa", ADAS), ("cc", BOBS))}
}
ORDER = SignedOrder(STOP, (), "", SMOKE.withheld, "aa", "pilot", 1.0, 9.0, "n")
RECORD = {"sequence": 7, "kind": "events", "events": [encode(Ordered(1.0, ORDER))]}


def store(folder):
    made = SideStore(folder)
    made.keep({ADAS: ADA, BOBS: BOB, WHY: SMOKE})
    return made


def test_people_and_words_are_told_until_they_are_erased(tmp_path):
    kept = store(tmp_path)
    personal = Personal(kept.entries(), PINS)
    ada, bob = personal.people()
    assert (ada.keys, ada.name, ada.roles) == (("aa", "bb"), "ada", ("pilot",))
    assert (bob.keys, personal.who("bb"), personal.who("dd")) == (("cc",), "ada", "")
    (said,) = personal.said(orders_in(RECORD))
    assert (said.sequence, said.kind, said.key, said.words) == (7, STOP, "aa", "smoke")
    assert person_line(ada) == f"key aa, bb is of: ada (pilot), commitment {ADAS[:16]}"
    assert said_line(said).endswith(f"by pilot, key aa: smoke, commitment {WHY[:16]}")
    kept.erase(ADAS)
    kept.erase(WHY)
    after = Personal.parse((tmp_path / "side.jsonl").read_bytes(), PINS)
    assert [one.name for one in after.people()] == [ERASED, "bob"]
    assert after.words(WHY) == ERASED


def test_what_was_altered_or_lost_is_not_believed(tmp_path):
    store(tmp_path)
    content = (tmp_path / "side.jsonl").read_bytes().replace(b"ada", b"eve")
    assert Personal.parse(content, PINS).who("aa") == LOST
    assert Personal.parse(b"nonsense", PINS).who("aa") == LOST
    assert Personal((), {}).people() == []
    assert Personal((), {PEOPLE: {"aa": 1}}).who("aa") == LOST
    assert list(orders_in({"sequence": 1, "events": [{"type": "Ordered", "order": 1}, 2]})) == []


def test_records_of_before_hold_the_words_themselves():
    (said,) = Personal((), {}).said([(3, {"kind": STOP, "reason": "drill"})])
    assert (said.words, said.commitment) == ("drill", "")


def test_a_folder_is_read_without_being_verified(tmp_path):
    store(tmp_path)
    record = RecordWriter(tmp_path / "ledger")
    record.side.keep({ADAS: ADA, WHY: SMOKE})
    record.pins(PINS)
    record.events(1.0, [TimerRang(1.0, 0)])
    record.events(1.0, [Ordered(1.0, ORDER)])
    record.close()
    people, said = read_personal(Source("run", tmp_path))
    assert [one.name for one in people] == ["ada", LOST]
    assert [(one.sequence, one.words) for one in said] == [(2, "smoke")]
