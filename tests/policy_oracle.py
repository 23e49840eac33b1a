"""The shipped policies once more, in plain Python from their prose, and every case to hold them to.

Nothing here reads the Cedar files: an oracle that shared their text would share their mistakes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from perigrid.control.policy.places import Place
from perigrid.control.policy.request import (
    OPERATOR,
    SCHEDULER,
    Burn,
    Circumstances,
    Load,
    Request,
    Scene,
)
from policy_cases import BURN, LOAD, SCENE, place

EU = {"DE", "FR"}
EEA = {*EU, "NO"}
ADEQUATE = {"JP"}
PROSCRIBED = {"CN", "KP"}
ASKS = {"eu-high-risk-asks", "eu-biometrics-ask-two", "cn-fine-pixels-ask", "cn-people-ask"}

SCENES = ("process", "move", "downlink", "task")
GOODS = ("process", "move", "downlink", "load_model")
BURNS = ("manoeuvre",)


@dataclass(frozen=True)
class Case:
    """One request with the plain facts the oracle judges by."""

    request: Request
    node: Place
    states: frozenset[str]  # of the footprint, without regions


Oracle = Callable[[Case], set[str]]


def with_regions(states: tuple[str, ...]) -> tuple[str, ...]:
    """States and their regions as the gate would give them."""
    regions = set(states)
    for name, members in (("EU", EU), ("EEA", EEA), ("EU-adequate", ADEQUATE)):
        if members & set(states):
            regions.add(name)
    if PROSCRIBED & set(states):
        regions.add("US-proscribed")
    return tuple(sorted(regions))


# ------------------------------------------------------------------ what permits


def permits(case: Case) -> set[str]:
    """Names of the permits that hold."""
    action, about, now = case.request.action, case.request.about, case.request.circumstances
    person = case.request.principal.kind == "Human"
    if action in ("process", "move", "downlink"):
        return {"default"}
    if action == "task":
        return {"task-for-a-purpose"} if about.purpose else set()
    if action == "load_model":
        return {"known-model"} if about.model_known else set()
    if action == "admit":
        return {"licensed-tenant"} if about.purpose and about.licence else set()
    if person:
        return {"manoeuvre-by-a-person"}
    held = set()
    if now.approver_count >= 2 and {"flight-director", "safety-officer"} <= set(now.approver_roles):
        held.add("manoeuvre-by-two")
    if about.pc_1e9 / 1e9 >= 1e-4 and about.commit_deadline_s < 15 * 60:
        held.add("manoeuvre-urgent")
    return held


# ------------------------------------------------------------------ what refuses


def base(case: Case) -> set[str]:
    """What holds everywhere."""
    action, about, node = case.request.action, case.request.about, case.node
    program = case.request.principal.kind == "Agent"
    refused = set()
    if node.kind in ("satellite", "relay") and not (node.registry_state and node.authorising_state):
        refused.add("no-state-answers-for-it")
    if action in GOODS:
        tags = set(about.export_classes)
        if tags & set(node.barred):
            refused.add("barred-party")
        if tags & set(about.held_barred):
            refused.add("barred-holder")
    if program and action in ("task", "process") and about.customer == "weapon-adjacent":
        refused.add("weapon-adjacent-by-people")
    if (
        action == "manoeuvre"
        and about.propellant_after_g < about.disposal_propellant_g
        and about.purpose != "disposal"
    ):
        refused.add("disposal-reserve")
    starts = action in ("task", "process", "load_model", "admit")
    if program and starts and case.request.circumstances.safe_mode:
        refused.add("safe-mode")
    return refused


def eu(case: Case) -> set[str]:
    """The European Union's pack."""
    action, about, node = case.request.action, case.request.about, case.node
    refused = set()
    tagged = action in GOODS and "eu-dual-use" in about.export_classes
    if tagged and not (node.home in EU and node.state in EU):
        refused.add("eu-dual-use")
    if action not in SCENES:
        return refused
    raw_of_eu = about.level == "raw" and case.states & EU
    if action != "task" and raw_of_eu and node.home not in EU:
        refused.add("eu-raw-stays")
    leaves = action in ("move", "downlink") and node.state not in EEA | ADEQUATE
    if leaves and about.people_visible and case.states & EEA:
        refused.add("eu-people-transfer")
    return refused | (_eu_uses(case) if action in ("task", "process") else set())


def _eu_uses(case: Case) -> set[str]:
    """What the AI Act says of a purpose."""
    purpose, people = case.request.about.purpose, case.request.circumstances.approver_count
    if purpose in ("social-scoring", "face-scraping", "real-time-biometrics"):
        return {"eu-prohibited-purpose"}
    if purpose in ("critical-infrastructure", "law-enforcement", "border-control"):
        return set() if people else {"eu-high-risk-asks"}
    return {"eu-biometrics-ask-two"} if purpose == "remote-biometrics" and people < 2 else set()


def china(case: Case) -> set[str]:
    """China's pack."""
    action, about, node = case.request.action, case.request.about, case.node
    if action not in SCENES:
        return set()
    refused = set()
    at_home = node.home == "CN" and node.state == "CN"
    if action != "task" and about.level == "raw" and "CN" in case.states and not at_home:
        refused.add("cn-raw-stays")
    if action not in ("move", "downlink"):
        return refused
    officer = "data-officer" in case.request.circumstances.approver_roles
    abroad = node.state != "CN"
    if about.gsd_cm < 50 and about.level == "raw" and abroad and not officer:
        refused.add("cn-fine-pixels-ask")
    if about.purpose == "foreign-authority" and "CN" in case.states:
        refused.add("cn-foreign-authority")
    if about.people_visible and "CN" in case.states and abroad and not officer:
        refused.add("cn-people-ask")
    return refused


def us(case: Case) -> set[str]:
    """The United States' pack."""
    action, about, node = case.request.action, case.request.about, case.node
    refused = set()
    if action in SCENES:
        licensed = about.licence in ("tier-1", "tier-2", "tier-3")
        if action == "task" and node.home == "US" and not licensed:
            refused.add("us-licence")
        directed = about.licence in ("tier-2", "tier-3")
        if directed and "limited-operations" in about.areas:
            refused.add("us-limited-operations")
    if action in GOODS:
        if "usml" in about.export_classes and node.home != "US":
            refused.add("us-munitions-list")
        if "9x515" in about.export_classes and {node.home, node.state} & PROSCRIBED:
            refused.add("us-9a515")
    if action == "manoeuvre" and node.home == "US" and about.life_after_days > 5 * 365.25:
        refused.add("us-five-years")
    return refused


def open_data(case: Case) -> set[str]:
    """The pack of open data."""
    action, about = case.request.action, case.request.about
    refused = set()
    if action in ("move", "downlink", "load_model") and about.export_classes:
        refused.add("open-carries-no-tag")
    if action == "downlink" and about.people_visible and about.level == "raw":
        refused.add("open-hides-people")
    return refused


PACKS: dict[str, Oracle] = {"eu": eu, "china": china, "us": us, "open": open_data}


def expected(case: Case, packs: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """Decision, and the policies that decide it."""
    refused = base(case).union(*(PACKS[name](case) for name in packs))
    held = permits(case)
    if not refused:
        return ("allow" if held else "deny"), frozenset(held)
    return ("ask" if refused <= ASKS else "deny"), frozenset(refused)


# ------------------------------------------------------------------ every case


NODES: dict[str, Place] = {
    f"{home}-{state}-{kind}": place(f"{home}-{state}", home, state, kind)
    for home, state in itertools.product(("DE", "NO", "US", "CN", "JP"), repeat=2)
    for kind in ("satellite", "station")
} | {
    "unregistered": place("x", "DE", "DE", "satellite", registry_state=""),
    "unauthorised": place("x", "DE", "DE", "satellite", authorising_state=""),
    "relay-unregistered": place("x", "DE", "DE", "relay", registry_state=""),
    "relay-unauthorised": place("x", "DE", "DE", "relay", authorising_state=""),
    "station-unregistered": place("x", "DE", "DE", "station", registry_state=""),
    "centre-unauthorised": place("x", "DE", "DE", "data-centre", authorising_state=""),
    "barred": place("y", "DE", "DE", "station", barred=("tag",)),
    "barred-both": place("y", "DE", "DE", "satellite", barred=("other", "tag")),
}
WHO = (SCHEDULER, OPERATOR)
NOBODY = Circumstances()


def _cases(
    actions: tuple[str, ...],
    nodes: tuple[str, ...],
    about: Scene | Load | Burn,
    facts: dict[str, tuple[object, ...]],
    circumstances: tuple[Circumstances, ...] = (NOBODY,),
    principals: tuple[object, ...] = (SCHEDULER,),
) -> Iterator[Case]:
    """Every combination."""
    names = tuple(facts)
    for values in itertools.product(*facts.values()):
        given = dict(zip(names, values, strict=True))
        states = given.get("territory", ())
        if "territory" in given:
            given["territory"] = with_regions(given["territory"])
        known = replace(about, **given)
        for action, node, now, who in itertools.product(actions, nodes, circumstances, principals):
            yield Case(Request(action, node, known, now, who), NODES[node], frozenset(states))


def _approved(*pairs: tuple[int, tuple[str, ...]]) -> tuple[Circumstances, ...]:
    return tuple(Circumstances(tuple(sorted(roles)), count) for count, roles in pairs)


def base_cases() -> Iterator[Case]:
    """What the base asks about."""
    special = (*tuple(NODES)[-8:], "DE-DE-satellite")
    both = ("flight-director", "safety-officer")
    safe = (Circumstances(both, 2), Circumstances(safe_mode=True))
    tags = {
        "export_classes": ((), ("tag",), ("other", "tag"), ("third",)),
        "held_barred": ((), ("tag",)),
    }
    facts = {**tags, "customer": ("civil", "weapon-adjacent"), "purpose": ("", "observation")}
    yield from _cases(SCENES, special, SCENE, facts, safe, WHO)
    facts = {**tags, "model_known": (True, False), "purpose": ("", "x"), "licence": ("", "x")}
    yield from _cases(("load_model", "admit"), special, LOAD, facts, safe, WHO)
    director, officer = "flight-director", "safety-officer"
    approved = _approved(
        (0, ()), (1, (director,)), (1, (director, officer)), (2, (director, officer)),
        (2, (director,)), (2, (officer,)), (3, (director, officer, "x")), (2, ("x",)),
    )  # fmt: skip
    facts = {
        "pc_1e9": (0, 99_999, 100_000, 200_000),
        "commit_deadline_s": (0, 899, 900),
        "propellant_after_g": (999, 1000, 5000),
        "purpose": ("avoidance", "disposal"),
    }
    yield from _cases(BURNS, ("DE-DE-satellite", "unregistered"), BURN, facts, approved, WHO)


def eu_cases() -> Iterator[Case]:
    """What the European pack asks about."""
    nodes = ("DE-DE-station", "US-DE-station", "DE-NO-station", "NO-NO-satellite",
             "US-US-station", "DE-JP-station", "DE-US-satellite")  # fmt: skip
    purposes = ("observation", "social-scoring", "face-scraping", "real-time-biometrics",
                "critical-infrastructure", "law-enforcement", "border-control",
                "remote-biometrics")  # fmt: skip
    asked = _approved((0, ()), (1, ("x",)), (2, ("x",)))
    where = {"territory": ((), ("DE",), ("NO",), ("US",), ("DE", "US"))}
    plain = {**where, "level": ("raw", "derived"), "people_visible": (False, True)}
    yield from _cases(SCENES, nodes, SCENE, plain | {"purpose": purposes[::4]}, asked)
    uses = {"purpose": purposes, "export_classes": ((), ("eu-dual-use",), ("eu-dual-use", "x"))}
    yield from _cases(SCENES, nodes, SCENE, uses, asked)
    yield from _cases(("load_model",), nodes, LOAD, {"export_classes": uses["export_classes"]})


def china_cases() -> Iterator[Case]:
    """What the Chinese pack asks about."""
    nodes = ("CN-CN-station", "CN-DE-station", "US-CN-satellite", "DE-DE-station")
    facts = {
        "territory": ((), ("CN",), ("DE",), ("CN", "DE")),
        "level": ("raw", "derived"),
        "gsd_cm": (49, 50, 51),
        "people_visible": (False, True),
        "purpose": ("observation", "foreign-authority"),
    }
    asked = _approved((0, ()), (1, ("data-officer",)), (1, ("operator",)))
    yield from _cases(SCENES, nodes, SCENE, facts, asked)


def us_cases() -> Iterator[Case]:
    """What the American pack asks about."""
    nodes = ("US-US-satellite", "US-DE-station", "DE-DE-station", "DE-CN-station", "CN-DE-station")
    tags = {"export_classes": ((), ("usml",), ("9x515",), ("9x515", "usml"))}
    facts = {
        **tags,
        "licence": ("", "tier-0", "tier-1", "tier-2", "tier-3"),
        "areas": ((), ("limited-operations",), ("elsewhere",)),
    }
    yield from _cases(SCENES, nodes, SCENE, facts)
    yield from _cases(("load_model", "admit"), nodes, LOAD, tags)
    life = {"life_after_days": (0, 1825, 1826, 1827, 1828)}
    yield from _cases(BURNS, nodes, BURN, life, principals=WHO)


def open_cases() -> Iterator[Case]:
    """What the pack of open data asks about."""
    facts = {
        "export_classes": ((), ("tag",), ("tag", "x")),
        "people_visible": (False, True),
        "level": ("raw", "derived"),
    }
    nodes = ("DE-DE-station", "DE-DE-satellite")
    yield from _cases(SCENES, nodes, SCENE, facts)
    yield from _cases(("load_model", "admit"), nodes, LOAD, {"export_classes": ((), ("tag",))})


CASES: dict[str, Callable[[], Iterator[Case]]] = {
    "base": base_cases,
    "eu": eu_cases,
    "china": china_cases,
    "us": us_cases,
    "open": open_cases,
}
