"""A terminal draws power while it is linked, whether or not it sends."""

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, EYES, LASER, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Contacts, Outlook
from perigrid.fleet.windows import contact_rows, merge_contacts, no_contacts

MISSION = with_group(SCENARIO, "relay", orbit=replace(COMPUTE.orbit, satellites=1))
FLEET = build_fleet(MISSION)


def rows(kind: ContactKind, *windows: tuple[int, int, float, float]) -> Contacts:
    source, target, start_s, end_s = zip(*windows, strict=True)
    ones = np.ones(len(windows))
    return contact_rows(
        kind,
        source=source,
        target=target,
        t_start_s=start_s,
        t_end_s=end_s,
        rate_bps=ones,
        light_time_s=ones,
    )


def outlook(*parts: Contacts) -> Outlook:
    t_s = np.array([0.0, 60.0, 120.0, 150.0])
    flat = np.zeros((FLEET.n_satellites, len(t_s)))
    return Outlook(t_s, flat, flat, flat, flat, flat, flat, merge_contacts(list(parts)))


def energy_j(kinds: set[ContactKind], *parts: Contacts) -> np.ndarray:
    ahead = outlook(*parts)
    return held_laser_w(FLEET, ahead, kinds) * np.diff(ahead.t_s)


def test_a_crosslink_loads_both_ends_from_the_start_of_acquisition() -> None:
    link = rows(ContactKind.CROSSLINK, (0, 1, 70.0, 130.0), (1, 0, 70.0, 130.0))
    drawn = energy_j({ContactKind.CROSSLINK}, link) / LASER.active_w
    on_s = [20.0, 60.0, 10.0]  # 30 s of acquisition before 70 s
    assert drawn[0] == pytest.approx(on_s)
    assert drawn[1] == pytest.approx(on_s)
    assert not drawn[2:].any()


def test_two_links_draw_twice() -> None:
    link = rows(ContactKind.CROSSLINK, (0, 1, 30.0, 150.0), (0, 2, 90.0, 150.0))
    assert energy_j({ContactKind.CROSSLINK}, link)[0].sum() == pytest.approx(240 * LASER.active_w)


def test_a_relay_terminal_is_one_while_it_hands_over() -> None:
    link = rows(ContactKind.RELAY, (0, 9, 30.0, 80.0), (0, 10, 80.0, 100.0), (0, 9, 125.0, 150.0))
    drawn = energy_j({ContactKind.RELAY}, link)[0] / LASER.active_w
    assert drawn == pytest.approx([60.0, 60.0, 30.0])  # 30 s of acquisition, cut at 100 s


def test_other_links_than_the_architecture_uses_are_off() -> None:
    link = rows(ContactKind.CROSSLINK, (0, 1, 30.0, 150.0))
    radio = rows(ContactKind.DOWNLINK, (0, 9, 30.0, 150.0))
    assert not energy_j({ContactKind.RELAY, ContactKind.DOWNLINK}, link, radio).any()
    assert energy_j({ContactKind.CROSSLINK, ContactKind.DOWNLINK}, link, radio).any()


def test_without_lasers_nothing_is_drawn() -> None:
    dark = build_fleet(with_group(MISSION, "compute", laser=None))
    assert not held_laser_w(dark, outlook(no_contacts()), {ContactKind.CROSSLINK}).any()


def test_unlike_ends_draw_their_own_power_while_the_slower_one_seeks() -> None:
    fleet = build_fleet(replace(SCENARIO, groups=(COMPUTE, EYES)))
    link = rows(ContactKind.CROSSLINK, (0, 6, 70.0, 130.0), (6, 0, 70.0, 130.0))
    ahead = outlook(link)
    found_j = held_laser_w(fleet, ahead, {ContactKind.CROSSLINK}) * np.diff(ahead.t_s)
    on_s = np.array([35.0, 60.0, 10.0])  # the imager takes 45 s to acquire, the other one 30 s
    assert found_j[0] == pytest.approx(on_s * LASER.active_w)
    assert found_j[6] == pytest.approx(on_s * EYES.laser.active_w)
