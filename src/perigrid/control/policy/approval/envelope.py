"""Envelopes: whether an action lies within the bounds people signed, and what is left of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perigrid.base.approvals import Envelope
from perigrid.base.messages import Action, Leg, Move
from perigrid.base.states import regions_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an action besides the action itself.

    Parameters
    ----------
    action, product : str
        Kind of action, ``move`` or ``compute``, and what it touches.
    nodes : tuple of str
        Names of every node that it touches, and of the group of relay satellites that it may cross.
    countries : tuple of str
        Of the ground nodes among them.
    latitude_rad, longitude_rad : float
        Scene centre [rad].
    territories : tuple of str
        States whose land the scene touches; empty if that is not known.
    begins_s, last_begins_s : float
        When the act begins, and when its last part does [s].
    nbytes, energy_j : float
        Bytes sent, over all legs, and energy taken [B, J].
    owner : str
        Operator of the job.
    groups : mapping of str to str
        Of nodes, the group of satellites that each belongs to: it stands for all of them.
    stage_s : mapping of str to float
        Time that each stage takes of the computer that the action is for, at full speed [s].
    """

    action: str
    product: str
    nodes: tuple[str, ...]
    countries: tuple[str, ...]
    latitude_rad: float
    longitude_rad: float
    territories: tuple[str, ...]
    begins_s: float
    last_begins_s: float
    nbytes: float
    energy_j: float
    owner: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    stage_s: Mapping[str, float] = field(default_factory=dict)


def when_begun(action: Action, t_s: float) -> tuple[float, float]:
    """Say when an action begins, and when its last part does.

    Parameters
    ----------
    action : Action
        A move begins with its first leg in space.
    t_s : float
        Now, when everything else begins [s].

    Returns
    -------
    begins_s, last_begins_s : float
        Mission time [s].
    """
    starts_s = [leg.t_start_s for leg in in_space(action)] if isinstance(action, Move) else []
    return min(starts_s, default=t_s), max(starts_s, default=t_s)


def in_space(move: Move) -> list[Leg]:
    """List the legs of a move that are flown over radio or light.

    Parameters
    ----------
    move : Move
        With its legs.

    Returns
    -------
    list of Leg
        Without those on the ground.
    """
    return [leg for leg in move.legs if leg.kind != "terrestrial"]


def outside(envelope: Envelope, facts: Facts) -> str:
    """Say why an action lies outside an envelope.

    Parameters
    ----------
    envelope : Envelope
        The bounds.
    facts : Facts
        Of the action.

    Returns
    -------
    str
        The first bound that it breaks; empty if it lies inside. What is left of the limits is
        :class:`EnvelopeUse`'s business.
    """
    # A node that is not named itself may be named by its group.
    nodes = [one if one in envelope.nodes else facts.groups.get(one, one) for one in facts.nodes]
    sets: tuple[tuple[str, tuple[str, ...], Sequence[str]], ...] = (
        ("action", envelope.actions, (facts.action,)),
        ("product", envelope.products, (facts.product,)),
        ("node", envelope.nodes, nodes),
        ("country", envelope.countries, facts.countries),
    )
    for name, allowed, touched in sets:
        if allowed and not set(touched) <= set(allowed):
            return name
    if envelope.territories and not all_within(facts.territories, envelope.territories):
        return "territory"
    area = envelope.area
    if area is not None and not area.holds(facts.latitude_rad, facts.longitude_rad):
        return "area"
    inside = envelope.from_s <= facts.begins_s and facts.last_begins_s < envelope.until_s
    return "" if inside else "time"


def all_within(states: tuple[str, ...], allowed: tuple[str, ...]) -> bool:
    """Say whether every state that a scene touches is allowed.

    Parameters
    ----------
    states : tuple of str
        That the scene touches; none at all is not enough.
    allowed : tuple of str
        States, or regions such as ``EU``.

    Returns
    -------
    bool
        False if one of them is not, or if nothing is known.
    """
    names = set(allowed)
    return bool(states) and all(
        state in names or names & set(regions_of(state)) for state in states
    )


class EnvelopeUse:
    """What was used of one envelope: never more than its limits, and never given back.

    Parameters
    ----------
    envelope : Envelope
        With its limits.
    """

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.count = 0
        self.nbytes = 0.0
        self.energy_j = 0.0

    def is_spent(self, t_s: float) -> bool:
        """Say whether nothing can be done under it any more.

        Parameters
        ----------
        t_s : float
            Now [s].

        Returns
        -------
        bool
            True if its time or its count is over.
        """
        count = self.envelope.count
        return t_s >= self.envelope.until_s or 0.0 <= count < self.count + 1.0

    def exceeded(self, facts: Facts) -> str:
        """Say which limit an action would break.

        Parameters
        ----------
        facts : Facts
            Of the action.

        Returns
        -------
        str
            ``count``, ``bytes`` or ``energy``; empty if it fits.
        """
        limits = self.envelope
        wanted = (
            ("count", limits.count, self.count, 1.0),
            ("bytes", limits.nbytes, self.nbytes, facts.nbytes),
            ("energy", limits.energy_j, self.energy_j, facts.energy_j),
        )
        for name, limit, used, more in wanted:
            # Written so that a limit or an amount that is not a number is refused.
            if not limit < 0.0 and not (more >= 0.0 and used + more <= limit):
                return name
        return ""

    def take(self, facts: Facts) -> str:
        """Use up what an action takes, all of it or nothing.

        Parameters
        ----------
        facts : Facts
            Of the action.

        Returns
        -------
        str
            The limit or bound that forbids it, in which case nothing is used; empty if taken.
        """
        why = outside(self.envelope, facts) or self.exceeded(facts)
        if not why:
            self.count += 1
            self.nbytes += facts.nbytes
            self.energy_j += facts.energy_j
        return why
