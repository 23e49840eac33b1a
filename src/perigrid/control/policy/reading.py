"""Policies read one by one, so that whatever is wrong with one has a file, a line and a remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.policy.changes import comparisons
from perigrid.control.policy.statements import Statement, statements
from perigrid.control.policy.vocabulary import Words, unmatched

FORBID: Final = "forbid"
PERMIT: Final = "permit"
MOST_DEPTH: Final = 400
"""Levels of a policy's JSON form: what Python and its JSON reader walk down with room to spare."""
MOST_PROBLEMS: Final = 20
"""Told of one set of policies."""
_OWN_WORDS: Final = frozenset({"stop", "override", "approval"})
"""What verdicts name that no policy gave, besides words with a colon; controllers act on them."""
_JSON_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_SHORTER: Final = "split it into several policies, or name members of a set: [..].contains(..)"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """Cedar text and where it came from: a file, a jurisdiction pack, or the scenario's rules."""

    name: str
    text: str
    is_own: bool = False  # written for this scenario, and so held against its names


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a set.

    Parameters
    ----------
    id : str
        Its ``@id``, which verdicts name.
    effect : str
        ``permit`` or ``forbid``.
    reason, source, date : str
        Its annotations; empty if it has none.
    asks : str
        Whom it leaves the decision to (``@ask``); empty if it simply holds.
    file : str
        Name of its text.
    line : int
        Where it starts there.
    """

    id: str
    effect: str
    reason: str
    source: str
    date: str
    asks: str
    file: str
    line: int


@dataclass(slots=True)
class Reading:
    """What is gathered while texts are read: policies, their JSON forms, and what is wrong."""

    policies: list[Policy] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # by id, the place


class _StatementError(Exception):
    """A statement that cannot be taken: a message and a remedy."""


def read_policies(
    texts: Sequence[PolicyText],
    cedar: Any,  # noqa: ANN401  the module
    schema: object,
    words: Words | None = None,
) -> Reading:
    """Parse every statement of every text by itself.

    Parameters
    ----------
    texts : sequence of PolicyText
        In order of precedence.
    cedar : module
        The engine.
    schema : object
        Its schema, parsed.
    words : Words, optional
        What attributes can be, for the scenario's own texts.

    Returns
    -------
    Reading
        Without problems.

    Raises
    ------
    ScenarioError
        With the place of every policy that cannot be taken.
    """
    reading = Reading()
    for text in texts:
        for statement in statements(text.text):
            try:
                _take(text, statement, cedar, schema, reading)
            except _StatementError as wrong:
                message, remedy = wrong.args
                reading.problems.append(
                    Problem(message, remedy, "", text.name, statement.line, statement.column)
                )
                continue
            if words is not None and text.is_own:
                body = reading.bodies[-1]
                reading.problems += unmatched(text.name, text.text, statement, body, words)
        if len(reading.problems) > MOST_PROBLEMS:
            break
    if reading.problems:
        raise ScenarioError(reading.problems[:MOST_PROBLEMS])
    return reading


def _take(
    text: PolicyText,
    statement: Statement,
    cedar: Any,  # noqa: ANN401  the module
    schema: object,
    reading: Reading,
) -> None:
    body = _body(statement, cedar, schema)
    notes = {key: value or "" for key, value in body.get("annotations", {}).items()}
    policy_id = notes.get("id", "")
    _demand_id(policy_id, reading)
    if comparisons(body) is None:
        message = "context.now_s is not simply compared: when the answer changes cannot be said"
        raise _StatementError(message, "compare it with a number, as in context.now_s >= 3600")
    reading.seen[policy_id] = f"{text.name}:{statement.line}"
    reading.policies.append(
        Policy(
            id=policy_id,
            effect=body["effect"],
            reason=notes.get("reason", ""),
            source=notes.get("source", ""),
            date=notes.get("date", ""),
            asks=notes.get("ask", ""),
            file=text.name,
            line=statement.line,
        )
    )
    reading.bodies.append(body)


def _body(statement: Statement, cedar: Any, schema: object) -> dict[str, Any]:  # noqa: ANN401  the module
    """Parse one policy into its JSON form."""
    if statement.too_deep:
        raise _StatementError(f"a policy too deep to be read: {statement.too_deep}", _SHORTER)
    checked = cedar.validate_policies(statement.text, schema)
    if not checked.validation_passed:
        said = "; ".join(dict.fromkeys(_plain(error.error) for error in checked.errors))
        raise _StatementError(
            f"not a valid policy: {said}", "see docs/policy.md for what policies may ask about"
        )
    text = cedar.policies_to_json_str(statement.text)
    if _depth(text) > MOST_DEPTH:
        raise _StatementError(
            "a policy too deep to be read: a chain of too many conditions", _SHORTER
        )
    parsed = json.loads(text)
    if parsed["templates"]:
        remedy = "write the principal and the resource out, or leave them open"
        raise _StatementError(
            "a template (?principal, ?resource): templates are not linked", remedy
        )
    bodies: list[dict[str, Any]] = list(parsed["staticPolicies"].values())
    if len(bodies) != 1:
        raise _StatementError(
            f"{len(bodies)} policies where one was expected", "end each with a semicolon"
        )
    return bodies[0]


def _demand_id(policy_id: str, reading: Reading) -> None:
    if not policy_id:
        remedy = 'write @id("short-name") before it: verdicts name it'
        raise _StatementError("a policy without @id", remedy)
    if policy_id in _OWN_WORDS or ":" in policy_id:
        remedy = "rename it: verdicts of people's orders, approvals and grants are named so"
        raise _StatementError(f"a policy cannot have the id '{policy_id}'", remedy)
    if policy_id in reading.seen:
        remedy = f"rename one; the other is in {reading.seen[policy_id]}"
        raise _StatementError(f"two policies have the id '{policy_id}'", remedy)


def _depth(text: str) -> int:
    """Levels of a JSON text."""
    depth = deepest = 0
    for bracket in re.findall(r"[{}\[\]]", _JSON_STRING.sub("", text)):
        depth += 1 if bracket in "{[" else -1
        deepest = max(deepest, depth)
    return deepest


def _plain(error: str) -> str:
    """Drop the engine's own numbering of policies: each statement is checked by itself."""
    return error.removeprefix("Policy parse error: ").removeprefix("for policy `policy0`, ")
