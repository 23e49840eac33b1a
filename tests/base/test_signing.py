"""Keys and signatures: published vectors, text forms, and all that must be refused."""

import dataclasses

import pytest

from perigrid.base.errors import InputError
from perigrid.base.signing import COSIGNATURE, SIGNATURE_BYTES, SigningKey, VerifyKey

# RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
# The example keys of golang.org/x/mod/sumdb/note (package documentation and its tests).
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_signatures_are_those_of_rfc_8032(seed, public, message, signature):
    key = SigningKey("rfc8032", bytes.fromhex(seed))
    assert key.verify_key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert key.verify_key.verify(bytes.fromhex(message), bytes.fromhex(signature))


def test_the_text_of_the_go_note_package_is_read_and_written_alike():
    public, private = VerifyKey.parse(GO_PUBLIC), SigningKey.parse(GO_PRIVATE)
    assert public.name == "PeterNeumann"
    assert public.key_id.hex() == "c74f20a3"
    assert private.verify_key == public
    assert (public.encode(), private.encode()) == (GO_PUBLIC, GO_PRIVATE)


@pytest.fixture(scope="module")
def key():
    return SigningKey.simulated("flight-director", 7)


def test_every_flipped_bit_is_refused(key):
    message = b"approve the manoeuvre"
    signature, public = key.sign(message), key.verify_key
    assert public.verify(message, signature)
    for bit in range(8 * len(signature)):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not public.verify(message, bytes(changed))
    for bit in range(8 * len(message)):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        assert not public.verify(bytes(changed), signature)


@pytest.mark.parametrize("signature", [b"", b"x", bytes(SIGNATURE_BYTES), bytes(65), b"\xff" * 64])
def test_a_bad_signature_never_raises(key, signature):
    assert not key.verify_key.verify(b"message", signature)


def test_a_key_that_is_no_point_of_the_curve_never_raises(key):
    signature = key.sign(b"message")
    for public in (b"\xff" * 32, bytes(32), b"\x02" + bytes(31)):
        assert not VerifyKey("nobody", public).verify(b"message", signature)


def test_simulated_keys_are_reproducible_named_so_and_apart():
    first = SigningKey.simulated("flight-director", 7)
    assert first == SigningKey.simulated("flight-director", 7)
    assert first.name == "simulated/flight-director"
    assert first.verify_key.is_simulated
    others = [
        SigningKey.simulated("flight-director", 8),
        SigningKey.simulated("safety-officer", 7),
        SigningKey.simulated("flight-director", 7, COSIGNATURE),
    ]
    assert len({first.seed, *(other.seed for other in others)}) == 4
    assert not VerifyKey.parse(GO_PUBLIC).is_simulated


def test_the_private_key_does_not_show_itself(key):
    assert key.seed.hex() not in repr(key)
    assert "seed" not in repr(key)


@pytest.mark.parametrize("kind", [1, 4])
def test_text_goes_round_for_both_kinds(kind):
    key = SigningKey("ground-controller", bytes(range(32)), kind)
    assert SigningKey.parse(key.encode()) == key
    assert VerifyKey.parse(key.verify_key.encode()) == key.verify_key


def flipped(text, place):
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not <name>"),
        ("name+c74f20a3", "is not <name>"),
        ("two words+c74f20a3+AQ==", "is not <name>"),
        ("+c74f20a3+AQ==", "is not <name>"),
        ("name+C74F20A3+AQ==", "hexadecimal"),
        ("name+c74f20+AQ==", "hexadecimal"),
        ("name+c74f20a3+AQ*=", "base64"),
        ("name+c74f20a3+é", "base64"),
        ("name+c74f20a3+AQ==", "no Ed25519 key"),
        (GO_PUBLIC + "\n", "base64"),
        (GO_PUBLIC.replace("+ARpc", "+Axpc"), "known type"),
        (GO_PUBLIC.replace("PeterNeumann", "PeterNeuman"), "does not belong"),
        (flipped(GO_PUBLIC, 15), "does not belong"),
        (flipped(GO_PUBLIC, 40), "does not belong"),
    ],
)
def test_what_is_no_verifier_key_is_refused(text, says):
    with pytest.raises(InputError, match=says):
        VerifyKey.parse(text)


def test_what_is_no_private_key_is_refused_without_being_repeated():
    with pytest.raises(InputError, match="does not begin"):
        SigningKey.parse(GO_PUBLIC)
    with pytest.raises(InputError, match="does not belong") as caught:
        SigningKey.parse(flipped(GO_PRIVATE, 45))
    assert GO_PRIVATE[40:60] not in str(caught.value)


@pytest.mark.parametrize(
    "change", [{"name": "two words"}, {"name": ""}, {"name": "a+b"}, {"seed": b""}, {"kind": 2}]
)
def test_a_key_a_note_cannot_carry_is_not_made(key, change):
    with pytest.raises(ValueError, match=r"name|bytes|type"):
        dataclasses.replace(key, **change)


def test_a_signer_is_known_by_the_key_and_by_no_name():
    one, other = SigningKey("rosalind", b"k" * 32), SigningKey("person-1", b"k" * 32)
    assert one.verify_key.signer_id == other.verify_key.signer_id
    assert one.verify_key.key_id != other.verify_key.key_id
    assert SigningKey("rosalind", b"l" * 32).verify_key.signer_id != one.verify_key.signer_id


ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the base point of the curve."""
TORSION = [
    "00" * 32,
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]
"""Points of small order: a key that is one would sign any message."""
NOT_CANONICAL = ["ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "00" * 31 + "80"]


def test_no_second_signature_can_be_made_of_a_first(key):
    signature = key.sign(b"yes")
    scalar = int.from_bytes(signature[32:], "little")
    for other in range(scalar + ORDER, 2**256, ORDER):
        altered = signature[:32] + other.to_bytes(32, "little")
        assert not key.verify_key.verify(b"yes", altered)


@pytest.mark.parametrize("public", TORSION + NOT_CANONICAL)
@pytest.mark.parametrize("commitment", TORSION + NOT_CANONICAL)
def test_a_key_of_small_order_signs_nothing(public, commitment):
    anyone = VerifyKey("anyone", bytes.fromhex(public))
    for message in (b"", b"yes", b"no"):
        assert not anyone.verify(message, bytes.fromhex(commitment) + bytes(32))
