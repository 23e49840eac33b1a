"""What an approval is bound to: the hash of an action in its context."""

from __future__ import annotations

import dataclasses
from typing import Any, Final, get_args

from perigrid.base.codec import TYPE_KEY, digest
from perigrid.base.messages import Action, AskApproval, Leg, Move

FORMAT: Final = "perigrid action v1"

# When bits fly is planned anew until they do, over whichever contact; an approval has an expiry.
_WHEN: Final = frozenset(
    {"contact", "t_ready_s", "t_window_s", "t_start_s", "t_end_s", "t_arrival_s"}
)
# For readers, not part of what is done: words, and what was weighed and not taken.
_TOLD: Final = frozenset({"reason", "detail", "alternatives"})
_BOUND: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(one.name for one in dataclasses.fields(kind) if one.name not in _WHEN | _TOLD)
    for kind in (*get_args(Action), Leg)
}


def action_hash(action: Action, context: dict[str, Any] | None = None) -> str:
    """Hash an action together with the context it is judged in.

    Parameters
    ----------
    action : Action
        Of a request for approval, its subject is hashed, with the acts that it stands for.
    context : dict, optional
        JSON values that must not change between asking and acting: digests of scenario, policy
        and models.

    Returns
    -------
    str
        SHA-256, hexadecimal.

    Notes
    -----
    Who does what, to which product, from where over which nodes, and how many bytes are part of
    the hash; transmission times, explaining words and the alternatives that were weighed are not,
    because a route is planned anew while a person thinks it over. The expiry of the approval bounds
    the time instead. Any other route is another action.
    """
    asked = action.subject if isinstance(action, AskApproval) else action
    body = _bound(asked)
    if isinstance(asked, Move):
        body["legs"] = [_bound(leg) for leg in asked.legs]
    whole: dict[str, Any] = {TYPE_KEY: FORMAT, "action": body, "context": context or {}}
    if isinstance(action, AskApproval) and action.acts:
        whole["acts"] = action.acts
    return digest(whole)


def _bound(part: Action | Leg) -> dict[str, Any]:
    """Fields that an approval is bound to, as JSON values but for legs."""
    body: dict[str, Any] = {TYPE_KEY: type(part).__name__}
    for name in _BOUND[type(part)]:
        body[name] = getattr(part, name)
    return body
