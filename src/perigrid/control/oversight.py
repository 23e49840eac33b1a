"""People over one mission's machines: whose signatures count, and how long satellites act alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from perigrid.control.approver_model import roster_of
from perigrid.control.lending import Lending
from perigrid.control.policy.approval.authority import Authority
from perigrid.control.policy.approval.autonomy import Autonomy
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.verdicts import ASK
from perigrid.fleet.model import ContactKind, Contacts, Fleet, Outlook
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import Terms


def approval_context(scenario: Scenario, run: str = "") -> dict[str, str]:
    """Say what approvals are bound to besides the action.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    run : str
        Nonce of a live run: what real people sign counts in no other run of the same mission.
        Empty where people are modelled.

    Returns
    -------
    dict of str to str
        JSON values.
    """
    return {"scenario": scenario.digest} | ({"run": run} if run else {})


def authority_of(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    gate: Gate,
    roster: Roster | None = None,
    run: str = "",
) -> Authority:
    """Put rules, people and timers of a mission together.

    Parameters
    ----------
    scenario : Scenario
        People, envelopes, length of autonomy.
    fleet, outlook
        What there is, and what decisions cannot change.
    gate : Gate
        The rules.
    roster : Roster, optional
        Whose signatures count; the scenario's people if left out.
    run : str
        As for :func:`approval_context`.

    Returns
    -------
    Authority
        Nothing asked or granted yet.
    """
    if roster is None:
        roster = roster_of(scenario)
    life_s = scenario.oversight.autonomy_s
    autonomy = None
    if life_s is not None:
        autonomy = Autonomy(life_s, ground_windows(outlook.contacts, fleet.n_satellites))
    context = approval_context(scenario, run)
    sharing = scenario.sharing
    lending = Lending(scenario, fleet) if sharing.owners or sharing.grants else None
    terms = terms_of(scenario)
    return Authority(gate, roster, scenario.oversight, autonomy, context, fleet, terms, lending)


def terms_of(scenario: Scenario) -> dict[str, Terms]:
    """List what single rules ask of approvals.

    Parameters
    ----------
    scenario : Scenario
        Its rules.

    Returns
    -------
    dict of str to Terms
        By rule; the stricter of the rule's own words and the scenario's.
    """
    general = scenario.oversight.terms
    return {
        rule.id: replace(
            general,
            people=max(rule.approvers, general.people),
            roles=rule.roles or general.roles,
        )
        for rule in scenario.rules
        if rule.effect == ASK
    }


def ground_windows(contacts: Contacts, n_satellites: int) -> dict[int, list[tuple[float, float]]]:
    """List when each satellite hears from the ground, straight or through the relay network.

    Parameters
    ----------
    contacts : Contacts
        All windows.
    n_satellites : int
        Rows of satellites.

    Returns
    -------
    dict of int to list of (float, float)
        Begin and end by fleet row, every satellite included [s].
    """
    windows: dict[int, list[tuple[float, float]]] = {row: [] for row in range(n_satellites)}
    heard = np.isin(contacts.kind, [int(ContactKind.DOWNLINK), int(ContactKind.RELAY)])
    for place in np.flatnonzero(heard & (contacts.source < n_satellites)):
        span = (float(contacts.t_start_s[place]), float(contacts.t_end_s[place]))
        windows[int(contacts.source[place])].append(span)
    return windows
