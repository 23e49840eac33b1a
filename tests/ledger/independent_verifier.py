"""A second verifier of a run folder, written from the RFCs and the C2SP texts alone.

It shares no code with the package: hashlib and an Ed25519 implementation are all it needs. It
answers only whether all is well; naming the trouble is the package's business.
"""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def tree_head(leaves):
    """RFC 6962, 2.1: split at the largest power of two below n."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\x01", tree_head(leaves[:split]), tree_head(leaves[split:]))


def read_keys(text):
    """{(name, key id): (type, public key)}, as C2SP signed-note writes verifier keys."""
    keys = {}
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        name, key_id, spelled = line.split("+", 2)
        content = base64.b64decode(spelled, validate=True)
        assert base64.b64encode(content).decode() == spelled
        kind, public = content[:1], content[1:]
        assert sha(name.encode(), b"\n", kind, public)[:4].hex() == key_id
        keys[name, key_id] = kind[0], public
    return keys


def check_note(raw, keys):
    """Signatures of a checkpoint; returns origin, size and root."""
    text, _, signatures = raw.decode().rpartition("\n\n")
    text += "\n"
    signed = set()
    for line in signatures[:-1].split("\n"):
        dash, name, spelled = line.split(" ")
        assert dash == "—"
        content = base64.b64decode(spelled, validate=True)
        assert base64.b64encode(content).decode() == spelled
        found = keys.get((name, content[:4].hex()))
        if found is None:
            continue
        kind, public = found
        message, signature = text, content[4:]
        if kind == 4:
            time = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {time}\n{text}", signature[8:]
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message.encode())
        signed.add(kind)
    assert raw.decode().endswith("\n")
    assert {1} <= signed
    assert signed == {kind for kind, _ in keys.values()}
    origin, size, root = text.splitlines()
    assert str(int(size)) == size
    return origin, int(size), base64.b64decode(root, validate=True)


def check_record(raw):
    """Every line a canonical record that continues the one before, in its log's order."""
    assert raw.endswith(b"\n")
    logs, entries = {}, []
    previous = sha(b"perigrid record v2").hex()
    for sequence, line in enumerate(raw[:-1].split(b"\n")):
        entry = json.loads(line)
        stated = entry.pop("hash")
        leaf = json.dumps(entry, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
        hashed = sha(b"\x00", leaf)
        assert line == leaf[:-1] + b',"hash":"' + stated.encode() + b'"}'
        assert stated == hashed.hex()
        assert entry["previous"] == previous
        assert entry["sequence"] == sequence
        leaves = logs.setdefault(entry["log"], [])
        assert entry["index"] == len(leaves)
        if entry["kind"] == "anchor":
            for log, state in entry["logs"].items():
                there = logs.get(log, [])
                assert (state["size"], state["root"]) == (len(there), tree_head(there).hex())
        leaves.append(hashed)
        entries.append(entry)
        previous = stated
    return logs, entries


def check_folder(folder, keys_text=None, since=()):
    ledger = folder / "ledger"
    own = (ledger / "keys").read_text()
    logs, entries = check_record((ledger / "record.jsonl").read_bytes())
    keys = read_keys(keys_text or own)
    origin, size, root = check_note((ledger / "checkpoint").read_bytes(), keys)
    ground = logs["ground"]
    assert (size, root) == (len(ground), tree_head(ground))
    for raw in since:
        earlier, old_size, old_root = check_note(raw, keys)
        assert earlier == origin
        assert old_size <= size
        assert tree_head(ground[:old_size]) == old_root
    pins, seal = entries[0]["pins"], entries[-1]
    assert [entry["kind"] for entry in entries].count("pins") == 1
    assert entries[0]["kind"] == "pins"
    assert seal["kind"] == "seal"
    for name, digest in seal["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["digest"] == pins["scenario"]["digest"]
    assert manifest["seed"] == pins["seed"]


def holds(folder: Path, keys_text=None, since=()) -> bool:
    """Whether everything in a run folder is as it was written and signed."""
    try:
        check_folder(folder, keys_text, since)
    except (AssertionError, InvalidSignature, OSError, ValueError, KeyError, TypeError):
        return False
    return True
