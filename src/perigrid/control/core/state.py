"""What the decision core knows, as tables that its parts share; nothing in it is the world itself.

A request does not change. What is known of a job, a satellite and a contact does, from events and
from what was decided. Rows that are chained (queues, stages given to a computer) name each other.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from perigrid.control.contact_plan.equipment import Equipment
from perigrid.control.core.messages import Field, Table

Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Words64: TypeAlias = npt.NDArray[np.uint64]
Ints32: TypeAlias = npt.NDArray[np.int32]

FINE, NO_ROOM, OVERFLOW, UNANSWERED = 0, 1, 2, 3
"""What :func:`perigrid.control.core.handle.handle` answers."""
RAW, ANSWER = 0, 1
"""Places in ``PRODUCTS``."""
WAY_LEGS = 8
"""Of a way that there is room for, of each job whose product goes whole; and of one over every
node."""
EVERY_LEG = 1 << 30
"""In place of the number of one behind the last leg."""
DESPITE = 2
"""In place of a product: of one that is sent as if what is away were there."""
UNTAKEN = 255
"""In place of what is done for a job: nothing yet."""
THERE = 255
"""In place of a fault: none keeps a node away."""

CON: Final[list[Field]] = [
    ("n_satellites", np.int64),
    ("n_stages", np.int64),
    ("n_holders", np.int64),  # sets of holders that rules tell apart
    ("scheduler", np.int64),
    ("end_s", np.float64),  # of the run
    ("answer_bytes", np.float64),  # largest that goes down; NaN where pixels do
    ("weighs", np.uint8),  # the scheduler weighs places where pixels may not be computed
    ("sends_pixels", np.uint8),
    ("may_migrate", np.uint8),
    ("at_origin", np.uint8),
    ("on_ground", np.uint8),
    ("weighs_all", np.uint8),
    ("in_orbit", np.uint8),  # any stage may run on a satellite
    ("urgent", np.uint8),  # what some stage finds is urgent
    ("parts", np.uint8),  # some product is larger than any window
    ("widest_bytes", np.float64, (2,)),  # what a window into the ground carries, by product
    ("way_legs", np.int64),  # of a way that there is room for, of each job
    ("t_s", np.float64),  # from here on it changes: now
    ("told_s", np.float64),  # of the last report, and how many came
    ("reports", np.int64),
    ("seen_s", np.float64),  # of the report that was last simulated from, and its number
    ("seen", np.int64),
    ("balanced", np.int64),  # number of the report after which all queues were looked through
    ("screened", np.int64),  # outcomes that came
    ("kept", np.int64),  # of them, those that led on
    ("batch", np.int64),  # number of the choice
    ("freed", np.int64),  # rows of lists in use
    ("ready", np.int64),
    ("drafts", np.int64),
    ("places", np.int64),
    ("held", np.int64),  # jobs in queues
    ("spare", np.int64),  # free rows of latest ends
    ("newest", np.int64),  # row of latest ends that was last worked out; -1
    ("turn_s", np.float64),  # when what rules say of an action may change
    ("within", np.uint8),  # only the last row of open nodes is open
    ("overflow", np.uint8),  # a table of decisions was full
    ("troubled", np.uint8),  # any fault has shown
    ("away", np.int64),  # nodes
    ("quarantines", np.int64),
    ("free_leg", np.int64),  # row of legs under way that is free, and how many are
    ("spare_legs", np.int64),
    ("retries", np.int64),  # what is done about faults, and does not change: of one stage
    ("stays", np.uint8),  # a stage that failed is begun again where it was
    ("accepts", np.uint8),  # suspect results count
    ("stays_suspect", np.uint8),
    ("quarantine_after", np.int64),  # suspicions
    ("quarantine_s", np.float64),
    ("mean_away_s", np.float64, (6,)),  # by FaultKind
    ("answers", np.int64),  # decisions about a job on one event, at most
    ("lends", np.uint8),  # operators lend each other computers, by grants
    ("guarded", np.uint8),  # limits of autonomy, or an order: every step is put to Python
    ("planned", np.int64),  # jobs of the planner's plan; changes
    ("routed", np.uint8),  # ways are routes of now, not windows
    ("hop_s", np.float64),  # where a route down reaches the ground
    ("route_end_s", np.float64),  # until when the routes of now hold; changes
    ("load_bytes_s", np.float64),  # of a model into memory
    ("work_bytes", np.float64),  # of memory that a job at work takes besides its model
    ("enveloped", np.uint8),  # people may have allowed acts of compute jobs beforehand; changes
    ("asking", np.int64),  # acts of the instant that people are asked about together; changes
    ("searched", np.int64),  # how often hosts of data on the ground were looked for; changes
    ("ages", np.int64),  # choices of a satellite by another's telemetry; changes, as do
    ("age_s", np.float64),  # how old that was, in all,
    ("oldest_s", np.float64),  # and at most
]
"""Settings and counters: a table of one row."""

JOB: Final[list[Field]] = [
    ("origin", np.int64),
    ("facts", np.int64),  # what rules know of the scene
    ("area", np.int64),  # its size among the sizes there are
    ("capture_s", np.float64),
    ("deadline_s", np.float64),
    ("raw_bytes", np.float64),
    ("user", np.int64),  # ground node that the answer goes to; -1 for any
    ("answer_share", np.float64),  # of the size of an answer
    ("model", np.int64),
    ("struck", np.uint8),  # from here on it changes: a fault undid something of it
    ("stay", np.uint8),  # it is computed where it is, whatever a scheduler would choose
    ("tries", np.int64),  # how often a stage was begun again
    ("leave", np.int64),  # satellite that it leaves before it is computed; -1
    ("product", np.uint8),  # of its move
    ("there_bytes", np.float64),  # of a product that goes in parts: what has come
    ("there", np.int64),  # data centre where it is; -1
    ("first_leg", np.int64),  # of its move among the legs under way; -1
    ("doing", np.uint8),  # ActionKind; 255 before anything
    ("coming", np.uint8),  # its pixels are on the way to the satellite in whose queue it is
    ("holder", np.int64),
    ("answer_at", np.int64),  # data centre; -1
    ("goal", np.int64),  # satellite to which its pixels were to go; -1
    ("last", np.int64),  # stage done last; -1
    ("done", np.int64),  # stages done, as bits
    ("held_by", np.int64),  # holders that rules tell apart, as bits
    ("stored_at", np.int64),  # satellite that stores its pixels; -1
    ("room_at", np.int64),  # satellite that keeps room for them; -1
    ("given_to", np.int64),  # satellite whose computer has a stage of it; -1
    ("given_next", np.int64),
    ("given_before", np.int64),
    ("given_s", np.float64),  # time of that stage
    ("begun_s", np.float64),  # when it began, believed; infinity before. Of a routed run, as are
    ("promised_to", np.int64),  # satellite to which it goes or on which it waits; -1
    ("promised_s", np.float64),  # and what it takes there
    ("load_at", np.int64),  # satellite where its model was to be loaded; -1
    ("load_s", np.float64),  # and how long that takes
    ("queue", np.int64),  # satellite; -1
    ("queue_next", np.int64),
    ("queue_before", np.int64),
    ("key_s", np.float64),  # order in the queue
    ("coming_s", np.float64),
    ("latest", np.int64),  # row of latest ends; -1
    ("draft", np.int64),  # answer in this choice; -1
    ("asked", np.int64),  # choice for which it last asked
    ("requests", np.int64),  # how often people were asked about its next step
    ("lent", np.uint8),  # a grant was asked for it
    ("asked_act", np.uint8),  # ActionKind of what people were last asked of it with others
    ("asked_part", np.int8),  # product or stage of that,
    ("asked_from", np.int32),
    ("asked_to", np.int32),
    ("asked_rule", np.int32),  # verdict that reserves it,
    ("granted", np.int32),  # verdict that grants it, and until when
    ("granted_s", np.float64),
]
"""A request, and what is known of its job."""

SATELLITE: Final[list[Field]] = [
    ("kind", np.int64),  # of computer
    ("computes", np.uint8),
    ("room_bytes", np.float64),
    ("capacity_j", np.float64),
    ("min_soc", np.float64),
    ("floor_j", np.float64),  # with the forecast's margin
    ("battery_floor_j", np.float64),
    ("charge_efficiency", np.float64),
    ("discharge_efficiency", np.float64),
    ("max_charge_w", np.float64),
    ("max_discharge_w", np.float64),
    ("computer_j_k", np.float64),
    ("radiator_j_k", np.float64),
    ("conductance_w_k", np.float64),
    ("emissivity", np.float64),
    ("area_m2", np.float64),
    ("limit_k", np.float64),  # throttling with the forecast's margin
    ("bus_w", np.float64),
    ("idle_w", np.float64),
    ("extra_w", np.float64),  # of the largest scene
    ("fade", np.int64),  # place in the curves: how a computer cools
    ("throttle_k", np.float64),  # from here on it slows down, to nothing
    ("stop_k", np.float64),  # there
    ("slots", np.int64),  # stages that it computes at once; 1 in a run by windows
    ("memory_bytes", np.float64),  # of all slots
    ("held_bytes", np.float64),  # from here on it changes: pixels and room kept
    ("busy_s", np.float64),  # until when its computer has what it was given
    ("blocked_s", np.float64),  # until when it is believed to be away or is in quarantine
    ("given_first", np.int64),
    ("given_last", np.int64),
    ("given", np.int64),  # stages that its computer has
    ("promised", np.int64),  # jobs that come to it or wait on it
    ("promised_s", np.float64),  # and what they take
    ("exit", np.int64),  # row of exits: the nearest, of the routes that held until then
    ("exit_s", np.float64),
    ("queue_first", np.int64),
    ("queue_last", np.int64),
    ("queued", np.int64),
    ("listed", np.int64),  # choice in which it was last looked at
    ("missing_w", np.float64),  # sunlight that did not come
    ("full_j", np.float64),  # what it was seen to hold when full
    ("given_j", np.float64),  # since the last report
    ("seen_j", np.float64),  # battery in the report before
    ("island", np.int64),  # satellite that stands for all that were connected at the last report
]

HEARD: Final[list[Field]] = [
    ("told_s", np.float64),  # when it was reported
    ("battery_j", np.float64),
    ("computer_k", np.float64),
    ("radiator_k", np.float64),
    ("held_bytes", np.float64),
    ("missing_w", np.float64),  # as it was known to itself then, as are
    ("full_j", np.float64),
    ("busy_s", np.float64),
    ("blocked_s", np.float64),  # and until when it is believed to begin nothing
    ("seen", np.int64),  # number of the report for which others last reckoned it ahead
    ("now_s", np.float64),  # until when it is reckoned ahead, and how it would be then
    ("now_j", np.float64),
    ("now_computer_k", np.float64),
    ("now_radiator_k", np.float64),
]
"""A satellite as others last heard of it."""

NODE: Final[list[Field]] = [
    ("index", np.int64),  # among the nodes of contacts; -1
    ("stand_in", np.int64),  # kind of node that rules know
    ("kind", np.int64),  # of computer; -1 for none
    ("holder", np.int64),  # bit of those that rules tell apart; 0
    ("down", np.uint8),  # from here on it changes: FaultKind that it fails by; 255
    ("away", np.uint8),  # as far as others have heard: FaultKind that keeps it away; 255
    ("lost", np.uint8),  # so that it will not come back
    ("away_s", np.float64),  # nothing is planned to it until then,
    ("gone_s", np.float64),  # nor from it, which knows sooner that it is back
    ("unpowered_s", np.float64),  # until when it is not tried again, having had no energy
    ("quarantine_s", np.float64),  # when its quarantine ends
    ("told_quarantine_s", np.float64),  # as far as others have heard
    ("suspicions", np.int64),  # since its last quarantine
    ("operator", np.int64),  # number of who runs it; this does not change, nor do
    ("lent_out", np.uint8),  # it is lent to some other operator; known of a routed run
    ("ground", np.int64),  # its place among ground nodes; -1
    ("line_bps", np.float64),  # its line: of a ground node, or of a satellite's lasers
    ("line_free_s", np.float64),  # until when what is booked on it is sent; changes
    ("down_free_s", np.float64),  # the same of what comes down to a ground node; changes
    ("taken", np.int64),  # choice in which its line was last given to a job; changes
    ("first_slot", np.int64),  # of a data centre, among those of all
    ("slots", np.int64),
]
"""A row of the fleet; what is away, suspect or in quarantine as far as the core has heard."""

STAGE: Final[list[Field]] = [
    ("asks", np.int64),  # stage whose outcome its condition asks for; -1
    ("above", np.float64),  # NaN for no limit
    ("at_most", np.float64),
    ("output_bytes", np.float64),
    ("deliver", np.uint8),
    ("priority", np.int64),  # of what it makes
    ("screens", np.uint8),  # executes the cloud detector
    ("sure", np.uint8),  # every job goes through it
    ("in_origin", np.uint8),  # places where it may run
    ("in_satellite", np.uint8),
    ("on_ground", np.uint8),
]

COST: Final[list[Field]] = [
    ("all_s", np.float64),  # of all stages of the scene
    ("all_w", np.float64),  # mean above idle
    ("all_j", np.float64),
    ("work_s", np.float64),  # of the stage
    ("work_j", np.float64),
    ("power_w", np.float64),
    ("there_s", np.float64),  # of it and of those that follow on the same satellite
    ("rise", np.int64),  # place in the curves: how it warms a computer
    ("steps", np.int64),
]
"""A stage of a scene of a size on a kind of computer."""


class Windows(NamedTuple):
    """A contact plan as the search reads it; tables as of ``contact_plan.table``.

    ``free_s`` has a row for each product: from when on contacts may be used, whatever is booked,
    infinity where it may not be carried [s]; of the core's own plan one more, for what could be
    sent if all that will come back were there.
    """

    first_pair: Longs
    pairs: Table
    windows: Table
    hold_s: Floats
    free_s: Floats


class Search(NamedTuple):
    """Room of a search; ``later_s`` says when contacts may be used where rules open nodes in time.

    Over routes ``reached`` has the satellites that were found, ``asked`` and ``asked_s`` what was
    searched for (:mod:`perigrid.control.core.routes`), and ``arrival_s`` is infinite but for them.
    """

    arrival_s: Floats
    via: Longs
    heap: Longs
    where: Longs
    later_s: Floats
    reached: Longs
    asked: Longs
    asked_s: Floats


class Core(NamedTuple):
    """Everything that the core decides with.

    ``found`` is (n_jobs, n_stages) of outcomes [1]; ``costs`` (kinds of computer, sizes, stages);
    ``curves`` holds temperatures one after the other; ``place_of`` finds an outlook's contact among
    those of the search; ``open`` and ``open_back`` have a row for each set of nodes that rules
    leave open, the first for all, and ``open`` a last one for a single search, ``shut`` for each
    that they close, the first for none; ``first_facts`` has the first row of facts of each case;
    ``verdicts`` is (facts, 2, kinds of node): of moving there and of computing there; ``ahead`` (4,
    2 n_satellites, n_steps) is the forecast, of satellites by themselves and then by others:
    headroom [J], battery [J], computer [K], surplus [W]; ``told`` (4, n_satellites) is the last
    report: battery [J], computer [K], radiator [K], storage [B]; ``heard`` (n_satellites) is what
    others heard of reports; ``latest_s`` has a row of latest useful ends by satellite for each job
    in a queue [s]; ``near`` (n_satellites, words) has a bit for each satellite whose pixels can
    come at once; ``under_way`` has the legs of all moves, ``lifted`` (n_jobs,) is a list of jobs;
    ``outside`` says whom to ask what is not compiled (:mod:`perigrid.control.core.outside`), and
    whether that failed; of the planner ``starts_s`` (n_satellites, starts) and ``ways_s`` (2, jobs,
    n_satellites), when pixels could be there and what is left to do there [s]; ``planned`` (2,
    jobs) has jobs and satellites that they shall go to.

    Of a routed run, fed from outside while its routes hold: ``route_delay_s`` (n_ground,
    n_satellites + n_ground) from each ground node to each satellite and ground node, and back the
    same, infinity where there is no way [s]; ``route_near`` (n_ground, n_near) the satellites
    nearest to each, -1 behind the last; ``laser_s`` the delays of lasers [s], which ``laser_first``
    and ``laser_to`` order by satellite. ``route_missed`` (n_satellites) has those out of order that
    a ground node has in sight, ``laser_cut`` the lasers that would be held but for an end out of
    order. ``model_bytes`` (n_models) are sizes [B], ``model_used_s`` (n_satellites, n_models) says
    when a satellite was last given a job of a model; ``slot_free_s`` when each slot of the data
    centres has done what it was given [s].

    ``fibre_s`` (exits, n_nodes), of products that go in parts, is the delay from each ground node
    to each data centre [s].
    """

    con: Table
    jobs: Table
    found: Floats
    satellites: Table
    nodes: Table
    stages: Table
    costs: Table
    curves: Floats
    plan: Windows
    back: Windows
    booked: Equipment
    contacts: Table
    place_of: Longs
    exits: Table
    mesh: Longs
    booked_bytes: Floats
    first_facts: Longs
    facts: Table
    shut: Bools
    open: Bools
    open_back: Bools
    verdicts: Longs
    strictness: Longs
    closed: Table
    outlook_s: Floats
    array_w: Floats
    environment_w: Floats
    laser_w: Floats
    told: Floats
    heard: Table
    times_s: Floats
    columns: Longs
    ahead: Floats
    latest_s: Floats
    latest: Table
    spare: Longs
    near: Words64
    under_way: Table
    lifted: Longs
    outside: Longs
    freed: Longs
    ready: Longs
    drafts: Table
    places: Table
    way: Table
    here: Search
    there: Search
    past: Search
    starts_s: Floats
    ways_s: Floats
    planned: Longs
    route_delay_s: Floats
    route_near: Ints32
    laser_first: Longs
    laser_to: Ints32
    laser_s: Floats
    route_missed: Bools
    laser_cut: Bools
    model_bytes: Floats
    model_used_s: Floats
    slot_free_s: Floats
    fibre_s: Floats
