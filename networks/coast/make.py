#!/usr/bin/env python3
"""Authors the made-up coastal district Yuegang (月港): network.inp, the maps and the tides, beside this script.

    python3 make.py

Deterministic, standard library only. All streets, levels, sizes and tides are invented. In the local frame u runs
along the shore (m, eastward) and v inland from the sea wall. Four storm systems that share nothing but the sea:

    W  west of the harbour: gravity, one outfall with a flap gate
    Y  the old fishing quarter in a hollow: a pumping station with a gravity gate beside it
    M  the quay: two manholes and an outfall with a flap gate
    C  the new town in the east: a retention lake behind a tide gate

and F, the foul sewers, which take no rain and end at a works.
"""
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import drafting as d  # noqa: E402

EPSG = 4550  # CGCS2000, 3-degree zone, central meridian 123 E
YINGKOU = d.StormFormula(1686, 0.77, 8, 0.72)  # 'classic' formula, from memory, unverified
DESIGN_YEARS = {"W": 3, "Y": 2, "M": 2, "C": 3}

# -------------------------------------------------------------- the town ---
FRAME = d.Frame(423600.0, 4483500.0, -14, lambda u, v: (u + 14 * math.sin(v / 300), v + 22 * math.sin(u / 390)))
ZONES = {"W": "西堤片", "Y": "渔港老街", "M": "码头", "C": "东湾新城"}
EDGES_U = {"W": [0, 125, 255, 380], "Y": [380, 505, 635, 760], "C": [760, 925, 1085, 1250]}
EDGES_V = [0, 160, 325, 490, 655, 820, 980]

HORTON_CLAY, HORTON_SAND, HORTON_FILL = (60, 5, 4, 7, 0), (110, 15, 4, 7, 0), (76, 7.6, 4, 7, 0)
LAND = {
    "old": dict(name="老旧居住", impervious=82, path=60, slope=0.3, horton=HORTON_CLAY),
    "flats": dict(name="居住", impervious=64, path=75, slope=0.5, horton=HORTON_FILL),
    "shops": dict(name="商业", impervious=78, path=70, slope=0.5, horton=HORTON_FILL),
    "works": dict(name="工业仓储", impervious=74, path=90, slope=0.4, horton=HORTON_FILL),
    "quay": dict(name="港口", impervious=90, path=80, slope=0.3, horton=HORTON_FILL),
    "park": dict(name="公园绿地", impervious=12, path=110, slope=0.6, horton=HORTON_SAND),
    "lake": dict(name="湖区", impervious=60, path=60, slope=0.8, horton=HORTON_SAND),
}
USE = {  # one letter a column, from the sea (row 0) inland
    "W": [
        "park shops shops", "flats flats shops", "flats flats flats",
        "flats park flats", "flats flats flats", "works flats flats",
    ],
    "Y": [
        "quay quay old", "old old old", "old old old",
        "old shops old", "flats shops flats", "flats flats park",
    ],
    "C": [
        "shops lake park", "shops park flats", "flats shops flats",
        "flats flats works", "works flats works", "works works works",
    ],
}  # fmt: skip


def ground(u, v):
    """Ground level (m): rises inland, with the hollow of the old quarter and a low strip in the east."""
    z = 3.12 + 0.0029 * v + 0.12 * math.sin(u / 170) * math.cos(v / 210)
    z -= 1.50 * math.exp(-(((u - 530) / 185) ** 2) - ((v - 300) / 215) ** 2)
    z -= 0.35 * math.exp(-(((u - 1010) / 150) ** 2) - ((v - 240) / 130) ** 2)
    return round(z, 2)


def hollow(u, v):
    return math.hypot((u - 530) / 200, (v - 300) / 220) < 1


cells = {}  # manhole -> dict(u, v, zone, land, box): the block that drains to it
for district, edges in EDGES_U.items():
    for row, uses in enumerate(USE[district]):
        for column, land in enumerate(uses.split()):
            zone = "M" if (district, row) == ("Y", 0) and column < 2 else district
            box = (edges[column], edges[column + 1], EDGES_V[row], EDGES_V[row + 1])
            name = "HU" if land == "lake" else f"{zone}{row}{column + 1}"
            cells[name] = dict(u=(box[0] + box[1]) / 2, v=(box[2] + box[3]) / 2, zone=zone, land=land, box=box)

# Where each manhole drains to. W and Y: streets to one trunk, which runs to the sea; C: two trunks to the lake.
down = {}
for row in range(6):
    for column in (1, 2, 3):
        down[f"W{row}{column}"] = f"W{row}2" if column != 2 else f"W{row - 1}2" if row else "OW"
        if row:
            down[f"Y{row}{column}"] = f"Y{row}{column + 1}" if column < 3 else f"Y{row - 1}3"
        if (row, column) != (0, 2):
            trunk = 1 if row in (2, 4) else 3
            down[f"C{row}{column}"] = f"C{row}{trunk}" if column == 2 else f"C{row - 1}{column}" if row else "HU"
down.update({"Y03": "YB", "M02": "M01", "M01": "OM"})

# -------------------------------------------------------- special points ---
POINTS = {  # name -> (u, v)
    "OW": (188, -35), "OM": (430, -30), "OY": (700, -45), "OT": (1012, -60), "YB": (700, 48), "YC": (700, 18),
    "HU": (1005, 95), "K1": (1010, 30), "K2": (1012, -15),
    "F1": (60, 150), "F2": (235, 152), "F3": (600, 158), "F4": (880, 165), "F5": (1130, 168), "WS": (1300, 150),
    "F6": (235, 560), "F7": (600, 640), "F8": (880, 600), "F9": (1130, 600),
}  # fmt: skip
POINTS.update({n: (c["u"], c["v"]) for n, c in cells.items() if n != "HU"})

COVER = {"W": 1.0, "Y": 0.75, "M": 0.8, "C": 1.0}
SIZES = d.PIPES[:10] + [(1.8, 1.5), (2.0, 1.6), (2.4, 1.6), (2.8, 1.8), (3.2, 1.8), (3.6, 2.0)]


def grade(size):
    """Least slope of a storm sewer."""
    h = d.height(size)
    return 0.0009 if isinstance(size, tuple) else 0.0025 if h <= 0.6 else 0.0016 if h <= 1.0 else 0.0011


def size_storm_sewers():
    """Size and levels of each sewer: node -> (size, upper invert, lower invert, length), and inverts of the nodes."""
    order, above = d.upstream_first(down)
    drained, minutes, sewer, invert = {}, {}, {}, {}
    for n in order:
        ends = [sewer[k] for k in above.get(n, [])]
        low_crown = min((s["low"] + d.height(s["size"]) for s in ends), default=99)
        if n not in down:
            invert[n] = min(s["low"] for s in ends)
            continue
        c = cells[n]
        impervious = LAND[c["land"]]["impervious"] / 100
        runoff = 0.9 * impervious + 0.15 * (1 - impervious)
        drained[n] = runoff * d.hectares(FRAME.ring(*c["box"])) + sum(drained[k] for k in above.get(n, []))
        minutes[n] = max([10.0] + [minutes[k] + sewer[k]["length"] / 60 for k in above.get(n, [])])
        flow = drained[n] * YINGKOU.intensity(minutes[n], DESIGN_YEARS[c["zone"]]) / 1000
        size = d.smallest(SIZES, flow, grade, max((d.height(s["size"]) for s in ends), default=0.4) - 0.3)
        cover, q = COVER[c["zone"]], down[n]
        length = round(math.dist(FRAME.at(*POINTS[n]), FRAME.at(*POINTS[q])), 1)
        crown = min(ground(c["u"], c["v"]) - cover, low_crown)
        end = min(crown - grade(size) * length, ground(*POINTS[q]) - cover)
        h = d.height(size)
        sewer[n] = dict(size=size, up=round(crown - h, 3), low=round(end - h, 3), length=length)
        invert[n] = min([sewer[n]["up"]] + [s["low"] for s in ends])
    return sewer, invert


# --------------------------------------------------------------- the sea ---
def astronomical(hour, mean, amplitude, inequality, high):
    """Semi-diurnal tide (m) with a diurnal inequality; the highest high water comes at `high` hours."""
    t = hour - high
    return mean + amplitude * math.cos(2 * math.pi * t / 12.42) + inequality * math.cos(2 * math.pi * t / 24.84)


def neap(hour, high):
    """Neap tide: high water 0.89 m and 0.79 m, low water -0.80 m."""
    return astronomical(hour, 0.02, 0.82, 0.05, high)


def spring(hour, high):
    """Spring tide: high water 2.10 m and 1.94 m, low water -1.82 m."""
    return astronomical(hour, 0.10, 1.92, 0.08, high)


def surge(hour, high):
    """The same spring tide with a storm surge of 1.05 m that lasts about ten hours."""
    return spring(hour, high) + 1.05 * math.exp(-(((hour - high) / 4.5) ** 2))


TIDES = {  # name -> (law, hour of the highest high water in the network's own run, about)
    "T_NEAP": (neap, 7.01, "小潮: neap tide, low water (-0.8 m) at the peak of the rain"),
    "T_SPRING": (spring, 1.5, "大潮: spring tide, high water 2.10 m at 1:30"),
    "T_SURGE": (surge, 1.5, "风暴潮: spring tide and surge, 3.15 m at 1:30"),
}
HIGH_WATER_IN_FILES = 13.9  # hours; scenarios shift it by a lag after the peak of the rain


# ----------------------------------------------------------- the network ---
def author_network():
    net = d.Network(FRAME)
    net.rows["TITLE"] = [
        "月港 (虚构): a made-up coastal district with tide-locked storm sewers",
        "Rain P = 3 a, 2 h Chicago storm, classic Yingkou formula (unverified); sea at T_NEAP. Written by make.py.",
    ]
    net.rows["OPTIONS"] = d.options(("08/10/2026", 14), 6, step=5)
    net.rows["EVAPORATION"] = ["CONSTANT 0.0", "DRY_ONLY NO"]
    net.add("RAINGAGES", "R1", "INTENSITY", "0:05", "1.0", "TIMESERIES", "P3")
    net.rows["REPORT"] = ["INPUT NO", "CONTROLS NO", "SUBCATCHMENTS ALL", "NODES ALL", "LINKS ALL"]

    for n, c in cells.items():
        name = "SHU" if n == "HU" else f"S{n}"
        net.subcatchment(name, "R1", n, FRAME.ring(*c["box"]), LAND[c["land"]], ZONES[c["zone"]])

    sewer, invert = size_storm_sewers()
    author_structures(net, sewer, invert)
    for n in sorted(set(cells) - {"HU"}):
        c, low = cells[n], hollow(*POINTS[n])
        net.junction(n, c["u"], c["v"], invert[n], ground(c["u"], c["v"]), ZONES[c["zone"]], 5000 if low else 2500)
    for n in sorted(sewer):
        s = sewer[n]
        net.conduit(f"L{n}", n, down[n], s["length"], s["up"], s["low"], s["size"], "雨水")
    author_foul_sewers(net)

    storm = YINGKOU.chicago(3)
    about = "Chicago storm, P = 3 a, 120 min, r = 0.4, q = 1686(1+0.77lgP)/(t+8)^0.72; unverified"
    net.series("P3", [(k / 12, x * 12) for k, x in enumerate(storm)] + [(2, 0)], about + "; mm/h")
    for name, (law, high, text) in TIDES.items():
        net.series(name, [(k / 4, law(k / 4, high)) for k in range(30 * 4 + 1)], text + "; m")
    net.residents("RES")
    net.label("渤海 (虚构海湾)", 560, -150)
    for zone, u in (("W", 40), ("Y", 500), ("C", 960)):
        net.label(ZONES[zone], u, 1010)
    gauge = FRAME.at(620, 520)
    net.add("SYMBOLS", "R1", f"{gauge[0]:.2f}", f"{gauge[1]:.2f}")
    return net


def author_structures(net, sewer, invert):
    """Outfalls, the pumping station of the old quarter, and lake, tide gate and canal of the new town."""
    for n, zone in (("OW", "W"), ("OM", "M")):
        net.outfall(n, *POINTS[n], invert[n], "TIMESERIES T_NEAP", True, ZONES[zone])

    # Pumping station: the gravity gate YZ shuts when the sea is above the hollow's drains; then the pumps lift.
    trunk = sewer["Y03"]
    sill = trunk["low"] - 0.05
    well = round(sill - 1.85, 3)
    net.storage("YB", *POINTS["YB"], well, ground(*POINTS["YB"]), sill, "FUNCTIONAL 0 0 160", ZONES["Y"])
    net.junction("YC", *POINTS["YC"], sill - 0.10, 4.0, ZONES["Y"], surcharge=3)
    net.outfall("OY", *POINTS["OY"], sill - 0.20, "TIMESERIES T_NEAP", True, ZONES["Y"])
    net.conduit("LYC", "YC", "OY", 64, sill - 0.10, sill - 0.20, trunk["size"], "雨水")
    net.remark("ORIFICES", "gravity gate of the pumping station")
    net.add("ORIFICES", "YZ", "YB", "YC", "SIDE", float(sill - well), 0.65, "YES", 0.05)
    width, rise = trunk["size"]
    net.add("XSECTIONS", "YZ", "RECT_CLOSED", f"{rise:g}", f"{width:g}", 0, 0)
    net.curve("CYP", "PUMP3", [(0, 0.95), (2.5, 0.80), (4.5, 0.60), (7, 0.10)], "head (m) to flow (m3/s) of one pump")
    for k, (start, stop) in enumerate(((0.35, -0.55), (0.65, -0.35), (0.95, -0.15)), 1):
        net.add("PUMPS", f"YP{k}", "YB", "YC", "CYP", "OFF", f"{start - well:.3f}", f"{stop - well:.3f}")
    net.rule("RULE YZ_CLOSE", "IF NODE OY HEAD > 0.80", "THEN ORIFICE YZ SETTING = 0", "PRIORITY 2")
    net.rule("RULE YZ_OPEN", "IF NODE OY HEAD < 0.60", "THEN ORIFICE YZ SETTING = 1", "PRIORITY 1")

    # Lake behind the tide gate: it stores what comes while the gate TZ is shut.
    bottom, pool = -0.80, 0.50
    areas = [(0, 3600), (1.0, 4800), (2.0, 6200), (3.2, 7800), (4.2, 9500)]
    net.curve("CHU", "STORAGE", areas, "depth (m) to area (m2) of the lake")
    net.storage("HU", *POINTS["HU"], bottom, 3.40, pool, "TABULAR CHU", ZONES["C"])
    canal = "TRAPEZOIDAL 4.2 4 1.5 1.5 1"
    net.junction("K1", *POINTS["K1"], bottom - 0.03, 3.40, ZONES["C"], start=pool)
    net.junction("K2", *POINTS["K2"], bottom - 0.06, 3.40, ZONES["C"], start=pool)
    net.conduit("LK1", "HU", "K1", 64, bottom, bottom - 0.03, canal, "明渠", n=0.025, entry=0, exit=0)
    net.conduit("LK2", "K1", "K2", 46, bottom - 0.03, bottom - 0.06, canal, "明渠", n=0.025, entry=0, exit=0)
    net.outfall("OT", *POINTS["OT"], -1.00, "TIMESERIES T_NEAP", False, ZONES["C"])
    net.remark("ORIFICES", "tide gate, sill at 0.00 m; it is also a flap")
    net.add("ORIFICES", "TZ", "K2", "OT", "SIDE", float(0.06 - bottom), 0.65, "YES", 0.1)
    net.add("XSECTIONS", "TZ", "RECT_CLOSED", "1.8", "3.0", 0, 0)
    net.rule("RULE TZ_CLOSE", "IF NODE OT HEAD > 1.10", "THEN ORIFICE TZ SETTING = 0", "PRIORITY 2")
    net.rule("RULE TZ_OPEN", "IF NODE OT HEAD < 0.90", "THEN ORIFICE TZ SETTING = 1", "PRIORITY 1")


def author_foul_sewers(net):
    """A foul trunk below the storm sewers, four collectors, and what foul water strays into the old storm drains."""
    trunk = ["F1", "F2", "F3", "F4", "F5", "WS"]
    sizes = {"F1": 0.4, "F2": 0.5, "F3": 0.6, "F4": 0.6, "F5": 0.7}
    level, slope = -0.30, 0.0018
    inverts = {"F1": level}
    for a, b in zip(trunk, trunk[1:]):
        inverts[b] = inverts[a] - slope * math.dist(FRAME.at(*POINTS[a]), FRAME.at(*POINTS[b])) - 0.02
    collectors = {"F6": "F2", "F7": "F3", "F8": "F4", "F9": "F5"}
    for n in collectors:
        inverts[n] = ground(*POINTS[n]) - 3.4
    for n in sorted(inverts):
        if n == "WS":
            net.outfall(n, *POINTS[n], inverts[n], "FREE", False, "污水厂")
        else:
            net.junction(n, *POINTS[n], inverts[n], ground(*POINTS[n]), "污水", 500)
    for a, b in zip(trunk, trunk[1:]):
        net.conduit(f"L{a}", a, b, net.distance(a, b), inverts[a], inverts[b] + 0.02, sizes[a], "污水")
    for a, b in collectors.items():
        # A collector meets the trunk by a drop: laid flat enough to keep below 1.2 m/s.
        length = net.distance(a, b)
        low = max(inverts[b], inverts[a] - 0.004 * length)
        net.conduit(f"L{a}", a, b, length, inverts[a], low, 0.4, "污水")
    for n, flow in {"F1": 0.0012, "F3": 0.0030, "F6": 0.0062, "F7": 0.0078, "F8": 0.0050, "F9": 0.0034}.items():
        net.add("DWF", n, "FLOW", f"{flow:.4f}", '"RES"')
    for n in ("Y11", "Y12", "Y21", "Y22", "Y31"):
        net.add("DWF", n, "FLOW", "0.0004", '"RES"')  # foul water in storm drains (混接)


# -------------------------------------------------------------- the maps ---
STREETS = ["滨海大道", "渔市街", "盐场路", "望潮街", "学府路", "北环路"]
AVENUES = {
    "W": ["西堤一路", "西堤大街", "西堤三路"],
    "Y": ["船坞巷", "老街", "港前路"],
    "C": ["东湾大街", "湖滨路", "东环路"],
}
CLASSES = {"主干路": (6, 36.0), "次干路": (4, 24.0), "支路": (2, 12.0)}
MAIN = {"滨海大道", "东湾大街", "西堤大街"}
SECOND = {"望潮街", "北环路", "港前路", "湖滨路"}
RISE = {"old": 0.10, "flats": 0.30, "shops": 0.20, "works": 0.25, "quay": 0.15}  # threshold above the ground
BUILDING_USE = {
    "old": "residential",
    "flats": "residential",
    "shops": "commercial",
    "works": "industrial",
    "quay": "warehouse",
}
SPECIAL = {  # (manhole, side of the street) -> use, name, threshold above the ground
    ("Y31", 0): ("hospital", "月港医院", 0.45),
    ("W21", 1): ("school", "西堤小学", 0.30),
    ("Y22", 1): ("substation", "老街变电所", 0.35),
}


def roads():
    """One feature for each stretch between two crossings, with the manholes at its ends and its lowest level."""
    grid = [[(district, row, column) for district in "WYC" for column in (1, 2, 3)] for row in range(6)]
    for row in grid:
        for a, b in zip(row, row[1:]):
            yield stretch(STREETS[a[1]], a, b)
    for column in zip(*grid):
        for a, b in zip(column, column[1:]):
            yield stretch(AVENUES[a[0]][a[2] - 1], a, b)


def stretch(name, *ends):
    names = [next(n for n in (f"{z}{r}{k}", f"M{r}{k}", "HU") if n in cells) for z, r, k in ends]
    spots = [(cells[n]["u"], cells[n]["v"]) for n in names]
    kind = "主干路" if name in MAIN else "次干路" if name in SECOND else "支路"
    lanes, width = CLASSES[kind]
    level = min(ground(*p) for p in spots)
    nodes = [n for n in names if n != "HU"]
    middle = tuple(sum(x) / 2 for x in zip(*spots))
    points = [FRAME.at(*p) for p in (spots[0], middle, spots[1])]
    return d.line(points, name=name, **{"class": kind}, lanes=lanes, width=width, level_m=level, nodes=nodes)


def buildings():
    """Two buildings a block, on both sides of its street."""
    count = 0
    for n, c in cells.items():
        if c["land"] not in RISE:
            continue
        for side in (0, 1):
            count += 1
            u, v = c["u"] + (-38, 36)[side], c["v"] + (44, -46)[side]
            half_u, half_v = (20, 9) if c["land"] in ("old", "flats") else (24, 16)
            usual = (BUILDING_USE[c["land"]], f"{ZONES[c['zone']]}{count}号", RISE[c["land"]])
            use, name, rise = SPECIAL.get((n, side), usual)
            threshold = round(ground(u, v) + rise + 0.05 * (count % 3), 2)
            ring = FRAME.ring(u - half_u, u + half_u, v - half_v, v + half_v, 1)
            yield d.polygon(ring, id=f"B{count:03d}", name=name, use=use, threshold_m=threshold, node=n)


def zones():
    boxes = [
        ("W", (0, 380, 0, 980), "中心城区"),
        ("C", (760, 1250, 0, 980), "中心城区"),
        ("M", (380, 635, 0, 160), "非中心城区"),
    ]
    for key, box, kind in boxes:
        yield d.polygon(FRAME.ring(*box, pieces=6), id=key, name=ZONES[key], **{"class": kind})
    left, right = FRAME.ring(380, 635, 160, 980, 6), FRAME.ring(635, 760, 0, 980, 6)
    # The old quarter goes round the quay: its left part, then its right part, along the common side.
    ring = left[0:6] + right[0:24] + left[12:24]
    yield d.polygon(ring, id="Y", name=ZONES["Y"], **{"class": "中心城区重要地区"})


def land_use():
    for n, c in cells.items():
        land = LAND[c["land"]]
        yield d.polygon(FRAME.ring(*c["box"]), id=f"S{n}", use=c["land"], name=land["name"], impervious=land["impervious"])


def main():
    d.write(HERE / "network.inp", author_network().text())
    d.write_geojson(HERE / "zones.geojson", EPSG, zones())
    d.write_geojson(HERE / "roads.geojson", EPSG, roads())
    d.write_geojson(HERE / "buildings.geojson", EPSG, buildings())
    d.write_geojson(HERE / "landuse.geojson", EPSG, land_use())
    hours = [k / 4 for k in range(48 * 4 + 1)]
    for name, (law, _, _) in TIDES.items():
        levels = [law(t, HIGH_WATER_IN_FILES) for t in hours]
        d.write_levels(HERE / f"tide_{name[2:].lower()}.csv", hours, levels)


if __name__ == "__main__":
    main()
