"""Shipped policies against an oracle that never read them; every mistake in them is found."""

import json
import random
from collections import Counter
from functools import cache

import cedarpy
import pytest

from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.packs import (
    BASE,
    JURISDICTIONS,
    pack_text,
    schema_text,
)
from perigrid.control.policy.places import Places
from perigrid.control.policy.reading import PolicyText
from perigrid.control.policy.statements import statements
from perigrid.control.policy.verdicts import verdict_of
from policy_mutants import mutants
from policy_oracle import ASKS, CASES, NODES, expected

PLACES = Places(tuple(NODES), tuple(NODES.values()))
ENTITIES = PLACES.entities()

# Mutants that no request can tell from the original, each with the reason.
EQUIVALENT: dict[tuple[str, str], str] = {}


def packs_of(name: str) -> tuple[str, ...]:
    return () if name == BASE else (name,)


@cache
def grid(name: str):
    """Cases, requests and expectations of a pack, in an order that finds mistakes soon."""
    cases = list(CASES[name]())
    random.Random(1).shuffle(cases)
    return [case.request for case in cases], [expected(case, packs_of(name)) for case in cases]


def policy_set(name: str, text: str) -> PolicySet:
    texts = [PolicyText(name, text)]
    texts += [] if name == BASE else [PolicyText(BASE, pack_text(BASE))]
    return PolicySet(texts, schema_text(), ENTITIES)


def found(policies: PolicySet, requests):
    return [
        (verdict_of(answer).decision, frozenset(policy.id for policy in answer.policies))
        for answer in policies.answers(requests)
    ]


@pytest.mark.parametrize("name", CASES)
def test_the_pack_and_its_oracle_agree_on_every_case(name):
    requests, wanted = grid(name)
    policies = policy_set(name, pack_text(name))
    assert [n for n, one in enumerate(found(policies, requests)) if one != wanted[n]] == []
    decisions = Counter(decision for decision, _ in wanted)
    assert min(decisions["allow"], decisions["deny"]) > 10
    named = {policy.id for policy in policies.policies if policy.file == name}
    seen = set().union(*(ids for _, ids in wanted))
    assert named <= seen  # every policy decides some case


def test_there_are_enough_cases():
    assert sum(len(grid(name)[0]) for name in CASES) >= 5000


class Bench:
    """Bare Cedar without the schema, which the cases are known to fit: it is quicker."""

    def __init__(self, name: str) -> None:
        requests, wanted = grid(name)
        self.cases = [{**one.to_cedar()} for one in requests]
        for case in self.cases:
            case["context"] = json.dumps(case["context"])
        self.wanted = [(decision == "allow", ids) for decision, ids in wanted]
        self.entities = cedarpy.Entities.from_json_str(json.dumps(ENTITIES))
        self.other = "" if name == BASE else pack_text(BASE)

    def tells(self, text: str) -> bool:
        """Look at more and more cases: most mistakes show at once."""
        policies = cedarpy.PolicySet.from_str(f"{text}\n{self.other}")
        begin, size = 0, 64
        while begin < len(self.cases):
            chunk = self.cases[begin : begin + size]
            answers = cedarpy.is_authorized_batch(chunk, policies, self.entities)
            for answer, wanted in zip(answers, self.wanted[begin:], strict=False):
                ids = frozenset(answer.diagnostics.id_annotations_by_reason.values())
                if (answer.allowed, ids) != wanted or answer.diagnostics.errors:
                    return True
            begin, size = begin + size, size * 4
        return False


@pytest.mark.parametrize(
    "name",
    [one if one in (BASE, "china") else pytest.param(one, marks=pytest.mark.slow) for one in CASES],
)
def test_every_mistake_in_a_shipped_policy_is_caught(name):
    bench = Bench(name)
    parts = [one.text for one in statements(pack_text(name))]
    schema = cedarpy.Schema.from_str(schema_text())
    assert not bench.tells("\n".join(parts))
    survivors, refused, told = set(), 0, 0
    for place, part in enumerate(parts):
        rest = parts[:place] + parts[place + 1 :]
        for label, changed in [("remove", ""), *mutants(part)]:
            # What the schema refuses cannot be loaded, let alone decide.
            if changed and not cedarpy.validate_policies(changed, schema).validation_passed:
                refused += 1
            elif bench.tells("\n".join([*rest, changed])):
                told += 1
            else:
                survivors.add((part.split('"')[1], label))
    assert survivors == {key for key in EQUIVALENT if f'@id("{key[0]}")' in pack_text(name)}
    assert told >= 4 * len(parts)
    assert told > refused


@pytest.mark.parametrize("name", [BASE, *JURISDICTIONS])
def test_every_rule_gives_reason_source_and_date(name):
    assert "no legal advice" in pack_text(name)
    for policy in policy_set(name, pack_text(name)).policies:
        assert policy.reason
        if policy.effect == "forbid":
            assert policy.source
            assert len(policy.date) == 10
        assert bool(policy.asks) == (policy.id in ASKS)
