"""Compute the borders that ship in ``perigrid/workload/maps`` from Natural Earth at 1:10m.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_borders.py package/countries-10m.json src/perigrid/workload/maps/borders.npz

The package is Natural Earth 4.1's ``ne_10m_admin_0_countries`` (public domain) as TopoJSON. Needs
shapely, which the development environment has. Lines that two countries share are simplified once,
so that they still meet; every island keeps at least a triangle.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import shapely

TOLERANCE_DEG = 0.01
UNITS_PER_DEG = 1000
SOURCE = "Natural Earth 4.1, 1:10m admin 0 countries (public domain, naturalearthdata.com)"
PACKAGE = "npm package world-atlas 2.0.2, countries-10m.json"

# Features without an ISO number, by the codes of all states that hold or claim them.
BY_NAME = {
    "Dhekelia": "GB CY", "Akrotiri": "GB CY", "N. Cyprus": "CY", "Cyprus U.N. Buffer Zone": "CY",
    "Somaliland": "SO", "Kosovo": "XK RS", "USNB Guantanamo Bay": "US CU", "Baikonur": "KZ",
    "Siachen Glacier": "IN PK", "Indian Ocean Ter.": "CX", "Coral Sea Is.": "AU",
    "Ashmore and Cartier Is.": "AU", "Spratly Is.": "CN MY PH TW VN", "Clipperton I.": "FR",
    "Bajo Nuevo Bank": "CO", "Serranilla Bank": "CO", "Scarborough Reef": "CN PH TW",
}  # fmt: skip

# Parts of a feature with a code of their own: west, south, east, north [deg].
PARTS = {
    "FR": {"GF": (-55, 2, -51, 6), "GP": (-62, 15.7, -60.8, 16.7), "MQ": (-61.4, 14.2, -60.7, 15),
           "RE": (55, -21.6, 56, -20.7), "YT": (44.8, -13.2, 45.5, -12.4)},
    "NL": {"BQ": (-69, 11, -62, 18)},
    "NO": {"SJ": (-10, 70.5, 40, 82), "BV": (3, -55, 4, -54)},
    "NZ": {"TK": (-173, -10, -171, -8)},
    "CX": {"CC": (96, -13, 98, -11)},
}  # fmt: skip
NOT_PARTS = {"SJ": (10, 57, 32, 71.9)}  # mainland Norway reaches as far north as Jan Mayen

# ISO 3166-1: number and alpha-2, for the features that have a number.
NUMBERS = """
004AF 008AL 010AQ 012DZ 016AS 020AD 024AO 028AG 031AZ 032AR 036AU 040AT 044BS 048BH 050BD 051AM
052BB 056BE 060BM 064BT 068BO 070BA 072BW 074BV 076BR 084BZ 086IO 090SB 092VG 096BN 100BG 104MM
108BI 112BY 116KH 120CM 124CA 132CV 136KY 140CF 144LK 148TD 152CL 156CN 158TW 162CX 166CC 170CO
174KM 175YT 178CG 180CD 184CK 188CR 191HR 192CU 196CY 203CZ 204BJ 208DK 212DM 214DO 218EC 222SV
226GQ 231ET 232ER 233EE 234FO 238FK 239GS 242FJ 246FI 248AX 250FR 254GF 258PF 260TF 262DJ 266GA
268GE 270GM 275PS 276DE 288GH 292GI 296KI 300GR 304GL 308GD 312GP 316GU 320GT 324GN 328GY 332HT
334HM 336VA 340HN 344HK 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI 388JM 392JP
398KZ 400JO 404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 438LI 440LT 442LU
446MO 450MG 454MW 458MY 462MV 466ML 470MT 474MQ 478MR 480MU 484MX 492MC 496MN 498MD 499ME 500MS
504MA 508MZ 512OM 516NA 520NR 524NP 528NL 531CW 533AW 534SX 535BQ 540NC 548VU 554NZ 558NI 562NE
566NG 570NU 574NF 578NO 580MP 581UM 583FM 584MH 585PW 586PK 591PA 598PG 600PY 604PE 608PH 612PN
616PL 620PT 624GW 626TL 630PR 634QA 638RE 642RO 643RU 646RW 652BL 654SH 659KN 660AI 662LC 663MF
666PM 670VC 674SM 678ST 682SA 686SN 688RS 690SC 694SL 702SG 703SK 704VN 705SI 706SO 710ZA 716ZW
724ES 728SS 729SD 732EH 740SR 744SJ 748SZ 752SE 756CH 760SY 762TJ 764TH 768TG 772TK 776TO 780TT
784AE 788TN 792TR 795TM 796TC 798TV 800UG 804UA 807MK 818EG 826GB 831GG 832JE 833IM 834TZ 840US
850VI 854BF 858UY 860UZ 862VE 876WF 882WS 887YE 894ZM
"""
ALPHA_2 = {word[:3]: word[3:] for word in NUMBERS.split()}

# Islands that the source leaves out, of which another state's shore or none is near: code,
# latitude and longitude [deg], from memory to about a kilometre; each becomes a square of two.
SMALL = {
    "Kastellorizo": ("GR", 36.145, 29.585), "Ro": ("GR", 36.157, 29.50),
    "Strofades": ("GR", 37.25, 21.01), "Alboran": ("ES", 35.94, -3.035),
    "Columbretes": ("ES", 39.90, 0.685), "Palagruza": ("HR", 42.393, 16.26),
    "Jabuka": ("HR", 43.09, 15.46), "Gorgona": ("IT", 43.43, 9.90), "Ponza": ("IT", 40.90, 12.96),
    "Ventotene": ("IT", 40.80, 13.43), "Uto": ("FI", 59.78, 21.37), "Bogskar": ("AX", 59.51, 20.35),
    "North Rona": ("GB", 59.12, -5.82), "Flannan Isles": ("GB", 58.28, -7.59),
    "Galite": ("TN", 37.53, 8.94), "Snake Island": ("UA", 45.255, 30.204),
    "Farsi": ("IR", 27.985, 50.175), "Redonda": ("AG", 16.938, -62.345),
    "Willis Island": ("AU", -16.287, 149.965), "Rocas": ("BR", -3.866, -33.80),
    "Saint Brandon": ("MU", -16.60, 59.62), "Desroches": ("SC", -5.695, 53.655),
    "Okinotori": ("JP", 20.423, 136.08), "Pratas": ("TW", 20.70, 116.725),
    "Pratas, claimed": ("CN", 20.70, 116.725), "Matsu": ("TW", 26.155, 119.945),
    "Dongyin": ("TW", 26.37, 120.49), "Wuqiu": ("TW", 24.995, 119.455),
    "Nukunonu": ("TK", -9.17, -171.81), "Bounty Islands": ("NZ", -47.75, 179.03),
    "McDonald Islands": ("HM", -53.04, 72.60), "Ontong Java": ("SB", -5.27, 159.35),
}  # fmt: skip
SMALL_DEG = 0.009

Ring = np.ndarray


def arcs_of(topology: dict) -> list[np.ndarray]:
    """Lines of the topology in longitude and latitude [deg]."""
    scale, move = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]


def simple(line: np.ndarray) -> np.ndarray:
    """Simplify a line; a closed one, at its start and the point farthest from it."""
    if np.array_equal(line[0], line[-1]):
        if len(line) <= 4:
            return line
        far = int(np.argmax(((line - line[0]) ** 2).sum(axis=1)))
        halves = [simple(line[: far + 1]), simple(line[far:])]
        closed = np.concatenate([halves[0], halves[1][1:]])
        if len(closed) < 4:  # out and back: keep what lies farthest from that
            across = np.array([-(line[far] - line[0])[1], (line[far] - line[0])[0]])
            off = int(np.argmax(np.abs((line - line[0]) @ across)))
            closed = line[[*sorted({0, far, off}), len(line) - 1]]
        return closed
    return shapely.get_coordinates(shapely.LineString(line).simplify(TOLERANCE_DEG))


def rings_of(geometry: dict, arcs: list[np.ndarray], fine: list[np.ndarray]) -> list[Ring]:
    """Outer and inner rings of a feature; from fine lines what simplified ones leave no area."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for polygon in polygons:
        for indices in polygon:
            ring = joined(arcs, indices)
            ring = ring if len(ring) > 3 else joined(fine, indices)
            rings.append(unrolled(ring) if len(ring) > 3 else square(ring.mean(axis=0)))
    return rings


def joined(arcs: list[np.ndarray], indices: list[int]) -> np.ndarray:
    """Points of a ring; the complement of a number is a line taken backwards."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def square(centre: np.ndarray) -> Ring:
    """Stand-in for an island smaller than the source's grid."""
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * SMALL_DEG
    return np.round((centre + corner) * UNITS_PER_DEG).astype(np.int64)


def unrolled(ring: np.ndarray) -> Ring:
    """Let longitude run on across the date line; close what goes round a pole over the pole."""
    whole = np.round(ring * UNITS_PER_DEG).astype(np.int64)
    turn = 360 * UNITS_PER_DEG
    step = np.diff(whole[:, 0])
    step -= turn * np.round(step / turn).astype(np.int64)
    whole[1:, 0] = whole[0, 0] + np.cumsum(step)
    if whole[-1, 0] != whole[0, 0]:
        pole = int(np.sign(whole[:, 1].mean())) * 90 * UNITS_PER_DEG
        over = [[whole[-1, 0], pole], [whole[0, 0], pole], whole[0].tolist()]
        whole = np.concatenate([whole, np.array(over)])
    return whole


def codes_of(code: str, ring: Ring) -> list[str]:
    """Code of the part that a ring of a feature is, or the feature's."""
    low, high = ring.min(axis=0) / UNITS_PER_DEG, ring.max(axis=0) / UNITS_PER_DEG
    for part, (west, south, east, north) in PARTS.get(code, {}).items():
        w, s, e, n = NOT_PARTS.get(part, (0, 0, 0, 0))
        spared = w <= low[0] and s <= low[1] and high[0] <= e and high[1] <= n
        if west <= low[0] and south <= low[1] and high[0] <= east and high[1] <= north:
            return [code] if spared else [part]
    return [code]


def main() -> None:
    """Read, compute, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topology", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    content = arguments.topology.read_bytes()
    topology = json.loads(content)
    fine = arcs_of(topology)
    arcs = [simple(line) for line in fine]
    rings: list[tuple[str, Ring]] = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        known = ALPHA_2.get(geometry.get("id", ""), "") or BY_NAME[name]
        for code in known.split():
            for ring in rings_of(geometry, arcs, fine):
                rings += [(one, ring) for one in codes_of(code, ring)]
    for code, latitude, longitude in SMALL.values():
        rings.append((code, square(np.array([longitude, latitude]))))
    rings.sort(key=lambda one: (one[0], len(one[1]), one[1].tolist()))
    digest = hashlib.sha256(content).hexdigest()
    about = (
        f"Computed by tools/make_borders.py from {SOURCE}; {PACKAGE}, sha256 {digest}. Rings of "
        f"each state by ISO 3166 alpha-2, simplified to {TOLERANCE_DEG} degrees, as steps of "
        f"1/{UNITS_PER_DEG} degree of longitude and latitude from point to point, over all rings. "
        "Contested land counts for each who claims it."
    )
    steps = np.diff(np.concatenate([ring for _, ring in rings]), axis=0, prepend=[[0, 0]])
    np.savez_compressed(
        arguments.out,
        about=np.array(about),
        code=np.array([code for code, _ in rings]),
        size=np.array([len(ring) for _, ring in rings], dtype=np.int32),
        step=steps.astype(np.int32),
    )
    size = arguments.out.stat().st_size
    print(f"{len(rings)} rings, {sum(len(ring) for _, ring in rings)} points, {size} bytes")


if __name__ == "__main__":
    main()
