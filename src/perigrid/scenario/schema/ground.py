"""Schema of the ground: receiving stations, data centres, fibre, and the relay network's costs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from perigrid.base.names import NAME
from perigrid.scenario.schema.fields import (
    COUNTRY,
    SLUG,
    Origin,
    Section,
    number,
    section,
    text,
)
from perigrid.scenario.schema.payload import ComputerSpec


class HorizonPoint(Section):
    """One point of a station's horizon."""

    azimuth_deg: float = number("deg", "From north over east.", ge=0, lt=360)
    elevation_deg: float = number("deg", "Lowest usable elevation there.", ge=-5, le=89)


class Site(Section):
    """One place of a network."""

    name: str = text("Place.", pattern=NAME)
    country: str = text("ISO 3166 alpha-2.", pattern=COUNTRY)
    latitude_deg: float = number("deg", "Geodetic latitude, north positive.", ge=-90, le=90)
    longitude_deg: float = number("deg", "Longitude, east positive.", ge=-180, le=180)
    height_m: float = number(
        "m",
        "Height above the ellipsoid.",
        0.0,
        Origin("taken as zero: 1 km shifts a pass by under a second"),
        ge=-500,
        le=9000,
    )
    azimuth_mask: list[HorizonPoint] = Field(
        default_factory=list,
        max_length=3600,
        description="Horizon of an operator's station, azimuths rising; linear between the "
        "points, around the circle. min_elevation_deg holds as well.",
    )


class StationNetwork(Section):
    """Stations that share their equipment."""

    name: str = text("Short name, used in paths.", pattern=SLUG)
    role: Literal["operator", "gateway"] = Field(
        description="operator: downlink of the computing fleet; gateway: feeder of the relay."
    )
    operator: str = text("Who runs them.", pattern=SLUG)
    min_elevation_deg: float = number(
        "deg", "Lowest usable elevation.", 5.0, Origin("typical of X-band stations"), ge=0, lt=90
    )
    max_range_km: float = number(
        "km",
        "Longest slant range of a downlink (operators).",
        100_000.0,
        Origin("no limit: beyond geostationary orbit"),
        gt=0,
        le=100_000,
    )
    sun: Literal["any", "night"] = Field(
        "any",
        description="When operators' stations work. night: only while the Sun's centre is more "
        "than 6 degrees below the horizon (end of civil twilight), as for optical terminals.",
    )
    antennas: int = number(
        "1",
        "Satellites served at once, each by an antenna of its own.",
        2,
        Origin("design choice"),
        ge=1,
        le=1000,
    )
    antenna_turnaround_s: float = number(
        "s",
        "Time in which an antenna turns from one satellite to another and locks on to it; a pass "
        "that is no longer is not used (operators).",
        30.0,
        Origin("half a turn at 10 degrees a second, and as much again to lock: 11-13 m dishes"),
        ge=0,
        le=3600,
    )
    g_over_t_db_k: float = number(
        "dB/K",
        "Receiver figure of merit.",
        32.0,
        Origin("typical of 11-13 m X-band dishes: 31-36 dB/K"),
        ge=-50,
        le=80,
    )
    active_w: float = number(
        "W",
        "Draw of one antenna while receiving.",
        2000.0,
        Origin("drives, receivers and air conditioning"),
        ge=0,
        le=1e7,
    )
    feeder_rate_gbps: float = number(
        "Gbit/s",
        "Rate of one antenna's feeder link (gateways; any station for compute jobs).",
        10.0,
        Origin("order of a Ka/E-band feeder; not published per gateway"),
        gt=0,
        le=100_000,
    )
    availability: float = number(
        "1",
        "Share of an average year in which a downlink keeps its planned rate through rain, clouds "
        "and gases, by ITU-R P.618, 0.95 to 0.99999; 0 for the radio's constant losses alone.",
        0.0,
        Origin("design choice: a constant margin, as on X-band links"),
        ge=0,
        le=0.99999,
    )
    antenna_m: float = number(
        "m",
        "Dish diameter, which averages scintillation out; counts only with availability.",
        11.0,
        Origin("the smaller of the 11-13 m dishes behind g_over_t_db_k"),
        gt=0,
        le=100,
    )
    sites: list[Site] = Field(min_length=1, max_length=10_000)


class ServerSpec(ComputerSpec):
    """A server of accelerators: rates and memory of one slot, power of the whole."""

    name: str = text("What it is.", default="8 x NVIDIA H100 SXM")
    peak_tops: float = number(
        "Tops/s",
        "Peak rate at the precision the pipeline uses (int8, dense).",
        1979.0,
        Origin("NVIDIA H100 data sheet, SXM, dense", "2023", "published"),
        gt=0,
        le=1e9,
    )
    memory_bandwidth_gb_s: float = number(
        "GB/s",
        "Memory bandwidth.",
        3350.0,
        Origin("NVIDIA H100 data sheet, SXM", "2023", "published"),
        gt=0,
        le=1e9,
    )
    memory_gb: float = number(
        "GB",
        "Memory.",
        80.0,
        Origin("NVIDIA H100 data sheet, SXM", "2023", "published"),
        gt=0,
        le=1e9,
    )
    idle_w: float = number(
        "W",
        "Draw when idle, all slots and the host.",
        1600.0,
        Origin("8 cards at about 70 W, host, fans and switches"),
        ge=0,
        le=1e9,
    )
    active_w: float = number(
        "W",
        "Draw when all slots compute, with the host.",
        10_200.0,
        Origin("NVIDIA DGX H100 data sheet, maximum system power", "2023", "published"),
        gt=0,
        le=1e9,
    )
    host_gops: float = number(
        "Gops/s",
        "Rate of the general cores beside the accelerator, walking decision trees.",
        8.361,
        Origin(
            "14 server cores a slot (DGX H100: 2 x 56 for 8 cards) at the measured 0.597 Gops/s "
            "(tools/profile_models.py)",
            "2026-11-23",
            "derived",
        ),
        gt=0,
        le=1e9,
    )
    host_w: float = number(
        "W",
        "Draw of the general cores when busy, above idle, all slots.",
        700.0,
        Origin("2 x Intel Xeon 8480C of 350 W (DGX H100)", "2023", "published"),
        ge=0,
        le=1e9,
    )
    slots: int = number(
        "1",
        "Jobs processed side by side, each at full rate.",
        8,
        Origin("one server of eight"),
        ge=1,
        le=1_000_000,
    )


class Centre(Section):
    """A data centre: where raw pixels are computed and answers are wanted."""

    name: str = text("Place.", pattern=NAME)
    operator: str = text("Who runs it.", pattern=SLUG)
    country: str = text("ISO 3166 alpha-2.", pattern=COUNTRY)
    latitude_deg: float = number("deg", "Geodetic latitude, north positive.", ge=-90, le=90)
    longitude_deg: float = number("deg", "Longitude, east positive.", ge=-180, le=180)
    computer: ServerSpec = section(ServerSpec)
    pue: float = number(
        "1",
        "Power usage effectiveness: facility over IT energy.",
        1.25,
        Origin("hyperscale range 1.09-1.4 (arXiv:2511.19468v2), middle", "2025-11", "derived"),
        ge=1,
        le=5,
    )


class Fibre(Section):
    """Fibre between stations and data centres."""

    rate_gbps: float = number(
        "Gbit/s", "Rate of one path.", 10.0, Origin("leased 10G wave"), gt=0, le=1e6
    )
    route_factor: float = number(
        "1",
        "Fibre length over great circle.",
        1.5,
        Origin("cables follow roads and coasts; 1.3-2 is usual"),
        ge=1,
        le=10,
    )
    refractive_index: float = number(
        "1",
        "Group index of the fibre.",
        1.468,
        Origin("Corning SMF-28 data sheet, 1550 nm", "2014", "published"),
        ge=1,
        le=4,
    )
    energy_j_per_gb: float = number(
        "J/GB",
        "Network energy per byte carried.",
        4800.0,
        Origin("0.06 kWh/GB in 2015, halving every two years to 2026: Aslan et al. 2018, "
               "doi:10.1111/jiec.12630", "2018", "derived"),
        ge=0,
        le=1e9,
    )  # fmt: skip


class RelayNetwork(Section):
    """What a byte costs on the relay mesh, all hops together, and what a hop delays."""

    energy_j_per_gb: float = number(
        "J/GB",
        "Energy of the relay network per byte carried, all hops and the gateway together.",
        200.0,
        Origin("8 hops x 2 terminals x 100 W at 100 Gbit/s (128 J/GB), and the feeder"),
        ge=0,
        le=1e9,
    )
    hop_ms: float = number(
        "ms", "Processing delay of one hop.", 1.0, Origin("order of a router's queue"), ge=0, le=1e4
    )
