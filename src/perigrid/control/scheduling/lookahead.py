"""Look-ahead list scheduling: battery, heat, storage and the way down are simulated first."""

from __future__ import annotations

from perigrid.control.scheduling.queues import Queues


class Lookahead(Queues):
    """Places each job where its answer arrives first, and starts it only when limits will hold.

    Notes
    -----
    Satellites are alike and an answer is never larger than its pixels, so any way that pixels can
    take the answer can take too: computing where the pixels are cannot lose while that satellite is
    free. The others are looked at only when it is not.
    """

    weighs_places = True
