"""Codes of states, their parts and regions."""

from __future__ import annotations

from perigrid.base.states import FOR_USERS, meant, regions, regions_of, states, with_whole


def test_states_and_their_regions() -> None:
    assert regions_of("DE") == ("DE", "EEA", "EU")
    assert regions_of("NO") == ("EEA", "NO")
    assert regions_of("CN") == ("CN", "US-proscribed")
    assert regions_of("BR") == ("BR",)
    assert regions_of("") == ()
    assert set(regions()) == {"EU", "EEA", "EU-adequate", "US-proscribed"}


def test_outermost_regions_are_in_the_union_and_associated_countries_are_not() -> None:
    for part in ("GF", "GP", "MF", "MQ", "RE", "YT"):
        assert regions_of(part) == tuple(sorted(("EEA", "EU", "FR", part)))
    assert regions_of("AX") == ("AX", "EEA", "EU", "FI")
    for apart in ("GL", "FO", "NC", "PF", "BL", "PM", "WF", "TF", "AW", "CW", "SX", "BQ", "GI"):
        assert regions_of(apart)[0] == apart or "FO" in regions_of(apart)
        assert "EU" not in regions_of(apart)
    assert with_whole("PR") == ("PR", "US")


def test_what_is_no_code_and_what_was_meant() -> None:
    assert len(states()) == 250
    assert states().isdisjoint({"UK", "EL", "XX", "EU"})
    assert (meant("UK"), meant("EL"), meant("QQ")) == ("GB", "GR", "")
    assert {"XX", "AA", "ZZ", "QM"} <= FOR_USERS
