"""Tables of a run: what stands in a row of each."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.core.messages import Field
from perigrid.fleet.state import ENERGY_FLOWS

SETTINGS: Final[list[Field]] = [
    ("satellites", np.int64),
    ("opening", np.int64),  # what people do for certain
    ("signers", np.int64),  # who may answer a request
    ("way_legs", np.int64),  # of a way that there is room for, of each job
    ("sends_pixels", np.uint8),
    ("faulty", np.uint8),  # any fault may come
    ("save_s", np.float64),  # of work that saving a checkpoint takes
    ("report_s", np.float64),  # between two reports of telemetry
    ("relay_j_byte", np.float64),
    ("fibre_j_byte", np.float64),
    ("routed", np.uint8),  # ways are routes of now, and light comes block by block
    ("load_bytes_s", np.float64),  # at which a model is read into memory
]
"""Numbers that all share: a table of one row."""

NODE: Final[list[Field]] = [
    ("active_w", np.float64),  # of a station that receives
    ("feeder_bps", np.float64),  # of a gateway
    ("pue", np.float64),  # of a data centre
    ("kind", np.int64),  # of its computer: column of WORK; -1 without one
    ("away", np.int64),  # faults that keep it away
    ("lost", np.uint8),  # for good
    ("slots", np.int64),
    ("first_slot", np.int64),  # in World.running
    ("busy", np.int64),  # slots
    ("head", np.int64),  # ends of the queue of its computer; -1 for none
    ("tail", np.int64),
    ("brake", np.uint8),  # what keeps it from full speed: place in CAUSES
    ("speed", np.float64),  # share of full speed
    ("mark_s", np.float64),  # counted until
    ("at_speed_s", np.float64),  # since the start, at the speed reached
    ("heat_s", np.float64),  # and withheld
    ("battery_s", np.float64),
    ("energy_j", np.float64),  # of the computer above idle, since it was last taken
    ("memory_bytes", np.float64),  # of its computer, of all slots
    ("used_bytes", np.float64),  # by models and by tasks at work
]
"""A node of the fleet, with its computer and what that has counted."""

SATELLITE: Final[list[Field]] = [
    ("capacity_j", np.float64),
    ("floor_j", np.float64),
    ("charge_efficiency", np.float64),
    ("discharge_efficiency", np.float64),
    ("max_charge_w", np.float64),
    ("max_discharge_w", np.float64),
    ("computer_j_k", np.float64),
    ("radiator_j_k", np.float64),
    ("conductance_w_k", np.float64),
    ("emissivity", np.float64),
    ("area_m2", np.float64),
    ("throttle_k", np.float64),
    ("limit_k", np.float64),
    ("needed_w", np.float64),  # above idle at full speed, at most; 0 without a computer
    ("bus_w", np.float64),
    ("idle_w", np.float64),
    ("radio_w", np.float64),
    ("room_bytes", np.float64),
    ("save_every_s", np.float64),  # work between two checkpoints; infinity for none
    ("battery_j", np.float64),  # from here on it changes
    ("computer_k", np.float64),
    ("radiator_k", np.float64),
    ("held_bytes", np.float64),  # stored or reserved
    *((name, np.float64) for name in ENERGY_FLOWS),  # since the start
    ("surplus_j", np.float64),  # of the array beyond bus, idle computer and lasers held
    ("base_w", np.float64),  # served before the computer's work, in the step
    ("heat_speed", np.float64),  # shares of full speed that heat and energy allow in the step
    ("power_speed", np.float64),
    ("off", np.uint8),  # 1: camera, computer, radio and lasers have no energy in the step
]
"""A satellite's bus and state, the first rows of the fleet."""

STAGE: Final[list[Field]] = [
    ("when", np.int8),  # stage whose outcome it hangs on; -1 for none
    ("above", np.float64),  # it runs if the outcome is more than this,
    ("at_most", np.float64),  # and no more than this
    ("deliver", np.uint8),
    ("pixel_m2", np.float64),
    ("memory_bytes", np.float64),  # of a task at work, besides its model
]

WORK: Final[list[Field]] = [
    ("fixed_s", np.float64),
    ("s_per_pixel", np.float64),
    ("ops_per_pixel", np.float64),
    ("rate_ops_s", np.float64),  # peak times efficiency
    ("bytes_per_pixel", np.float64),
    ("bandwidth_bytes_s", np.float64),
    ("power_w", np.float64),  # of one slot, above idle
    ("fits", np.uint8),  # its memory
]
"""A stage on a kind of computer, see :func:`perigrid.workload.profile.stage_time_s`."""

MODEL: Final[list[Field]] = [
    ("resident", np.uint8),  # in memory, or being read into it
    ("ready_s", np.float64),  # when it is read
    ("last_use_s", np.float64),  # begin of the last task that needed it
]
"""A model on a satellite."""

JOB: Final[list[Field]] = [
    ("t_capture_s", np.float64),
    ("deadline_s", np.float64),
    ("raw_bytes", np.float64),
    ("area_m2", np.float64),
    ("power_share", np.float64),  # of the power of a slot
    ("model", np.int64),  # that it needs in memory
    ("origin", np.int64),
    ("t_from_s", np.float64),  # busy since
    ("until_s", np.float64),  # end of a wait, arrival of a move
    ("expires_s", np.float64),  # end of the authority of its stage, which begins before or never
    ("work_s", np.float64),  # of its stage at full speed
    ("left_s", np.float64),  # of it
    ("kept_s", np.float64),  # done and saved by an earlier try, not in work_s
    ("power_w", np.float64),  # of its slot
    ("t_task_s", np.float64),  # left_s as of then
    ("at_speed_s", np.float64),  # counters of its computer when it was submitted
    ("heat_s", np.float64),
    ("battery_s", np.float64),
    ("space_j", np.float64),  # spent in orbit
    ("ground_j", np.float64),
    ("t_end_s", np.float64),  # NaN in flight
    ("done", np.int64),  # bit of each stage that is done
    ("tasks", np.int64),  # given to computers so far
    ("source", np.int64),  # of its move
    ("target", np.int64),  # of its move
    ("at", np.int64),  # where it is being computed
    ("node", np.int64),  # where it was last computed; -1 if nowhere
    ("holder", np.int64),  # satellite that stores its pixels; -1 for none
    ("reserved", np.int64),  # satellite with room kept for them; -1 for none
    ("first_leg", np.int64),  # of its move, in World.legs
    ("legs", np.int64),
    ("following", np.int64),  # next in its computer's queue
    ("before", np.int64),  # neighbours in the list of those that are busy; -1 for none
    ("after", np.int64),
    ("doing", np.uint8),  # Doing
    ("running", np.uint8),  # on a slot
    ("product", np.uint8),  # of its move
    ("cause", np.uint8),  # of its wait
    ("stage", np.int8),  # of its task
    ("corrupted", np.uint8),  # its task,
    ("detected", np.uint8),  # which a check will find
    ("again", np.uint8),  # its move failed, and was not begun again
    ("ended", np.uint8),  # Ended
    ("reason", np.uint8),  # of a miss: place in CAUSES, or a code beside them
    ("asked", np.uint8),  # people were, and nothing was begun since
]
"""An observation, or a compute job; up to ``origin`` it does not change."""

TRY: Final[list[Field]] = [
    ("kept_s", np.float64),  # work that a checkpoint holds,
    ("at", np.int64),  # the satellite that has it; -1 for none
    ("corrupted", np.uint8),
    ("detected", np.uint8),
    ("wrong", np.uint8),  # its last result is corrupt
    ("again", np.uint8),  # Again: as what it counts when it is begun once more
]
"""What faults left of a stage of an observation."""

TURN: Final[list[Field]] = [
    ("t_s", np.float64),
    ("node", np.int64),
    ("kind", np.uint8),  # FaultKind
    ("begins", np.uint8),  # 0: it ends
    ("detected", np.uint8),  # of a corruption
]
"""A fault begins or ends."""

ENTRY: Final[list[Field]] = [
    ("t_s", np.float64),
    ("order", np.int64),
    ("job", np.int64),
    ("part", np.int64),  # of its move the leg, of its tasks the number
    ("kind", np.uint8),  # Due
]
"""Something to come."""

BEGUN: Final[list[Field]] = [
    ("job", np.int64),
    ("t_s", np.float64),  # the first bit sent, or the stage begun
]
"""An act, of a job that people were asked about."""
