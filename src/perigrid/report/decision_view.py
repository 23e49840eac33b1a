"""One decision of a run: what was decided, why, what would have turned it, and the proof."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.decision_words import action_words, decision_words, words_digest
from perigrid.base.messages import Acknowledge, AskApproval
from perigrid.control.policy.build import build_policies, policy_texts
from perigrid.fleet.build import build_fleet
from perigrid.ledger.decisions import Located
from perigrid.ledger.proof import Proof, RowProof, Signature
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import understood
from perigrid.report.run_book import RunBook, open_book
from perigrid.report.words import listing
from perigrid.scenario.model import Scenario
from perigrid.sim.audit_replay import differences, record_folder
from perigrid.sim.cores import Cores
from perigrid.sim.revisit import Revisit, revisit, revisit_flown, revisit_note
from perigrid.sim.staging import MANIFEST
from perigrid.sim.what_if import WhatIf

_OWN_RULES: Final = {
    "stop": "not a policy: a person's order to stop",
    "override": "not a policy: a person ruled this very action out",
    "safe-mode": "not a policy: a satellite out of contact for longer than its autonomy lasts",
    "grant:": "not a policy: computers of another operator are used within its grants only",
    "approval": "not a policy: people were asked about this decision among others, and allowed it",
    "approval:": "not a policy: what people signed does not count for this act",
    "envelope:": "not a policy: people signed beforehand what is allowed, and how much",
    "error:": "not a policy: every doubt is a denial",
}


@dataclass(frozen=True, slots=True)
class RuleText:
    """The policy that decided.

    Parameters
    ----------
    id : str
        Its id, as in the verdict.
    text : str
        In Cedar, or what it is if it is no policy; empty if it is not known.
    file, source, date : str
        Where it stands, what it rests on, and of when that is.
    """

    id: str
    text: str = ""
    file: str = ""
    source: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that an audit says of one decision.

    Parameters
    ----------
    run : str
        Which run.
    found : Located
        The decision.
    words : str
        Its explanation, regenerated from the record.
    again : Revisit or None
        The decision made again from the events; None if that was not possible.
    rule : RuleText
        What decided.
    signatures : tuple of Signature
        Who signed.
    pins : dict
        What the run was pinned to.
    proof : Proof
        That the record stands in its log.
    notes : tuple of str
        What could not be shown.
    """

    run: str
    found: Located
    words: str
    again: Revisit | None
    rule: RuleText
    signatures: tuple[Signature, ...]
    pins: dict[str, Any]
    proof: Proof
    notes: tuple[str, ...] = ()

    @property
    def same_as_stored(self) -> bool | None:
        """Whether the words are those of the time; None if the record kept no digest of them."""
        return words_digest(self.words) == self.found.explained if self.found.explained else None

    @property
    def same_as_replayed(self) -> bool | None:
        """Whether a fresh core explains itself so; None if it was not asked."""
        return None if self.again is None else self.again.words == self.words

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values.

        Returns
        -------
        dict
            Keys ``run``, ``decision``, ``job_id``, ``t_s``, ``what``, ``why``, ``what_if``,
            ``proof``, ``notes``.
        """
        found, again = self.found, self.again
        asked = found.action if isinstance(found.action, AskApproval) else None
        return {
            "run": self.run,
            "decision": found.number,
            "job_id": found.action.job_id,
            "t_s": found.t_s,
            "what": self.words.partition("\n")[0],
            "why": {
                "words": self.words,
                "explanation": words_digest(self.words),
                "stored": found.explained or None,
                "same_as_stored": self.same_as_stored,
                "same_as_replayed": self.same_as_replayed,
                "verdict": dataclasses.asdict(found.verdict),
                "rule": dataclasses.asdict(self.rule),
                "asked": None if asked is None else _terms(asked),
                "signatures": [dataclasses.asdict(one) for one in self.signatures],
                "pins": self.pins,
            },
            "what_if": None if again is None or again.what_if is None else _asked(again.what_if),
            "proof": dataclasses.asdict(self.proof),
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """Write it for a terminal.

        Returns
        -------
        str
            What, why, what if, proof.
        """
        what, *why = self.words.split("\n")
        lines = [f"decision {self.found.number} of {self.run}", "what", f"  {what}", "why"]
        lines += [f"  {line}" for line in (*why, *self._rule(), *self._signed(), *self._pinned())]
        lines += ["what if", *(f"  {line}" for line in self._turns())]
        lines += ["proof", *(f"  {line}" for line in self._proved())]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def _rule(self) -> list[str]:
        where = f" ({self.rule.file})" if self.rule.file else ""
        lines = [
            f"Rule {self.rule.id}{where}:",
            *(f"  {one}" for one in self.rule.text.split("\n")),
        ]
        if self.rule.source:
            lines.append(f"Source: {self.rule.source}, {self.rule.date}")
        return lines if self.rule.text else []

    def _signed(self) -> list[str]:
        asked = self.found.action
        lines = []
        if isinstance(asked, AskApproval):
            lines = [f"To be signed: {asked.subject_hash}", f"Evidence: {asked.evidence}"]
        for one in self.signatures:
            what = f"envelope {one.envelope}" if one.envelope else f"evidence {one.evidence[:16]}"
            what = f"because: {one.why}" if one.why else what
            who = f" ({one.who})" if one.who else ""
            span = f"at {one.signed_at_s:.0f} s, until {one.expires_s:.0f} s"
            lines.append(f"Signed: {one.answer} by {one.role}, key {one.key}{who}, {span}, {what}")
        return lines

    def _pinned(self) -> list[str]:
        pins = self.pins
        digest = str(pins.get("scenario", {}).get("digest", ""))[:16]
        return [f"Pinned: scenario {digest}, rules {str(pins.get('policy', {}).get('rules'))[:16]}"]

    def _turns(self) -> list[str]:
        if self.again is None:
            return ["not asked"]
        what_if = self.again.what_if
        if what_if is None:
            return ["nothing: it touches nothing outside the controller"]
        lines = [f"The rules by themselves: {what_if.decision} by {what_if.rule}."]
        if what_if.approved_by:
            lines[0] += f" Approved by {listing(list(what_if.approved_by))}."
        if not what_if.turns:
            return [*lines, f"None of {what_if.tried} single changes would turn it."]
        lines.append(f"Of {what_if.tried} single changes these would turn it:")
        return lines + [f"  {one.change}: {one.decision} by {one.rule}" for one in what_if.turns]

    def _proved(self) -> list[str]:
        proof = self.proof
        leaf = f"Leaf {proof.index} of {proof.size} in the log of {proof.log}"
        told = (
            f"{leaf}: a path of {proof.path} hashes {'leads' if proof.holds else 'DOES NOT LEAD'}"
        )
        lines = [] if proof.row is None else [_row_proved(proof.row)]
        lines.append(f"{told} to {proof.root[:16]}.")
        if proof.anchored_by is not None:
            lines.append(f"Entered into the ground's log by record {proof.anchored_by}.")
        stored = {True: "the same", False: "NOT THE SAME", None: "none stored"}
        replayed = {True: "the same", False: "NOT THE SAME", None: "not replayed"}
        lines.append(f"Explanation against the one stored: {stored[self.same_as_stored]}.")
        lines.append(f"Explanation against a replay: {replayed[self.same_as_replayed]}.")
        return lines


def _row_proved(row: RowProof) -> str:
    leads = "leads" if row.holds else "DOES NOT LEAD"
    return (
        f"Decision {row.index} of {row.size} in the batch of record {row.record}: a path of "
        f"{len(row.path)} hashes {leads} to {row.root[:16]}."
    )


def _own_rule(rule: str) -> str:
    """Say what decides that is no policy; empty if a policy may be called so."""
    name, colon, _ = rule.partition(":")
    return _OWN_RULES.get(f"{name}{colon}", "")


def show(run: Source, number: str, cores: Cores | None = None) -> Shown:
    """Explain one decision of a run.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.
    number : str
        ``SEQ`` of the record, or ``SEQ.K``.
    cores : Cores, optional
        To make the decision again and to ask what would have turned it; left out if not given.

    Returns
    -------
    Shown
        What, why, what if, proof.

    Raises
    ------
    InputError
        If there is no such decision.
    RunFolderError
        If the record or the manifest was altered, or the scenario is missing or another one.
    """
    with understood(run.label):
        return _shown(run, number, cores)


def _shown(run: Source, number: str, cores: Cores | None) -> Shown:
    book = open_book(run)
    book.demand_sealed(MANIFEST)
    found = book.find(number)
    again, rule, notes = None, RuleText(found.verdict.rule), []
    names = node_names(run)
    if cores is not None:
        core = cores.of(run)
        notes = differences(run, book.pins, core)
        if not notes:
            rule = rule_text(core.scenario, found.verdict.rule)
            architecture = core.scenario.architecture(book.pins["architecture"])
            if isinstance(book, RunBook) and isinstance(found.action, Acknowledge):
                with record_folder(run) as ledger:
                    again = revisit_note(ledger, core, architecture, book.message_of(found))
            elif isinstance(book, RunBook):
                world = cores.world(run, book.pins)
                again = revisit_flown(world, architecture, found, book.number_of(found))
            else:
                with record_folder(run) as ledger:
                    again = revisit(ledger, core, architecture, found)
            names = core.fleet.names
    words = decision_words(found.t_s, found.action, found.verdict, names)
    signatures = tuple(book.signatures(found))
    return Shown(
        run.label, found, words, again, rule, signatures, book.pins, book.proof(found), tuple(notes)
    )


def of_job(run: Source, job_id: int) -> list[dict[str, Any]]:
    """List the decisions about a job.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.
    job_id : int
        Which job.

    Returns
    -------
    list of dict
        ``decision`` (its number), ``t_s``, ``what``, ``verdict``, ``rule``.

    Raises
    ------
    InputError
        If nothing was decided about it.
    RunFolderError
        If the record or the manifest was altered.
    """
    with understood(run.label):
        book = open_book(run)
        book.demand_sealed(MANIFEST)
        names = node_names(run)
        return [
            {
                "decision": one.number,
                "t_s": one.t_s,
                "what": action_words(one.action, names),
                "verdict": one.verdict.decision,
                "rule": one.verdict.rule,
            }
            for one in book.of_job(job_id)
        ]


def node_names(run: Source) -> tuple[str, ...]:
    """Read the names of a run's nodes.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Returns
    -------
    tuple of str
        By fleet row; empty for a run without a manifest.
    """
    if not run.has(MANIFEST):
        return ()
    return tuple(str(name) for name in run.json(MANIFEST).get("nodes", ()))


def rule_text(scenario: Scenario, rule: str) -> RuleText:
    """Find the text of what decided.

    Parameters
    ----------
    scenario : Scenario
        Whose law holds.
    rule : str
        Id in the verdict.

    Returns
    -------
    RuleText
        Text, file, source and date.
    """
    policies = build_policies(scenario, build_fleet(scenario)).policies
    policy = next((one for one in policies if one.id == rule), None)
    if policy is None:
        return RuleText(rule, _own_rule(rule))
    whole = next(one.text for one in policy_texts(scenario) if one.name == policy.file)
    text = whole[whole.index(f'@id("{rule}")') :] if f'@id("{rule}")' in whole else ""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(line)
        if line.endswith(";"):
            break
    return RuleText(rule, "\n".join(lines), policy.file, policy.source, policy.date)


def _terms(asked: AskApproval) -> dict[str, Any]:
    return {
        "subject": asked.subject_hash,
        "evidence": asked.evidence,
        "people": asked.people,
        "roles": list(asked.roles),
        "expires_s": asked.expires_s,
    }


def _asked(what_if: WhatIf) -> dict[str, Any]:
    return dataclasses.asdict(what_if)
