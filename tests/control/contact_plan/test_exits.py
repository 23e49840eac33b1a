from perigrid.control.contact_plan.exits import NO_CONTACT, Exit, fibre_leg


def test_fibre_sends_at_once_and_arrives_after_its_delay() -> None:
    leg = fibre_leg(Exit(centre=9, delay_s=0.25, rate_bps=8e6), 4, 100.0, 2e6)
    assert (leg.contact, leg.source, leg.target) == (NO_CONTACT, 4, 9)
    assert (leg.t_window_s, leg.t_start_s, leg.t_end_s) == (100.0, 100.0, 102.0)
    assert leg.t_arrival_s == 102.25
