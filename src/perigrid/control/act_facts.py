"""What approvals need to know of an action: its facts and its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from perigrid.base.jobs import Job, Product
from perigrid.base.message_text import message_text, number_text
from perigrid.base.messages import Action, Compute, Move
from perigrid.control.policy.approval.envelope import Facts, in_space, when_begun
from perigrid.control.policy.places import RELAY
from perigrid.fleet.model import Fleet
from perigrid.scenario.pipeline import Stage
from perigrid.workload.job_graph import Results
from perigrid.workload.profile import stage_power_w, stage_time_s
from perigrid.workload.territory import shared_territories


def evidence_of(job: Job, results: Results) -> str:
    """Digest of what is known of a job: an approval given on anything else does not count.

    Parameters
    ----------
    job : Job
        The observation.
    results : mapping of str to float or None
        Stages that are done, in order, with their outcomes [1].

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    # Spelled out like the messages of a record, since people are asked thousands of times a day.
    done = ",".join(
        f'["{name}",{"null" if found is None else number_text(found)}]'
        for name, found in results.items()
    )
    text = f'{{"job":{message_text(job)},"results":[{done}]}}'
    return hashlib.sha256(text.encode()).hexdigest()


class Known(Protocol):
    """The fleet, and what time it is."""

    @property
    def fleet(self) -> Fleet:
        """Rows."""

    @property
    def t_s(self) -> float:
        """Now [s]."""


def facts_of(action: Action, job: Job, belief: Known, ahead: Sequence[Stage]) -> Facts:
    """Gather what envelopes and grants ask about an action.

    Parameters
    ----------
    action : Action
        A move or a stage.
    job : Job
        Whose.
    belief : Known
        The fleet and the time.
    ahead : sequence of Stage
        What may still have to be computed for it.

    Returns
    -------
    Facts
        Bytes count once for every space leg, energy is that of the radio or of the computer.
    """
    fleet = belief.fleet
    rows: tuple[int, ...]
    if isinstance(action, Compute):
        rows, nbytes, product = (action.node,), 0.0, Product.RAW
        energy_j = _stage_j(action, job, fleet, ahead)
    else:
        assert isinstance(action, Move)  # noqa: S101  people are asked about nothing else
        rows, product = _stops(action), action.product
        nbytes = sum(leg.nbytes for leg in in_space(action))
        energy_j = _radio_j(action, fleet)
    begins_s, last_begins_s = when_begun(action, belief.t_s)
    grounds = sorted({fleet.countries[row] for row in rows if row >= _first_ground(fleet)})
    return Facts(
        action="compute" if isinstance(action, Compute) else "move",
        product=product.value,
        nodes=(*(fleet.names[row] for row in rows), *_crossed(action, fleet)),
        groups={fleet.names[row]: fleet.called(row)[-1] for row in rows},
        countries=tuple(grounds),
        latitude_rad=job.latitude_rad,
        longitude_rad=job.longitude_rad,
        territories=states_of(job),
        begins_s=begins_s,
        last_begins_s=last_begins_s,
        nbytes=nbytes,
        energy_j=energy_j,
        owner=fleet.operators[job.origin],
        stage_s=_stages_s(action, job, fleet, ahead),
    )


def states_of(job: Job) -> tuple[str, ...]:
    """List the states whose land a scene touches.

    Parameters
    ----------
    job : Job
        The observation.

    Returns
    -------
    tuple of str
        ISO 3166 alpha-2; empty over the open sea.
    """
    return shared_territories.of_one(job.latitude_rad, job.longitude_rad, 0.5 * job.side_m)


def _stage_j(action: Compute, job: Job, fleet: Fleet, ahead: Sequence[Stage]) -> float:
    computer = fleet.computer(action.node)
    if computer is None:
        return 0.0
    return sum(
        stage_time_s(stage, computer, job.area_m2) * stage_power_w(stage, computer)
        for stage in ahead
        if stage.name == action.stage
    )


def _stages_s(action: Action, job: Job, fleet: Fleet, ahead: Sequence[Stage]) -> dict[str, float]:
    """List the stages an action leads to on the node it is for, and the time each takes."""
    if isinstance(action, Compute):
        node, wanted = action.node, [one for one in ahead if one.name == action.stage]
    elif isinstance(action, Move) and action.product is Product.RAW:
        node, wanted = action.target, list(ahead)
    else:
        return {}
    computer = fleet.computer(node)
    if computer is None or node >= fleet.n_satellites:
        return {}
    return {stage.name: stage_time_s(stage, computer, job.area_m2) for stage in wanted}


def _radio_j(action: Move, fleet: Fleet) -> float:
    """Energy of the radio; laser links are held whether anything is sent or not."""
    radio_w = fleet.buses.radio_w
    legs = [leg for leg in action.legs if leg.kind == "downlink"]
    return sum((float(radio_w[leg.source]) * (leg.t_end_s - leg.t_start_s) for leg in legs), 0.0)


def _stops(action: Move) -> tuple[int, ...]:
    return tuple(dict.fromkeys((action.source, *(leg.target for leg in action.legs))))


def _crossed(action: Action, fleet: Fleet) -> tuple[str, ...]:
    """Name the group of relay satellites that a move may cross, if it does."""
    legs = action.legs if isinstance(action, Move) else ()
    over = fleet.relays is not None and any(leg.kind == RELAY for leg in legs)
    return (fleet.relays.name,) if over and fleet.relays is not None else ()


def _first_ground(fleet: Fleet) -> int:
    return fleet.n_satellites + fleet.n_relays
