#!/usr/bin/env python3
"""Authors the made-up underpass catchment Zhanqian (站前): network.inp, the maps and the stages, beside this script.

    python3 make.py

Deterministic, standard library only. All streets, levels, sizes and pumps are invented. In the local frame u runs
along the main road (m, eastward; the railway crosses it at u = 0) and v to the north. High water goes high, low
water goes low (高水高排, 低水低排):

    W, E  the streets on both sides of the railway: storm sewers by gravity to the channel
    UP    the road under the railway: gullies, a pumping station, and a gravity bypass for high levels
    K     the channel in the south, which ends at the river
"""
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import drafting as d  # noqa: E402

EPSG = 4550  # CGCS2000, 3-degree zone, central meridian 123 E
SHENYANG = d.StormFormula(1984, 0.77, 9, 0.77)  # 'classic' formula, from memory, unverified
STREET_YEARS = 3

# -------------------------------------------------------------- the place ---
FRAME = d.Frame(536400.0, 4628300.0, 7, lambda u, v: (u + 6 * math.sin(v / 90), v + 8 * math.sin(u / 150)))
RAMP, HALF_WIDTH = 150, 18  # half-length and half-width (m) of the road's cutting
SAG, RIM = 36.40, 41.20  # road at the lowest point and at the heads of the ramps (m)
ZONES = {"W": "站西片", "E": "站东片", "U": "下穿道路"}

HORTON = {"town": (76, 7.6, 4, 7, 0), "green": (110, 15, 4, 7, 0)}
LAND = {
    "flats": dict(name="居住", impervious=68, path=60, slope=0.5, horton=HORTON["town"]),
    "shops": dict(name="商业", impervious=82, path=60, slope=0.5, horton=HORTON["town"]),
    "station": dict(name="交通场站", impervious=88, path=70, slope=0.4, horton=HORTON["town"]),
    "park": dict(name="公园绿地", impervious=15, path=80, slope=0.8, horton=HORTON["green"]),
    "road": dict(name="下穿道路", impervious=95, path=35, slope=3.5, horton=HORTON["town"]),
}


def ground(u, v):
    """Ground level (m): almost flat, falling to the channel; in the cutting the profile of the road."""
    if abs(u) < RAMP and abs(v) < HALF_WIDTH:
        return round(SAG + (RIM - SAG) * (1 - math.cos(math.pi * abs(u) / RAMP)) / 2, 2)
    return round(RIM + 0.0022 * v + 0.06 * math.sin(u / 70), 2)


# Blocks that drain to a manhole: name -> (box, manhole's place, kind of land). Rows count from the north.
ROWS = {1: (80, 150, 115), 2: (0, 80, 42), 3: (-80, 0, -42), 4: (-150, -80, -115)}
USES = {
    "W": ["flats shops", "shops shops", "shops park", "flats flats"],
    "E": ["station shops", "station shops", "shops flats", "flats flats"],
}
blocks = {}
for side, sign in (("W", -1), ("E", 1)):
    for row, (low, high, v) in ROWS.items():
        for column, (near, far, u) in {1: (150, 240, 195), 2: (0, 150, 80)}.items():
            v0, v1 = low, high
            if column == 2:  # the cutting is a catchment of its own
                v0, v1 = max(low, HALF_WIDTH) if low >= 0 else low, min(high, -HALF_WIDTH) if high <= 0 else high
            left, right = sorted((sign * near, sign * far))
            land = USES[side][row - 1].split()[column - 1]
            blocks[f"{side}{row}{column}"] = dict(box=(left, right, v0, v1), at=(sign * u, v), zone=side, land=land)
down = {}
for side, end in (("W", "K1"), ("E", "K3")):
    for row in ROWS:
        down[f"{side}{row}2"] = f"{side}{row}1"
        down[f"{side}{row}1"] = f"{side}{row + 1}1" if row < 4 else end

POINTS = {
    "K0": (-300, -188), "K1": (-195, -190), "K2": (45, -190), "K3": (195, -190), "K4": (290, -191),
    "RIV": (311, -192),
    "UP": (0, 0), "G0": (2, -12), "G1": (24, -40), "PW": (40, -70), "PC": (44, -95),
    "R1": (-92, -10), "R2": (92, -10), "RA": (-46, -12), "RB": (46, -12),
}  # fmt: skip
POINTS.update({n: b["at"] for n, b in blocks.items()})
SIZES = d.PIPES[:11]
NARROW = {"W31": 0.7, "E31": 0.7}  # old pipes that were left when the streets were renewed (卡口)


def grade(size):
    return 0.0035 if size <= 0.5 else 0.0025 if size <= 0.8 else 0.0018 if size <= 1.0 else 0.0014


def size_street_sewers():
    """Size and levels of each street sewer: node -> (size, upper invert, lower invert, length)."""
    order, above = d.upstream_first(down)
    drained, minutes, sewer = {}, {}, {}
    for n in order:
        if n not in down:
            continue
        ends = [sewer[k] for k in above.get(n, [])]
        impervious = LAND[blocks[n]["land"]]["impervious"] / 100
        runoff = 0.9 * impervious + 0.15 * (1 - impervious)
        drained[n] = runoff * d.hectares(FRAME.ring(*blocks[n]["box"])) + sum(drained[k] for k in above.get(n, []))
        minutes[n] = max([8.0] + [minutes[k] + sewer[k]["length"] / 60 for k in above.get(n, [])])
        flow = drained[n] * SHENYANG.intensity(minutes[n], STREET_YEARS) / 1000
        size = NARROW.get(n) or d.smallest(SIZES, flow, grade, max((s["size"] for s in ends), default=0.4))
        length = round(math.dist(FRAME.at(*POINTS[n]), FRAME.at(*POINTS[down[n]])), 1)
        crown = min([ground(*POINTS[n]) - 1.1] + [s["low"] + s["size"] for s in ends])
        end = min(crown - grade(size) * length, ground(*POINTS[down[n]]) - 1.1)
        sewer[n] = dict(size=size, up=round(crown - size, 3), low=round(end - size, 3), length=length)
    return sewer, above


# --------------------------------------------------------------- the river ---
HIGH_STAGE_IN_FILES = 14.0  # hours; scenarios shift it by a lag after the peak of the rain


def normal_stage(hour, high):
    """A small rise of the river (m) with the rain."""
    return 36.70 + 0.30 * math.exp(-(((hour - high) / 2.5) ** 2))


def flood_stage(hour, high):
    """A flood of the river (m) that rises within three hours and shuts the bypass for half a day."""
    return 36.90 + 2.60 * math.exp(-(((hour - high) / (1.5 if hour < high else 8.0)) ** 2))


STAGES = {
    "S_NORMAL": (normal_stage, 2.5, "常水位: at most 37.00 m, 2.5 h after the start"),
    "S_FLOOD": (flood_stage, 2.5, "洪水位: at most 39.50 m, 2.5 h after the start"),
}
UPSTREAM = [(0, 0.0), (0.5, 0.1), (1.0, 1.6), (1.5, 3.8), (2.0, 4.4), (2.5, 3.5), (3, 2.4), (4, 1.1), (6, 0.3), (9, 0.0)]


# ----------------------------------------------------------- the network ---
def author_network(surface=False):
    """The network; with `surface`, for runs whose surface holds the cutting: no water of it is then in the network."""
    net = d.Network(FRAME)
    net.rows["TITLE"] = [
        "站前下穿 (虚构): a made-up underpass catchment with a pumping station",
        "Rain P = 10 a, 2 h Chicago storm, classic Shenyang formula (unverified); river at S_NORMAL. Written by make.py.",
    ]
    net.rows["OPTIONS"] = d.options(("07/29/2026", 15), 6, step=5)
    net.rows["EVAPORATION"] = ["CONSTANT 0.0", "DRY_ONLY NO"]
    net.rows["REPORT"] = ["INPUT NO", "CONTROLS NO", "SUBCATCHMENTS ALL", "NODES ALL", "LINKS ALL"]
    net.add("RAINGAGES", "R1", "INTENSITY", "0:05", "1.0", "TIMESERIES", "P10")

    for n, b in blocks.items():
        net.subcatchment(f"S{n}", "R1", n, FRAME.ring(*b["box"]), LAND[b["land"]], ZONES[b["zone"]])
    for k, (outlet, left, right) in enumerate((("R1", -150, -72), ("UP", -72, 0), ("UP", 0, 72), ("R2", 72, 150)), 1):
        ring = FRAME.ring(left, right, -HALF_WIDTH, HALF_WIDTH)
        net.subcatchment(f"SU{k}", "R1", outlet, ring, LAND["road"], ZONES["U"])

    author_channel(net)
    author_streets(net, surface)
    author_underpass(net, surface)

    storm = SHENYANG.chicago(10)
    about = "Chicago storm, P = 10 a, 120 min, r = 0.4, q = 1984(1+0.77lgP)/(t+9)^0.77; unverified"
    net.series("P10", [(k / 12, x * 12) for k, x in enumerate(storm)] + [(2, 0)], about + "; mm/h")
    for name, (law, high, text) in STAGES.items():
        net.series(name, [(k / 2, law(k / 2, high)) for k in range(30 * 2 + 1)], text + "; m")
    net.series("Q_UP", UPSTREAM, "flow from the channel's upper basin above its base flow; m3/s")
    net.residents("RES")
    for text, u, v in (("站西片", -235, 165), ("站东片", 150, 165), ("铁路", -12, 165), ("排水渠", -120, -215)):
        net.label(text, u, v)
    gauge = FRAME.at(-140, 100)
    net.add("SYMBOLS", "R1", f"{gauge[0]:.2f}", f"{gauge[1]:.2f}")
    return net


def author_channel(net):
    """The open channel, whose section is a surveyed one, and the river's stage at its end."""
    beds = {"K0": 36.40, "K1": 36.26, "K2": 35.96, "K3": 35.76, "K4": 35.65, "RIV": 35.62}
    for n in ("K0", "K1", "K2", "K3", "K4"):
        net.junction(n, *POINTS[n], beds[n], beds[n] + 4.8, "排水渠", start=max(beds[n] + 0.4, 36.82))
    net.outfall("RIV", *POINTS["RIV"], beds["RIV"], "TIMESERIES S_NORMAL", False, "排水渠")
    net.rows["TRANSECTS"] = [
        ";channel with a low-water bed, slopes 1:1.6",
        "NC 0.035 0.035 0.028",
        "X1 TK 8 7.0 15.0 0 0 0 0 0 0",
        "GR 4.8 0 4.6 0.5 0.6 7.0 0.0 8.0 0.0 14.0",
        "GR 0.6 15.0 4.6 21.5 4.8 22.0",
    ]
    for a, b in (("K0", "K1"), ("K1", "K2"), ("K2", "K3"), ("K3", "K4"), ("K4", "RIV")):
        net.conduit(f"L{a}", a, b, net.distance(a, b), beds[a], beds[b], "IRREGULAR TK", "明渠", n=0.028, entry=0, exit=0)
    net.add("INFLOWS", "K0", "FLOW", "Q_UP", "FLOW", "1.0", "1.0", "0.4")


def author_streets(net, surface):
    """Street sewers of both sides, and where they overflow, over the humps at the heads of the ramps."""
    sewer, above = size_street_sewers()
    for n in sorted(blocks):
        low = min([sewer[n]["up"]] + [sewer[k]["low"] for k in above.get(n, [])])
        head = n in ("W22", "E22") and not surface
        net.junction(n, *POINTS[n], low, ground(*POINTS[n]), ZONES[n[0]], ponded=1500, freeboard=0.50 if head else 0.0)
    for n in sorted(sewer):
        s = sewer[n]
        flap = down[n] in ("K1", "K3")
        net.conduit(f"L{n}", n, down[n], s["length"], s["up"], s["low"], s["size"], "雨水", flap=flap)
    for n, flow in {"W12": 0.0006, "W42": 0.0008, "E32": 0.0005}.items():
        net.add("DWF", n, "FLOW", f"{flow:.4f}", '"RES"')  # foul water in storm drains (混接)


def author_underpass(net, surface):
    """The road's sag, its gullies, the wet well with two duty pumps and a standby one, and the bypass.

    With a surface the cutting and the humps are ground: `UP` is then the frame of the grate, half a metre deep."""
    shape = [(0, 30), (0.1, 140), (0.3, 420), (0.6, 800), (1.0, 1250), (2.0, 2300), (3.0, 3400), (4.8, 5600)]
    if surface:
        net.junction("UP", *POINTS["UP"], SAG - 0.5, SAG, ZONES["U"])
    else:
        net.curve("CUP", "STORAGE", shape, "depth (m) over the lowest point of the road to flooded area (m2)")
        net.storage("UP", *POINTS["UP"], SAG, RIM, SAG, "TABULAR CUP", ZONES["U"])

    inverts = {"G0": 34.70, "G1": 34.62, "R1": 38.20, "RA": 35.90, "R2": 38.20, "RB": 35.90}
    for n, low in inverts.items():
        # Covers are bolted down: what rises here comes out of the grate.
        net.junction(n, *POINTS[n], low, max(ground(*POINTS[n]), low + 1.2), ZONES["U"], surcharge=6)
    net.remark("ORIFICES", "grate over the gully chamber, both ways")
    net.add("ORIFICES", "GRATE", "UP", "G0", "BOTTOM", 0, 0.62, "NO", 0)
    net.add("XSECTIONS", "GRATE", "RECT_CLOSED", "0.9", "2.4", 0, 0)
    for a, b, low, size in (
        ("R1", "RA", 35.90, 0.4), ("RA", "G0", 35.0, 0.5), ("R2", "RB", 35.90, 0.4), ("RB", "G0", 35.0, 0.5),
        ("G0", "G1", 34.62, 0.9),
    ):  # fmt: skip
        net.conduit(f"L{a}", a, b, net.distance(a, b), inverts[a], low, size, "雨水")

    well, start = 31.60, 32.50
    net.storage("PW", *POINTS["PW"], well, ground(*POINTS["PW"]), start, "FUNCTIONAL 0 0 36", ZONES["U"])
    net.conduit("LG1", "G1", "PW", net.distance("G1", "PW"), inverts["G1"], 34.50, 0.9, "雨水")
    net.junction("PC", *POINTS["PC"], 38.20, ground(*POINTS["PC"]), ZONES["U"], surcharge=4)
    net.conduit("LPC", "PC", "K2", net.distance("PC", "K2"), 38.20, 37.60, 0.9, "压力管", flap=True)
    net.conduit("LBY", "PW", "K2", net.distance("PW", "K2"), 37.00, 36.80, 0.8, "雨水", flap=True)
    net.bend("LBY", (22, -95), (26, -150))
    net.curve("CPU", "PUMP3", [(0, 0.27), (3, 0.23), (5, 0.19), (7, 0.12), (9, 0.02)], "head (m) to flow (m3/s) of one pump")
    for name in ("PU1", "PU2", "PU3"):
        net.add("PUMPS", name, "PW", "PC", "CPU", "OFF", 0, 0)
    for name, on, off in (("PU1", 33.40, 32.40), ("PU2", 33.80, 32.60), ("PU3", 34.30, 33.00)):
        net.rule(f"RULE {name}_START", f"IF NODE PW HEAD > {on:.2f}", f"THEN PUMP {name} STATUS = ON", "PRIORITY 1")
        net.rule(f"RULE {name}_STOP", f"IF NODE PW HEAD < {off:.2f}", f"THEN PUMP {name} STATUS = OFF", "PRIORITY 2")
    for duty, level in (("PU1", 33.60), ("PU2", 34.00)):  # the standby pump takes over early
        condition = [f"IF PUMP {duty} STATUS = OFF", f"AND NODE PW HEAD > {level:.2f}"]
        net.rule(f"RULE PU3_FOR_{duty}", *condition, "THEN PUMP PU3 STATUS = ON", "PRIORITY 1")
    net.add("INFLOWS", "PW", "FLOW", '""', "FLOW", "1.0", "1.0", "0.0015")  # seepage through the walls

    for n, name in () if surface else (("W22", "OVW"), ("E22", "OVE")):
        invert, surface = net.levels[n]
        net.remark("WEIRS", "hump where a frontage road meets a ramp: street water runs down over it")
        net.add("WEIRS", name, n, "UP", "TRANSVERSE", f"{surface + 0.15 - invert:.3f}", "1.70", "NO", 0, 0, "YES")
        net.add("XSECTIONS", name, "RECT_OPEN", "0.3", "14", 0, 0)


# -------------------------------------------------------------- the maps ---
CLASSES = {"主干路": (6, 32.0), "次干路": (4, 20.0), "支路": (2, 12.0)}


def road(name, kind, level, nodes, *spots):
    lanes, width = CLASSES[kind]
    points = [FRAME.at(*p) for p in spots]
    return d.line(points, name=name, **{"class": kind}, lanes=lanes, width=width, level_m=level, nodes=nodes)


def roads():
    """Stretches between crossings; `level_m` is the lowest level of each, `nodes` where the model has its water."""
    cutting = [(u, 0) for u in range(-150, 151, 30)]
    yield road("站前大街（下穿段）", "主干路", SAG, ["UP"], *cutting)
    for side, sign, street in (("W", -1, "站西街"), ("E", 1, "站东街")):
        crossing = (sign * 195, 0)
        nodes = [f"{side}21", f"{side}31"]
        yield road("站前大街", "主干路", ground(*crossing), nodes, (sign * 240, 0), crossing, (sign * 150, 0))
        for a in (1, 2, 3):
            ends = [f"{side}{a}1", f"{side}{a + 1}1"]
            yield road(street, "次干路", min(ground(*POINTS[n]) for n in ends), ends, *(POINTS[n] for n in ends))
        for a, name in ((1, "北货场路"), (4, "南广场路")):
            ends = [f"{side}{a}1", f"{side}{a}2"]
            yield road(name, "支路", min(ground(*POINTS[n]) for n in ends), ends, *(POINTS[n] for n in ends))
    yield road("滨渠路", "支路", ground(0, -165), ["W41", "E41"], (-240, -165), (0, -165), (240, -165))


BUILDING = {"flats": ("residential", 0.30), "shops": ("commercial", 0.15), "station": ("transport", 0.20)}
SPECIAL = {  # (manhole, side of the block) -> use, name, threshold above the ground
    ("E11", 0): ("transport", "站前客运站", 0.30),
    ("W22", 1): ("hospital", "铁路医院", 0.45),
    ("E22", 0): ("metro_entrance", "地铁站前口", 0.45),
}


def buildings():
    """Two buildings a block, and the house of the pumps, whose switchboard stands on the ground floor."""
    count = 0
    for n, b in blocks.items():
        if b["land"] not in BUILDING:
            continue
        left, right, low, high = b["box"]
        for side in (0, 1):
            count += 1
            u, v = left + (right - left) * (0.27, 0.73)[side], low + (high - low) * (0.70, 0.32)[side]
            use, rise = BUILDING[b["land"]]
            use, name, rise = SPECIAL.get((n, side), (use, f"{ZONES[b['zone']]}{count}号", rise))
            threshold = round(ground(u, v) + rise + 0.05 * (count % 3), 2)
            ring = FRAME.ring(u - 14, u + 14, v - 8, v + 8, 1)
            yield d.polygon(ring, id=f"B{count:02d}", name=name, use=use, threshold_m=threshold, node=n)
    u, v = POINTS["PW"]
    ring = FRAME.ring(u - 7, u + 9, v - 6, v + 6, 1)
    threshold = round(ground(u, v) + 0.5, 2)
    yield d.polygon(ring, id="B90", name="站前泵站", use="pumping_station", threshold_m=threshold, node="PW")


def zones():
    yield d.polygon(FRAME.ring(-RAMP, RAMP, -HALF_WIDTH, HALF_WIDTH, 6), id="U", name=ZONES["U"], **{"class": "地下通道"})
    for key, sign in (("W", -1), ("E", 1)):
        # Each side goes round its half of the cutting.
        outline = [(240, -150), (240, 150), (0, 150), (0, HALF_WIDTH)]
        outline += [(RAMP, HALF_WIDTH), (RAMP, -HALF_WIDTH), (0, -HALF_WIDTH), (0, -150)]
        ring = [FRAME.at(sign * u, v) for u, v in outline]
        kind = "中心城区重要地区" if key == "E" else "中心城区"
        yield d.polygon(ring[::-1] if sign < 0 else ring, id=key, name=ZONES[key], **{"class": kind})


def land_use():
    for n, b in blocks.items():
        land = LAND[b["land"]]
        yield d.polygon(FRAME.ring(*b["box"]), id=f"S{n}", use=b["land"], name=land["name"], impervious=land["impervious"])
    land = LAND["road"]
    ring = FRAME.ring(-RAMP, RAMP, -HALF_WIDTH, HALF_WIDTH, 6)
    yield d.polygon(ring, id="SU", use="road", name=land["name"], impervious=land["impervious"])


def main():
    d.write(HERE / "network.inp", author_network().text())
    d.write(HERE / "network_surface.inp", author_network(surface=True).text())
    d.write_geojson(HERE / "zones.geojson", EPSG, zones())
    d.write_geojson(HERE / "roads.geojson", EPSG, roads())
    d.write_geojson(HERE / "buildings.geojson", EPSG, buildings())
    d.write_geojson(HERE / "landuse.geojson", EPSG, land_use())
    hours = [k / 4 for k in range(48 * 4 + 1)]
    for name, (law, _, _) in STAGES.items():
        levels = [law(t, HIGH_STAGE_IN_FILES) for t in hours]
        d.write_levels(HERE / f"stage_{name[2:].lower()}.csv", hours, levels)


if __name__ == "__main__":
    main()
