"""Look-ahead list scheduling: battery, heat, storage and the way down are simulated first."""

from __future__ import annotations

from perigrid.control.scheduling.built_in import BuiltIn, Plan


class Lookahead(BuiltIn):
    """Places each job where its answer arrives first, and starts it only when limits will hold.

    Notes
    -----
    An answer is never larger than its pixels, so any way that pixels can take the answer can take
    too: among satellites that are alike, computing where the pixels are cannot lose while that one
    is free. The others are looked at only when it is not, unless there are places that pixels reach
    and answers do not (``Belief.weighs_all``).
    """

    plan = Plan.LOOKAHEAD
    gain = "its answer comes sooner from there"
    weighs_places = True
