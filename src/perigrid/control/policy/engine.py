"""Cedar behind a wall: policies parsed once, schema mandatory, every doubt an error.

Cedar skips a ``forbid`` whose condition fails to evaluate, and so answers Allow where it ought to
have refused. :class:`PolicySet` therefore hands errors on beside the decision, and the gate takes
any of them for a denial.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from perigrid.base.codec import canonical_json
from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.policy.changes import CAPTURED, comparisons, names_of, turns_s
from perigrid.control.policy.reading import Policy, PolicyText, read_policies
from perigrid.control.policy.request import Request, Scene
from perigrid.control.policy.vocabulary import Words

if TYPE_CHECKING:
    import cedarpy

_SETS: Final = ("territory", "held_by", "areas")
"""Sets with many different values of which policies mostly ask for a few members."""
_MEMBERSHIP: Final = frozenset({"contains", "containsAny", "containsAll"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said: the policies that decided, and everything that went wrong."""

    allowed: bool
    policies: tuple[Policy, ...] = ()
    errors: tuple[str, ...] = ()


class PolicySet:
    """Policies, schema and entities, parsed and checked once.

    Parameters
    ----------
    texts : sequence of PolicyText
        In order of precedence: where several policies refuse, the first is named.
    schema : str
        Cedar schema; policies, entities and requests are checked against it.
    entities : sequence of dict
        Cedar entities as JSON values.
    words : Words, optional
        What the attributes can be; texts that are the scenario's own are held against it.

    Raises
    ------
    ScenarioError
        With file and line of every policy that cannot be parsed, does not fit the schema, has no
        ``@id`` of its own or asks for what cannot be; or if entities do not fit the schema.
    """

    def __init__(
        self,
        texts: Sequence[PolicyText],
        schema: str,
        entities: Sequence[dict[str, Any]],
        words: Words | None = None,
    ) -> None:
        # Imported here: a tenth of a second that `perigrid --help` need not spend.
        import cedarpy as cedar  # noqa: PLC0415

        self._cedar = cedar
        self._schema = cedar.Schema.from_str(schema)
        reading = read_policies(texts, cedar, self._schema, words)
        self.policies: tuple[Policy, ...] = tuple(reading.policies)
        self._order = {policy.id: place for place, policy in enumerate(self.policies)}
        self._set = cedar.PolicySet.from_str("\n".join(one.text for one in texts))
        self._entities = _entities(cedar, entities, self._schema)
        self.attributes: frozenset[str] = frozenset(
            name for body in reading.bodies for name in _attributes(body)
        )
        self._with_now = tuple(one for body in reading.bodies for one in comparisons(body) or ())
        self.reads_now = bool(self._with_now)
        # Instants are mostly the same for every question: then they are worked out once.
        self._turns_s = None if names_of(self._with_now) else turns_s(self._with_now)
        self.capture_turns_s = _capture_turns_s(reading.bodies)
        self._asked_of = {name: _members(reading.bodies, name) for name in _SETS}
        self.named_nodes: frozenset[str] = frozenset(
            name for body in reading.bodies for name in _node_names(body)
        )
        self._texts, self._schema_text = tuple(texts), schema
        self._entities_digest = _sha256(canonical_json(list(entities)))

    def digests(self) -> dict[str, str]:
        """Fingerprints of everything that decides.

        Returns
        -------
        dict of str
            SHA-256 of the policy texts in order, of the schema, and of the entities.
        """
        texts = canonical_json([[one.name, one.text] for one in self._texts])
        return {
            "policies": _sha256(texts),
            "schema": _sha256(self._schema_text),
            "entities": self._entities_digest,
        }

    def has(self, policy_id: str) -> bool:
        """Say whether a rule that a verdict names is a policy of this set.

        Parameters
        ----------
        policy_id : str
            The verdict's rule.

        Returns
        -------
        bool
            False for orders, approvals, grants and errors.
        """
        return policy_id in self._order

    def normal(self, request: Request) -> Request:
        """Blank what no policy reads: it cannot change the answer.

        Parameters
        ----------
        request : Request
            As asked.

        Returns
        -------
        Request
            With the same answer, and equal for more questions. What is missing stays missing.
        """
        about, now = request.about, request.circumstances
        if isinstance(about, Scene):
            about = self.normal_scene(about)
        if now.now_s:
            since_s = self.since_s(now.now_s, about, now)
            now = now if since_s == now.now_s else replace(now, now_s=since_s)
        if about is request.about and now is request.circumstances:
            return request
        return replace(request, about=about, circumstances=now)

    def turns_s(self, *known: object) -> tuple[int, ...]:
        """Say when answers about something may change.

        Parameters
        ----------
        *known : object
            Parts of a request; the time in them does not count.

        Returns
        -------
        tuple of int
            Ascending, after the start; empty if no policy reads the clock [s].
        """
        return turns_s(self._with_now, *known) if self._turns_s is None else self._turns_s

    def since_s(self, t_s: float, *known: object) -> int:
        """Say from when on answers have been what they are.

        Parameters
        ----------
        t_s : float
            Mission time [s].
        *known : object
            As for :meth:`turns_s`.

        Returns
        -------
        int
            The last turn up to then, or the start: one time for a whole span of them [s].
        """
        turns = self.turns_s(*known)
        place = bisect_right(turns, t_s)
        return turns[place - 1] if place else 0

    def captured_since_s(self, captured_s: int) -> int:
        """Say from which shutter time on scenes that are the same else have the same answers.

        Parameters
        ----------
        captured_s : int
            Shutter time [s].

        Returns
        -------
        int
            One time for a whole span of them; the same time if a policy does more with it than
            compare it with numbers [s].
        """
        turns = self.capture_turns_s
        if turns is None:
            return captured_s
        place = bisect_right(turns, captured_s)
        return turns[place - 1] if place else 0

    def normal_scene(self, scene: Scene) -> Scene:
        """Blank what no policy reads of a scene: times, and members of sets nobody asks for.

        Parameters
        ----------
        scene : Scene
            As known.

        Returns
        -------
        Scene
            The same object if there is nothing to blank.
        """
        changes: dict[str, Any] = {}
        if scene.captured_s:
            since_s = self.captured_since_s(scene.captured_s)
            changes |= {CAPTURED: since_s} if since_s != scene.captured_s else {}
        for name, members in self._asked_of.items():
            held = getattr(scene, name)
            if members is not None and held and not members.issuperset(held):
                changes[name] = tuple(one for one in held if one in members)
        return replace(scene, **changes) if changes else scene

    def answer(self, request: Request) -> Answer:
        """Ask the engine one question.

        Parameters
        ----------
        request : Request
            What is wanted and known.

        Returns
        -------
        Answer
            With every error; the caller decides what an error means.
        """
        return self.answers([request])[0]

    def answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Ask the engine many questions at once.

        Parameters
        ----------
        requests : sequence of Request
            Independent of each other.

        Returns
        -------
        list of Answer
            In the same order.
        """
        found = self._cedar.is_authorized_batch(
            [request.to_cedar() for request in requests], self._set, self._entities, self._schema
        )
        return [self._read_answer(one) for one in found]

    def _read_answer(self, found: cedarpy.AuthzResult) -> Answer:
        ids = found.diagnostics.id_annotations_by_reason.values()
        ranked = sorted(self._order[name] for name in ids)
        policies = tuple(self.policies[place] for place in ranked)
        errors = tuple(str(error) for error in found.diagnostics.errors)
        if found.decision is self._cedar.Decision.NoDecision and not errors:
            errors = ("the engine came to no decision",)
        return Answer(found.decision is self._cedar.Decision.Allow, policies, errors)


def _entities(cedar: Any, entities: Sequence[dict[str, Any]], schema: object) -> Any:  # noqa: ANN401  the module's own handle
    try:
        return cedar.Entities.from_json_str(json.dumps(list(entities)), schema)
    except ValueError as error:
        message = f"the entities do not fit the schema: {error}"
        remedy = "see docs/policy.md for the attributes of Node, Agent and Human"
        raise ScenarioError([Problem(message, remedy, "policies")]) from error


def _capture_turns_s(bodies: Sequence[dict[str, Any]]) -> tuple[int, ...] | None:
    """When answers about shutter times turn; None if that cannot be said once for all scenes."""
    read = [comparisons(body, CAPTURED) for body in bodies]
    found = [one for of_body in read for one in of_body or ()]
    if None in read or names_of(found, CAPTURED):
        return None
    return turns_s(found, clock=CAPTURED)


def _attributes(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON
    """Every attribute name that a policy's JSON form reads or asks for."""
    if isinstance(value, dict):
        if isinstance(value.get("attr"), str):
            yield value["attr"]
        for item in value.values():
            yield from _attributes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _attributes(item)


def _members(bodies: Sequence[dict[str, Any]], name: str) -> frozenset[str] | None:
    """Every member of a set that policies ask for; None if they ask for more than members."""
    members: set[str] = set()
    for body in bodies:
        left = _take_members(body, name, members)
        if name in _attributes(left):
            return None
    return frozenset(members)


def _take_members(value: Any, name: str, members: set[str]) -> Any:  # noqa: ANN401  JSON
    """Copy a policy without its plain questions about members of a set, which are noted."""
    if isinstance(value, list):
        return [_take_members(item, name, members) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((operator, operands),) = value.items()
        if operator in _MEMBERSHIP and _is_attribute(operands["left"], name):
            asked = _literals(operands["right"])
            if asked is not None:
                members |= asked
                return {}
    return {key: _take_members(item, name, members) for key, item in value.items()}


def _is_attribute(value: dict[str, Any], name: str) -> bool:
    return value.get(".") == {"left": {"Var": "context"}, "attr": name}


def _literals(value: dict[str, Any]) -> set[str] | None:
    """Strings of a literal, or of a set of literals; None for anything else."""
    items = value.get("Set", [value])
    found = [item.get("Value") for item in items]
    return set(found) if all(isinstance(one, str) for one in found) else None


def _node_names(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON
    """Every node that a policy's JSON form names."""
    if isinstance(value, dict):
        if value.get("type") == "Node" and isinstance(value.get("id"), str):
            yield value["id"]
        for item in value.values():
            yield from _node_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _node_names(item)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
