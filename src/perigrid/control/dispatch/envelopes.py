"""Which acts of which classes lie inside the envelopes that people may sign."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from perigrid.base.approvals import Envelope
from perigrid.base.jobs import Job, Product
from perigrid.control.act_facts import states_of
from perigrid.control.dispatch.arrays import Bytes
from perigrid.control.policy.approval.envelope import Facts, outside
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS, ClassGate, ClassVerdicts
from perigrid.control.policy.classes import NodeClasses as Nodes
from perigrid.fleet.model import Fleet


def held_by(
    envelopes: tuple[Envelope, ...],
    gate: ClassGate,
    known: ClassVerdicts,
    nodes: tuple[Nodes, Nodes],
    fleet: Fleet,
) -> Bytes:
    """Say which acts lie inside which envelopes, times and limits apart.

    Parameters
    ----------
    envelopes : tuple of Envelope
        Of the mission.
    gate : ClassGate
        Classes of jobs.
    known : ClassVerdicts
        Their spans.
    nodes : (NodeClasses, NodeClasses)
        Places and receivers, told apart as the envelopes do.
    fleet : Fleet
        Names of nodes.

    Returns
    -------
    (n_envelopes, n_spans, n_places, n_acts) uint8 array
        1 where an act lies inside.
    """
    inside: Bytes = np.zeros((len(envelopes), *known.verdicts.shape), dtype=np.uint8)
    if not envelopes:
        return inside
    for number, job in enumerate(gate.jobs):
        states = () if np.isnan(job.latitude_rad) else states_of(job)
        spans = slice(int(known.first[number]), int(known.first[number + 1]))
        for place in range(inside.shape[2]):
            for act in gate.acts_of(number):
                facts = _facts(job, place, act, nodes, states, fleet)
                for row, one in enumerate(envelopes):
                    # When an act begins is looked at in flight.
                    begun = replace(facts, begins_s=one.from_s, last_begins_s=one.from_s)
                    inside[row, spans, place, act] = not outside(one, begun)
    return inside


def _facts(
    job: Job,
    place: int,
    act: int,
    nodes: tuple[Nodes, Nodes],
    states: tuple[str, ...],
    fleet: Fleet,
) -> Facts:
    """Gather what envelopes ask about an act."""
    places, receivers = nodes
    at = places.rows[place]
    rows = {BRING: (job.origin, at), PROCESS: (at,)}.get(act)
    if rows is None:
        rows = (at, receivers.rows[act - ANSWER])
    return Facts(
        action="compute" if act == PROCESS else "move",
        product=(Product.ANSWER if act >= ANSWER else Product.RAW).value,
        nodes=tuple(fleet.names[row] for row in rows),
        groups={fleet.names[row]: fleet.called(row)[-1] for row in rows},
        countries=tuple(sorted({fleet.countries[row] for row in rows if row in fleet.stations})),
        latitude_rad=job.latitude_rad,
        longitude_rad=job.longitude_rad,
        territories=states,
        begins_s=0.0,
        last_begins_s=0.0,
        nbytes=0.0,
        energy_j=0.0,
        owner=fleet.operators[job.origin],
    )
