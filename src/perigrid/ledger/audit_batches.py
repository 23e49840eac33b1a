"""Whether a large fleet's tables hold the decisions that its record committed to, by whose leave.

Every row has to be a leaf of the tree of its batch, and who was asked has to have signed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.base.approvals import BY_APPROVAL, BY_ENVELOPE, GRANT, SignedApproval
from perigrid.base.codec import decode
from perigrid.base.errors import RunFolderError
from perigrid.base.messages import EnvelopeAnswered
from perigrid.base.signed_text import is_signed_by
from perigrid.base.signing import VerifyKey
from perigrid.ledger.audit_records import Records
from perigrid.ledger.batches import ENVELOPES, SIGNERS, subject_of
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.personal import PEOPLE
from perigrid.ledger.record import ANSWER, BATCH, EVENTS, REQUEST
from perigrid.ledger.row_hash import Bytes, root_of
from perigrid.ledger.rows import KINDS, RULES, Kind, leaves_of
from perigrid.ledger.seal import MANIFEST
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_file, understood
from perigrid.ledger.tables import FLEET_ACTIONS
from perigrid.ledger.verdict import Verdict

TABLE: Final = "actions/"
"""Folder of the table of decisions."""
_KEPT: Final = ("t_s", "job_id", "kind", "rule")
_ASK: Final = KINDS[Kind.ASK]


def check_batches(source: Source, found: Records, verdict: Verdict) -> None:
    """Compare the decisions in tables with the batches, requests and answers in the record.

    Parameters
    ----------
    source : Source
        Folder or bundle of one run.
    found : Records
        Its record, gone through.
    verdict : Verdict
        Takes the doubts; nothing is looked at if there are any.
    """
    if RULES not in found.pins or verdict.doubts:
        return
    try:
        with understood(source.label):
            leaves, table = _decisions(source, found)
            shown = list(_Check(found, leaves, table, verdict).run())
    except RunFolderError as error:
        verdict.doubt(TABLE, error.problems[0].message)
        return
    verdict.shown += [] if verdict.doubts else shown


def _decisions(source: Source, found: Records) -> tuple[Bytes, pl.DataFrame]:
    """Read all decisions, and work their leaves out again."""
    nodes = source.json(MANIFEST)["nodes"]
    leaves: list[Bytes] = [np.empty((0, 32), dtype=np.uint8)]
    tables = [pl.DataFrame(schema={name: FLEET_ACTIONS[name] for name in _KEPT})]
    for _, name, _ in found.parts:
        if name.startswith(TABLE):
            frame = read_file(source, name, FLEET_ACTIONS)
            leaves.append(leaves_of(frame, found.pins, nodes))
            tables.append(frame.select(_KEPT))
    return np.concatenate(leaves), pl.concat(tables)


class _Check:
    """Goes through the records of one run that are about many decisions."""

    def __init__(
        self, found: Records, leaves: Bytes, table: pl.DataFrame, verdict: Verdict
    ) -> None:
        self._found, self._leaves, self._table, self._verdict = found, leaves, table, verdict
        self._t_s = table["t_s"].to_numpy()
        self._rows = 0
        self._requests: dict[str, Mapping[str, Any]] = {}
        self._granted: list[tuple[float, float, Sequence[int]]] = []
        self._opened_s: dict[str, float] = {}
        self._signed = 0
        self._keys = {
            name: VerifyKey("signer", bytes.fromhex(one["public"]), one["kind"])
            for name, one in found.pins[SIGNERS].items()
        }

    def run(self) -> Iterator[str]:
        """Go through them all; say what was shown."""
        steps = {BATCH: self._batch, REQUEST: self._request, ANSWER: self._answer,
                 EVENTS: self._events}  # fmt: skip
        for entry in self._found.batches:
            step = steps.get(entry["kind"])
            if step is not None:
                step(entry)
        if self._rows != len(self._leaves):
            self._doubt(None, f"{len(self._leaves) - self._rows} decisions are in no batch")
        self._leaves_given()
        batches = sum(one["kind"] == BATCH for one in self._found.batches)
        said = f"decisions are leaves of {batches:,} batches, entered as they were made"
        yield f"{self._rows:,} {said}"
        if self._signed:
            yield f"{self._signed:,} signatures of people hold; what needed leave had it"

    def _doubt(self, entry: Mapping[str, Any] | None, what: str) -> None:
        where = RECORD if entry is None else f"{RECORD}:{entry['sequence'] + 1}"
        self._verdict.doubt(where, what)

    def _batch(self, entry: Mapping[str, Any]) -> None:
        """Check that a batch goes on where the last one ended, and has the root of its rows."""
        first, stop = entry["first"], entry["first"] + entry["rows"]
        if first != self._rows or root_of(self._leaves[first:stop]).hex() != entry["root"]:
            what = f"rows {first} to {stop - 1} of {TABLE} are not the decisions of this batch"
            self._doubt(entry, what)
        elif not (self._t_s[first:stop] <= entry["t_s"]).all():
            self._doubt(entry, "a decision of this batch was made after it")
        self._rows = stop

    def _request(self, entry: Mapping[str, Any]) -> None:
        """Check that a request is about decisions that wait for people by its rule."""
        rows = entry["rows"]
        about = self._table[rows]
        known = all(row < self._rows for row in rows) and len(rows) == entry["count"]
        same = bool((about["kind"] == _ASK).all()) and about["job_id"].to_list() == entry["jobs"]
        same &= bool((about["rule"] == entry["rule"]).all())
        if not known or not same or root_of(self._leaves[rows]).hex() != entry["root"]:
            self._doubt(entry, "the request is not about the decisions that it names")
        if subject_of(entry, self._found.pins["scenario"]["digest"]) != entry["subject"]:
            self._doubt(entry, "the request has another subject than what it says")
        self._requests[entry["subject"]] = entry

    def _answer(self, entry: Mapping[str, Any]) -> None:
        """Check that enough people signed what was allowed."""
        asked = self._requests.get(entry["subject"])
        if asked is None:
            self._doubt(entry, "nobody asked for this answer")
            return
        granted = self._granting(entry, decode(entry["approvals"]), entry["subject"], asked["root"])
        if entry["until_s"] < 0.0:
            return
        if not self._enough(granted, asked) or entry["until_s"] > asked["expires_s"]:
            self._doubt(entry, "this was allowed, and too few people had signed for it")
        self._granted.append((entry["t_s"], entry["until_s"], asked["jobs"]))

    def _events(self, entry: Mapping[str, Any]) -> None:
        """Check that enough people signed the very envelope that is pinned."""
        for message in entry["events"]:
            event = decode(message)
            if isinstance(event, EnvelopeAnswered):
                pinned = self._found.pins[ENVELOPES][event.envelope]
                subject = pinned["subject"]
                granted = self._granting(entry, event.approvals, subject, subject)
                if self._enough(granted, pinned):
                    self._opened_s[event.envelope] = event.t_s

    def _granting(
        self,
        entry: Mapping[str, Any],
        approvals: Sequence[SignedApproval],
        subject: str,
        evidence: str,
    ) -> dict[str, str]:
        """Roles of those who granted something, by what stands for the person."""
        people = self._found.pins.get(PEOPLE, {})
        granting: dict[str, str] = {}
        for one in approvals:
            key = self._keys.get(one.signer)
            bound = (one.subject, one.evidence) == (subject, evidence)
            if key is None or not bound or not is_signed_by(one, key):
                self._doubt(entry, f"a signature by key {one.signer} does not hold")
                continue
            self._signed += 1
            person = str(people.get(one.signer, one.signer))
            granting.pop(person, None)  # who says no takes back an earlier yes
            granting |= {person: one.role} if one.answer == GRANT else {}
        return granting

    @staticmethod
    def _enough(granted: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
        """Whether distinct persons in the roles wanted are enough."""
        lacking = Counter(wanted["roles"]) - Counter(granted.values())
        return len(granted) >= wanted["people"] and not lacking

    # ------------------------------------------------------------------ by whose leave

    def _leaves_given(self) -> None:
        """Check that leave was in force when it was used, and that envelopes kept their limits."""
        rules = self._table["rule"]
        self._approved(np.flatnonzero((rules == BY_APPROVAL).to_numpy()))
        for name, pinned in self._found.pins[ENVELOPES].items():
            t_s = self._t_s[(rules == f"{BY_ENVELOPE}{name}").to_numpy()]
            opened_s = max(self._opened_s.get(name, np.inf), pinned["from_s"])
            if not ((opened_s <= t_s) & (t_s < pinned["until_s"])).all():
                self._doubt(None, f"decisions by envelope {name} while it was not in force")
            if 0.0 <= pinned["count"] < len(t_s):
                self._doubt(None, f"more decisions by envelope {name} than it holds")

    def _approved(self, rows: npt.NDArray[np.intp]) -> None:
        """Every decision by approval has a grant of its job in force."""
        jobs, allowed = self._table["job_id"].to_numpy(), np.zeros(len(self._leaves), dtype=bool)
        of_job: dict[int, list[int]] = {}
        for row in rows.tolist():
            of_job.setdefault(int(jobs[row]), []).append(row)
        for from_s, until_s, granted in self._granted:
            for job in granted:
                for row in of_job.get(job, ()):
                    allowed[row] |= from_s <= self._t_s[row] < until_s
        lacking = int((~allowed[rows]).sum())
        if lacking:
            self._doubt(None, f"{lacking} decisions by approval of people who had not given it")
