"""The public data sets that Perigrid can use and does not ship: where they are, and what they are.

Every row was read on 2026-11-23. Sizes and checksums are those of the files the validation runs
used; a download that differs is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_RAW: Final = "https://raw.githubusercontent.com"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of public data.

    Parameters
    ----------
    name : str
        How the command line calls it.
    file_name : str
        How it is called in the cache.
    url : str
        Where it can be fetched; empty if nobody serves this very file.
    sha256 : str
        Checksum in hexadecimal.
    size_bytes : int
        Exact size [B].
    licence : str
        Terms of use and the credit they ask for.
    source : str
        Repository and commit, and what was changed.
    """

    name: str
    file_name: str
    url: str
    sha256: str
    size_bytes: int
    licence: str
    source: str


CATALOGUE: Final = (
    DataSet(
        name="eolearn-scenes",
        file_name="eolearn_REFERENCE_SCENES.npy",
        url=f"{_RAW}/sentinel-hub/eo-learn/303e75855880531d519264f847e7c6b2fb97104d"
        "/example_data/REFERENCE_SCENES.npy",
        sha256="2fbd4921483ef21129446d7d79c153975f1590310cd5b1dc569c04090c78a0f4",
        size_bytes=2_626_128,
        licence="MIT; contains modified Copernicus Sentinel data",
        source="eo-learn, five real Sentinel-2 level-1C scenes, 101 x 100 pixels, 13 bands",
    ),
    DataSet(
        name="sen12mscr-cloudy",
        file_name="sen12mscr_ROIs1868_summer_s2_cloudy_19_p30.tif",
        url="",
        sha256="98518cb8598583eb4fb3dda4004e682d9e3321c6c66120cf777357da177dba3b",
        size_bytes=1_706_432,
        licence="sample of SEN12MS-CR, doi:10.14459/2020mp1554803; contains modified Copernicus "
        "Sentinel data",
        source="carried by github.com/zhangcy23/Mamba-SCR at commit "
        "730566bf8deab455b9450a2e5cb29e83f789b468 (Apache-2.0)",
    ),
    DataSet(
        name="eurosat-train",
        file_name="eurosat_rgb_train.tar",
        url="",
        sha256="3e77a36924cff95560b0046960eb30c7d0acab7b6b1501e96afce52d9232781c",
        size_bytes=12_584_960,
        licence="MIT (EuroSAT, Helber et al., doi:10.1109/JSTARS.2019.2918242); contains modified "
        "Copernicus Sentinel data",
        source="3,000 images drawn with seed 20260822 from EuroSAT's 27,000",
    ),
    DataSet(
        name="eurosat-test",
        file_name="eurosat_rgb_test.tar",
        url="",
        sha256="053a48073d82d4a30e81b8d3510a70b8364a55796c4015c4f1fc83849fbcf883",
        size_bytes=3_358_720,
        licence="MIT (EuroSAT, Helber et al., doi:10.1109/JSTARS.2019.2918242); contains modified "
        "Copernicus Sentinel data",
        source="800 other images of the same draw",
    ),
    DataSet(
        name="countries",
        file_name="ne_110m_admin_0_countries.geojson",
        url=f"{_RAW}/vasturiano/three-globe/017a3a5d182b2413f403154d3eb3ed4af3e598ca"
        "/example/country-polygons/ne_110m_admin_0_countries.geojson",
        sha256="a4d67eac9c75d5b6f20170d2b07bb53ea791536b0c8e5ebae3ba94df093f76e0",
        size_bytes=488_013,
        licence="public domain (Natural Earth)",
        source="Natural Earth 1:110m countries, as kept by three-globe; only for making the land "
        "maps anew",
    ),
)
"""Every data set, by name."""
