"""What a decision sees, as tables that compiled code shares: fleet, jobs, models, network.

Tables are structured arrays, one record a row. That keeps a job's or a satellite's numbers together
in memory, and compiled functions short to compile: they pass a few tables, not scores of columns.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Table: TypeAlias = Any
"""A structured array: its fields are read as ``table[row].field`` by compiled code alone."""
Field: TypeAlias = tuple[str, type[np.generic]]

NEAR: Final = 24
"""Candidates nearest over the network."""
FAR: Final = 8
"""Candidates drawn from the whole fleet, so that a crowded region is left."""
FRONTIER: Final = 256
"""Places for the search from a satellite."""
NOBODY: Final = -1

SETTINGS: Final[list[Field]] = [
    ("memory_bytes", np.float64),  # of a satellite
    ("storage_bytes", np.float64),
    ("job_bytes", np.float64),  # memory of a job at work besides its model
    ("slots", np.int64),  # jobs that a satellite works on side by side
    ("extra_w", np.float64),  # all slots busy, above idle
    ("base_w", np.float64),  # served before the jobs: bus, links, idle computer
    ("idle_w", np.float64),
    ("floor_j", np.float64),  # no job may draw the battery below it
    ("discharge_efficiency", np.float64),
    ("throttle_k", np.float64),
    ("limit_k", np.float64),
    ("conductance_w_k", np.float64),  # from computer to radiator
    ("computer_j_k", np.float64),
    ("longest_dark_s", np.float64),  # no night of the orbit lasts longer
    ("least_speed", np.float64),  # a computer slower than this is too hot for more
    ("hop_s", np.float64),  # processing of the satellite that sends an answer down
    ("load_bytes_s", np.float64),  # of a model into memory
]
"""Numbers that all satellites and jobs share: a table of one row."""

REQUEST: Final[list[Field]] = [
    ("source", np.int32),  # satellite, or ground node from n_satellites on, that holds the input
    ("model", np.int32),
    ("release_s", np.float64),
    ("deadline_s", np.float64),
    ("work_s", np.float64),  # at full speed of one slot
    ("input_bytes", np.float64),
    ("output_bytes", np.float64),
    ("value", np.float64),
    ("law", np.int32),  # class of the job, as rules see it
]
"""What is asked for: first fields of a job."""

LEAVE: Final[list[Field]] = [
    ("granted_until_s", np.float64),  # what people allowed the job ends
    ("leave_until_s", np.float64),  # the leave ends that it was given to its satellite by
    ("granted_span", np.int32),  # span of verdicts in which they allowed it
    ("granted_place", np.int32),  # class of places where
    ("granted_receiver", np.int32),  # class of nodes that the answer may go to
    ("leave_span", np.int32),  # span and receiver that the leave is for
    ("leave_receiver", np.int32),
    ("refused", np.uint8),  # 1: people said no, or nothing
]
"""What people allowed a job: further fields of it."""

STATUS: Final[list[Field]] = [
    ("battery_j", np.float64),
    ("computer_k", np.float64),
    ("radiator_k", np.float64),
    ("array_w", np.float64),  # in the step
    ("warming_k_s", np.float64),  # trend of the radiator
    ("dark_since_s", np.float64),  # when the array ceased to carry the base load; inf while it does
    ("barred_s", np.float64),  # no new jobs before this time
    ("backlog_s", np.float64),  # promised and not done, loading included, at full speed of a slot
    ("stored_bytes", np.float64),  # inputs held or on their way
    ("exit_node", np.int32),  # ground node it reaches first; -1 for none
]
"""What a decision weighs of a satellite: its first fields."""

END: Final[list[Field]] = [
    ("line_bps", np.float64),  # at which the node sends
    ("line_free_s", np.float64),  # when the line out of it is free
    ("down_free_s", np.float64),  # when the line down to it is free
    ("away", np.int32),  # above 0 while it is out of order
]
"""A node of the network: satellites, then ground nodes."""

MODEL: Final[list[Field]] = [
    ("last_use_s", np.float64),  # when a job was last begun with it
    ("ready_s", np.float64),  # when it was in memory
    ("wanted", np.int32),  # promised jobs that need it
    ("resident", np.uint8),
]
"""A model on a satellite."""

CANDIDATE: Final[list[Field]] = [
    ("delay_s", np.float64),  # from the source
    ("answer_s", np.float64),  # expected
    ("load_s", np.float64),
    ("wait_s", np.float64),  # in the queue
    ("node", np.int32),
    ("leave", np.int32),  # what the rules make of it: see perigrid.control.dispatch.leave
    ("rule", np.int32),  # which of them
    ("reason", np.uint8),  # perigrid.control.dispatch.codes.Reason
]
"""A satellite that a decision looks at."""

ENVELOPE: Final[list[Field]] = [
    ("opens_s", np.float64),  # people have signed it; inf until they have
    ("from_s", np.float64),
    ("until_s", np.float64),
    *((f"{kind}_{what}", np.float64) for kind in ("most", "used")
      for what in ("count", "nbytes", "energy_j")),
]  # fmt: skip
"""An envelope: when it is in force, its limits, and what was used of them."""

PLACE: Final[list[Field]] = [("delay_s", np.float64), ("node", np.int32)]
"""The search from a satellite has come here."""


class Sight(Protocol):
    """What a decision is given. The engine's world is one.

    ``con`` has one row of :data:`SETTINGS`; ``jobs`` begin with :data:`REQUEST` and :data:`LEAVE`,
    ``sats`` with :data:`STATUS`; ``ends`` has a row of :data:`END` for each satellite and ground
    node; ``models`` is (n, n_models) of :data:`MODEL` and ``model_bytes`` their sizes [B];
    ``first``, ``spans``, ``verdicts``, ``node_class``, ``envelopes`` and ``inside`` are those of
    :class:`perigrid.control.dispatch.rules.FlightRules`; ``delay_s`` is (n_ground, n + n_ground)
    from the ground nodes [s] and ``near`` (n_ground, NEAR) their nearest satellites;
    ``row_start``, ``neighbour`` and ``laser_s`` are the lasers as compressed rows with delays [s];
    ``room`` and ``frontier`` receive the candidates.
    """

    @property
    def con(self) -> Table:
        """One row of settings."""
        ...

    @property
    def jobs(self) -> Table:
        """Requests."""
        ...

    @property
    def sats(self) -> Table:
        """Satellites."""
        ...

    @property
    def ends(self) -> Table:
        """Nodes of the network."""
        ...

    @property
    def models(self) -> Table:
        """Models on satellites."""
        ...

    @property
    def model_bytes(self) -> Floats:
        """Sizes of the models [B]."""
        ...

    @property
    def first(self) -> Ints:
        """First spans of the classes of jobs."""
        ...

    @property
    def spans(self) -> Table:
        """Spans of verdicts."""
        ...

    @property
    def verdicts(self) -> Table:
        """What the gate says of classes."""
        ...

    @property
    def node_class(self) -> Ints:
        """Classes of places and receivers."""
        ...

    @property
    def envelopes(self) -> Table:
        """Envelopes."""
        ...

    @property
    def inside(self) -> Bytes:
        """What lies inside them."""
        ...

    @property
    def delay_s(self) -> Floats:
        """Quickest ways from the ground nodes [s]."""
        ...

    @property
    def near(self) -> Ints:
        """Nearest satellites of the ground nodes."""
        ...

    @property
    def row_start(self) -> Longs:
        """Rows of the lasers."""
        ...

    @property
    def neighbour(self) -> Ints:
        """Other ends of the lasers."""
        ...

    @property
    def laser_s(self) -> Floats:
        """Delays of the lasers [s]."""
        ...

    @property
    def room(self) -> Table:
        """Room for candidates."""
        ...

    @property
    def frontier(self) -> Table:
        """Room for the search from a satellite."""
        ...
