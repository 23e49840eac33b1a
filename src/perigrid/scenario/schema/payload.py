"""Schema of what a satellite carries: computer, radio, laser, camera.

The defaults describe the best figures published for a satellite of the Three-Body constellation
(744 TOPS, 100 Gbit/s) and, where none are, typical equipment, said to be ``assumed``.
"""

from __future__ import annotations

from perigrid.scenario.schema.fields import Origin, Section, number, text

_SUNCATCHER = "Suncatcher, arXiv:2511.19468v2, link budget"


class ComputerSpec(Section):
    """Processor, for the roofline."""

    name: str = text("What it is.", default="744-TOPS-class accelerator")
    peak_tops: float = number(
        "Tops/s",
        "Peak rate at the precision the pipeline uses (int8).",
        744.0,
        Origin("press reports of the Three-Body launch: up to 744 TOPS a satellite",
               "2025-05-14", "published"),
        gt=0,
        le=1e9,
    )  # fmt: skip
    memory_bandwidth_gb_s: float = number(
        "GB/s",
        "Memory bandwidth.",
        550.0,
        Origin("2.7 x Jetson AGX Orin (275 TOPS, 204.8 GB/s)", confidence="derived"),
        gt=0,
        le=1e9,
    )
    memory_gb: float = number(
        "GB", "Memory.", 128.0, Origin("2 x Jetson AGX Orin 64 GB, rounded"), gt=0, le=1e9
    )
    idle_w: float = number(
        "W",
        "Draw when idle, all slots.",
        20.0,
        Origin("about an eighth of the active draw"),
        ge=0,
        le=1e9,
    )
    active_w: float = number(
        "W",
        "Draw when all slots compute.",
        165.0,
        Origin("2.7 x Jetson AGX Orin (275 TOPS at 60 W)", confidence="derived"),
        gt=0,
        le=1e9,
    )
    host_gops: float = number(
        "Gops/s",
        "Rate of the general cores beside the accelerator, walking decision trees.",
        2.866,
        Origin(
            "12 embedded cores (Jetson AGX Orin: 12 Cortex-A78AE) at 0.4 of a server core, which "
            "reaches 0.597 Gops/s (tools/profile_models.py)",
            "2026-11-23",
        ),
        gt=0,
        le=1e9,
    )
    host_w: float = number(
        "W",
        "Draw of the general cores when busy, above idle, all slots.",
        15.0,
        Origin("a quarter of a Jetson AGX Orin's 60 W"),
        ge=0,
        le=1e9,
    )
    slots: int = number(
        "1",
        "Jobs processed side by side, each at full rate.",
        1,
        Origin("design choice: one job at a time"),
        ge=1,
        le=10_000,
    )


class RadioSpec(Section):
    """Downlink transmitter; the rate follows the DVB-S2 ladder."""

    frequency_ghz: float = number(
        "GHz",
        "Carrier.",
        8.2,
        Origin("Earth exploration-satellite band 8025-8400 MHz, ITU Radio Regulations art. 5",
               "2020", "published"),
        ge=0.1,
        le=100,
    )  # fmt: skip
    eirp_dbw: float = number(
        "dBW", "Effective radiated power.", 18.0, Origin("10 W into 8 dBi, steered"), ge=-30, le=100
    )
    symbol_rate_mbaud: float = number(
        "Mbaud",
        "Symbol rate.",
        200.0,
        Origin("X-band: 200 Mbaud x 4.45 bit per symbol (32APSK 9/10) gives about 900 Mbit/s"),
        gt=0,
        le=100_000,
    )
    max_rate_mbps: float = number(
        "Mbit/s", "Modem limit.", 900.0, Origin("typical X-band imager modem"), gt=0, le=1e7
    )
    implementation_loss_db: float = number(
        "dB",
        "All losses besides free space: modem, pointing, polarisation, weather margin.",
        3.0,
        Origin("1 dB modem, 2 dB pointing, polarisation and clear-sky margin"),
        ge=0,
        le=50,
    )
    active_w: float = number(
        "W", "Draw while transmitting.", 60.0, Origin("10 W radiated at 17 %"), ge=0, le=1e6
    )


class LaserSpec(Section):
    """Optical crosslink terminals."""

    terminals: int = number("1", "Terminals on board.", 3, Origin("design choice"), ge=1, le=64)
    transmit_w: float = number(
        "W", "Optical power.", 5.0, Origin(_SUNCATCHER, "2025-11", "published"), gt=0, le=1e6
    )
    aperture_cm: float = number(
        "cm",
        "Telescope diameter.",
        10.0,
        Origin(_SUNCATCHER, "2025-11", "published"),
        gt=0,
        le=1000,
    )
    wavelength_nm: float = number(
        "nm", "Wavelength.", 1550.0, Origin(_SUNCATCHER, "2025-11", "published"), ge=200, le=20_000
    )
    efficiency: float = number(
        "1", "Aperture efficiency.", 0.8, Origin(_SUNCATCHER, "2025-11", "published"), gt=0, le=1
    )
    pointing_loss_db: float = number(
        "dB", "Pointing loss.", 3.0, Origin(_SUNCATCHER, "2025-11", "published"), ge=0, le=50
    )
    photons_per_bit: float = number(
        "1",
        "Received photons needed per bit.",
        100.0,
        Origin("closes 100 Gbit/s at 5,400 km with the terminal above", confidence="derived"),
        gt=0,
        le=1e9,
    )
    max_rate_gbps: float = number(
        "Gbit/s",
        "Modem limit.",
        100.0,
        Origin("press reports of the Three-Body launch: up to 100 Gbit/s",
               "2025-05-14", "published"),
        gt=0,
        le=1e6,
    )  # fmt: skip
    max_range_km: float = number(
        "km",
        "Longest link.",
        5400.0,
        Origin("Starlink's laser range as reported by SpaceX", "2024", "published"),
        gt=0,
        le=100_000,
    )
    grazing_altitude_km: float = number(
        "km",
        "Lowest height a beam may pass over the Earth.",
        80.0,
        Origin("beam stays above the mesosphere, as in network studies"),
        ge=0,
        le=1000,
    )
    acquisition_s: float = number(
        "s", "Slew and acquisition before the first bit.", 20.0, Origin("typical"), ge=0, le=3600
    )
    active_w: float = number(
        "W", "Draw while linked.", 50.0, Origin("typical of one terminal"), ge=0, le=1e6
    )
    slew_rate_deg_s: float = number(
        "deg/s",
        "How fast a terminal turns to another satellite; 0 where acquisition_s includes it.",
        0.0,
        Origin("acquisition_s includes the slew"),
        ge=0,
        le=360,
    )
    channels: int = number(
        "1",
        "Wavelength channels, whose rate takes the place of photons_per_bit and max_rate_gbps; "
        "0 for a single carrier.",
        0,
        Origin("design choice: a single carrier"),
        ge=0,
        le=1000,
    )
    channel_rate_gbps: float = number(
        "Gbit/s",
        "Rate of one wavelength channel.",
        400.0,
        Origin(_SUNCATCHER, "2025-11", "published"),
        gt=0,
        le=100_000,
    )
    channel_sensitivity_dbm: float = number(
        "dBm",
        "Received power that one wavelength channel needs.",
        -20.0,
        Origin(_SUNCATCHER, "2025-11", "published"),
        ge=-90,
        le=30,
    )


class SensorSpec(Section):
    """Imager; a scene is a square of one swath on a side."""

    swath_km: float = number(
        "km", "Swath, and side of a scene.", 40.0, Origin("small-satellite imager"), gt=0, le=3000
    )
    gsd_m: float = number(
        "m",
        "Ground sample distance of the finest bands.",
        10.0,
        Origin("Sentinel-2 MSI, ESA User Handbook issue 1.2", "2015-07-24", "published"),
        gt=0,
        le=100_000,
    )
    raw_bits_per_pixel: float = number(
        "bit",
        "Stored bits per finest pixel, over all bands.",
        67.0,
        Origin("13 Sentinel-2 bands of 12 bits: (4 at 10 m + 6/4 at 20 m + 3/36 at 60 m) x 12, "
               "packed densely without entropy coding", confidence="derived"),
        gt=0,
        le=1_000_000,
    )  # fmt: skip
    max_off_nadir_deg: float = number(
        "deg", "Largest roll to a target.", 15.0, Origin("agile small satellite"), ge=0, le=60
    )
    min_sun_elevation_deg: float = number(
        "deg", "Lowest Sun at the scene.", 10.0, Origin("shadows below"), ge=-90, le=90
    )
