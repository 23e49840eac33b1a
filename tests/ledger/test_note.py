"""Signed notes and checkpoints: published examples, round trips, and everything malformed."""

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.base.signing import COSIGNATURE, SigningKey, VerifyKey
from perigrid.ledger.note import (
    Checkpoint,
    Note,
    cosign,
    parse_checkpoint,
    parse_note,
    sign,
    signers,
)

# The example of golang.org/x/mod/sumdb/note, which C2SP signed-note describes.
GO_KEY = VerifyKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
).encode()
OPERATOR = SigningKey("perigrid.example/operator", bytes(range(32)))
WITNESS = SigningKey("perigrid.example/witness", bytes(range(1, 33)), COSIGNATURE)
KEYS = (OPERATOR.verify_key, WITNESS.verify_key)
CHECKPOINT = Checkpoint("perigrid.example/log", 12, bytes(range(32)))


def test_the_published_note_is_read_written_and_believed():
    note = parse_note(GO_NOTE)
    assert note.encode() == GO_NOTE
    assert [one.key for one in signers(note, [GO_KEY])] == [GO_KEY]


@pytest.fixture
def note():
    text = CHECKPOINT.text()
    return Note(text, (sign(text, OPERATOR), cosign(text, WITNESS, 1_790_000_000)))


def test_checkpoints_go_round(note):
    again = parse_note(note.encode())
    assert again == note
    assert parse_checkpoint(again.text) == CHECKPOINT
    assert note.text == ("perigrid.example/log\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")


def test_a_cosignature_carries_its_time_and_signs_it(note):
    found = signers(note, KEYS)
    assert [(one.key, one.t_unix_s) for one in found] == [
        (OPERATOR.verify_key, None),
        (WITNESS.verify_key, 1_790_000_000),
    ]
    signature = note.signatures[1]
    later = (1_790_000_001).to_bytes(8, "big") + signature.content[8:]
    forged = type(signature)(signature.name, signature.key_id, later)
    with pytest.raises(RunFolderError, match="does not hold"):
        signers(Note(note.text, (forged,)), KEYS)


def test_what_a_cosignature_signs_is_the_text_of_the_c2sp_document(note):
    """The message is spelled out here, so that header and time cannot drift."""
    message = b"cosignature/v1\ntime 1790000000\n" + note.text.encode()
    assert WITNESS.verify_key.verify(message, note.signatures[1].content[8:])


def test_unknown_signatures_say_nothing_and_known_ones_must_hold(note):
    assert signers(note, []) == []
    assert [one.key for one in signers(note, KEYS[:1])] == [OPERATOR.verify_key]
    twice = Note(note.text, (note.signatures[0], note.signatures[0]))
    assert len(signers(twice, KEYS)) == 1
    other = Note(note.text.replace("12", "13"), note.signatures)
    with pytest.raises(RunFolderError, match=r"perigrid\.example/operator does not hold"):
        signers(other, KEYS)


def test_a_name_alone_makes_no_signer(note):
    impostor = SigningKey("perigrid.example/operator", bytes(32))
    assert signers(Note(note.text, (sign(note.text, impostor),)), KEYS) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        b"\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"text\n\n- name AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAA=",
        b"text\n\n\xe2\x80\x94 name AAAAAAA\n",
        b"text\n\n\xe2\x80\x94 name AAAA\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAB=\n",
        b"text\n\n\xe2\x80\x94 two words AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94  AAAAAAA=\n",
        b"text\r\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"te\x00xt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"te\xffxt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAA=\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(content):
    with pytest.raises(RunFolderError):
        parse_note(content)


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n",
        "log\n1\n",
        f"log\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n1 \n{ROOT}\n",
        f"log\n١\n{ROOT}\n",
        f"log\n{2**63}\n{ROOT}\n",
        f"log\n{'9' * 5000}\n{ROOT}\n",
        f"log\n1\n{ROOT[:-1]}\n",
        f"log\n1\n{ROOT[:-2]}9=\n",
        "log\n1\nAAAA\n",
        "log\n1\né\n",
        f"log\n1\n{ROOT}\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(RunFolderError):
        parse_checkpoint(text)


def test_extensions_are_kept():
    text = f"log\n1\n{ROOT}\nfirst line\nsecond line\n"
    assert parse_checkpoint(text).extensions == ("first line", "second line")
    assert parse_checkpoint(text).text() == text
