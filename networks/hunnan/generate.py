#!/usr/bin/env python3
"""Writes network.inp: a made-up drainage district in the style of Shenyang's Hunnan.

    python3 generate.py > network.inp

Deterministic: the same script gives the same bytes. Only the Python standard library. The streets, levels, sizes,
areas and flows are invented; README.md says which few things are real. Three districts side by side, each with a
trunk that runs north to the river:

    west    combined sewers; an interceptor takes the dry-weather flow, a weir spills the rest into the river
    middle  storm drains with an off-line storage tank; gravity outfall with a flap gate
    east    storm drains; a pumping station with a gravity gate for low river stages
    creek   an open channel on the eastern edge with a twin-box culvert under the riverside road
"""
import math
import random
import sys

RANDOM = random.Random(20260721)

# ---------------------------------------------------------------- storm -----
A, C, B, N = 1984.0, 0.77, 9.0, 0.77  # 'classic' Shenyang formula, from memory, unverified


def depth_of(minutes, years, factor):
    """Rain depth (mm) of the formula q = A (1 + C lg P) / (t + b)^n, q in L/(s ha), i = q / factor in mm/min."""
    return A * (1 + C * math.log10(years)) * minutes / (minutes + B) ** N / factor


def chicago(years, duration, peak, step, factor):
    """Depths (mm) in equal steps of a Chicago storm (Keifer and Chu 1957), binned by the exact cumulative."""
    at = peak * duration

    def total(t):
        if t <= at:
            return peak * (depth_of(duration, years, factor) - depth_of((at - t) / peak, years, factor))
        return peak * depth_of(duration, years, factor) + (1 - peak) * depth_of((t - at) / (1 - peak), years, factor)

    edges = [k * step for k in range(int(duration / step) + 1)]
    return [total(b) - total(a) for a, b in zip(edges, edges[1:])]


check = chicago(5, 120, 0.4, 5, 1 / 0.006)
assert abs(sum(check) - 52.0877) < 1e-3 and abs(max(check) - 11.6359) < 1e-3
STORM = chicago(5, 120, 0.4, 5, 167.0)


def design_rain(minutes, years):
    """L/(s ha) of the same formula."""
    return A * (1 + C * math.log10(years)) / (minutes + B) ** N


# ------------------------------------------------------------- geometry -----
COLUMNS = [0, 205, 400, 615, 805, 1000, 1185, 1395, 1590, 1780]
ROWS = [60, 235, 420, 590, 780, 950, 1140, 1315, 1500]
ANGLE = math.radians(9)
ORIGIN = (535180.0, 4620900.0)  # EPSG:4550-like metres (CGCS2000, 3-degree zone, 123 E)


def place(u, v):
    """Map coordinates of a point u metres along the river and v metres south of it."""
    u, v = u + 20 * math.sin(v / 420), v + 24 * math.sin(u / 510 + 0.6)
    return (ORIGIN[0] + u * math.cos(ANGLE) + v * math.sin(ANGLE), ORIGIN[1] + u * math.sin(ANGLE) - v * math.cos(ANGLE))


def ground(u, v):
    """Ground level (m): falls to the river, waves a little, with two hollows."""
    z = 43.1 + 0.0017 * v + 0.25 * math.sin(u / 260) * math.cos(v / 330)
    z -= 0.9 * math.exp(-((u - 615) ** 2 + (v - 780) ** 2) / 150**2)
    z -= 0.7 * math.exp(-((u - 1185) ** 2 + (v - 420) ** 2) / 130**2)
    return z


def district(i):
    return "west" if i <= 2 else "middle" if i <= 5 else "east" if i <= 8 else "creek"


TRUNK = {"west": 1, "middle": 4, "east": 7}
YEARS = {"west": 0.9, "middle": 3.0, "east": 2.0, "creek": 2.0}  # what the drains were once designed for
LETTER = {"west": "H", "middle": "Y", "east": "D", "creek": "B"}

nodes = {}  # name -> dict(u, v, z, kind)
pipes = []  # dict(name, a, b, length, relief)
down = {}


def crossing(i, j):
    return f"{LETTER[district(i)]}{i}{j}"


for i, u in enumerate(COLUMNS):
    for j, v in enumerate(ROWS):
        nodes[crossing(i, j)] = dict(u=u, v=v, z=ground(u, v), district=district(i))


def street(a, b):
    """A street drain from one crossing to the next, with a manhole half-way."""
    p, q = nodes[a], nodes[b]
    u, v = (p["u"] + q["u"]) / 2, (p["v"] + q["v"]) / 2
    middle = f"{a}a"
    nodes[middle] = dict(u=u, v=v, z=ground(u, v), district=p["district"])
    down[a], down[middle] = middle, b


for i in range(len(COLUMNS)):
    zone = district(i)
    for j in range(len(ROWS)):
        if zone == "creek":
            if j % 3:
                street(crossing(i, j), crossing(i, j - 1))
            continue
        trunk = TRUNK[zone]
        if i == trunk:
            if j:
                street(crossing(i, j), crossing(i, j - 1))
        elif j and j != len(ROWS) - 1 and RANDOM.random() < 0.3:
            street(crossing(i, j), crossing(i, j - 1))
        else:
            street(crossing(i, j), crossing(i + (1 if i < trunk else -1), j))

# ---------------------------------------------------------- subcatchments ---
subcatchments = []
land = {}
for i in range(len(COLUMNS) - 1):
    for j in range(len(ROWS) - 1):
        for half in "we":
            u0, u1 = COLUMNS[i], COLUMNS[i + 1]
            um = (u0 + u1) / 2
            left, right = (u0, um) if half == "w" else (um, u1)
            v0, v1 = ROWS[j], ROWS[j + 1]
            steps = [0, 0.5, 1]
            ring = [(left, v0 + (v1 - v0) * s) for s in steps] + [(right, v1 - (v1 - v0) * s) for s in steps]
            outline = [place(*p) for p in ring]
            area = abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1]))) / 2e4
            column = i if half == "w" else i + 1
            corner = crossing(column, j + (RANDOM.random() < 0.5))
            outlet = corner + "a" if corner + "a" in nodes and RANDOM.random() < 0.6 else corner
            name = f"S{i}{j}{half}"
            park = (i, j) in ((4, 4), (5, 4))
            imperviousness = 8 if park else RANDOM.uniform(66, 88) if district(column) == "west" else RANDOM.uniform(52, 80)
            subcatchments.append(dict(name=name, outlet=outlet, area=area, imperviousness=imperviousness, park=park, outline=outline, width=area * 1e4 / RANDOM.uniform(55, 95), slope=RANDOM.uniform(0.3, 1.0), district=district(column)))
            land.setdefault(outlet, []).append(area * (0.15 if park else 0.35 + imperviousness / 250))
# the park's two western halves run onto their eastern neighbours
for s in subcatchments:
    if s["park"] and s["name"].endswith("w"):
        land[s["outlet"]].pop()
        s["outlet"] = s["name"][:-1] + "e"

# ------------------------------------------------------- sizes and levels ---
SIZES = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.35, 1.5]
BOXES = [(1.6, 1.6), (2.0, 1.6), (2.2, 1.8), (2.6, 2.0), (3.0, 2.0), (3.4, 2.2), (4.0, 2.2)]


def capacity(size, slope):
    """Manning's capacity (m3/s) of a full pipe (a diameter) or box (width, height), n 0.013 and 0.014."""
    if isinstance(size, tuple):
        w, h = size
        area, radius, n = w * h, w * h / (2 * (w + h)), 0.014
    else:
        area, radius, n = math.pi * size**2 / 4, size / 4, 0.013
    return area * radius ** (2 / 3) * math.sqrt(slope) / n


def height(size):
    return size[1] if isinstance(size, tuple) else size


def grade(size):
    h = height(size)
    return 0.003 if h <= 0.5 else 0.002 if h <= 0.8 else 0.0014 if h <= 1.2 else 0.0011 if isinstance(size, float) else 0.0009


upstream = {}
for a, b in down.items():
    upstream.setdefault(b, []).append(a)
area, minutes, invert, drain = {}, {}, {}, {}
order, seen = [], set()


def walk(n):
    stack = [(n, False)]
    while stack:
        m, done = stack.pop()
        if done:
            order.append(m)
        elif m not in seen:
            seen.add(m)
            stack.append((m, True))
            stack += [(k, False) for k in sorted(upstream.get(m, []))]


for n in sorted(nodes):
    if n not in down:
        walk(n)

ends = {}  # level of each drain's lower end
for n in order:
    p = nodes[n]
    above = upstream.get(n, [])
    area[n] = sum(land.get(n, [])) + sum(area[k] for k in above)
    minutes[n] = max([10.0] + [minutes[k] + drain[k]["length"] / 60 for k in above])
    flow = area[n] * design_rain(minutes[n], YEARS[p["district"]]) / 1000
    least = max([0.4] + [height(drain[k]["size"]) for k in above])
    size = next((s for s in SIZES + BOXES if height(s) >= least - 0.05 and capacity(s, grade(s)) >= flow), BOXES[-1])
    h = height(size)
    crown = min([p["z"] - 1.3] + [ends[k] + height(drain[k]["size"]) for k in above])
    invert[n] = round(crown - h, 3)
    if n in down:
        q = nodes[down[n]]
        (x0, y0), (x1, y1) = place(p["u"], p["v"]), place(q["u"], q["v"])
        length = round(math.hypot(x1 - x0, y1 - y0), 1)
        drain[n] = dict(size=size, length=length)
        ends[n] = round(invert[n] - grade(size) * length, 3)
    else:
        drain[n] = dict(size=size, length=0.0)

# ---------------------------------------------------------------- output ----
junctions, outfalls, storages, conduits, pumps, orifices, weirs, sections, losses, coordinates, vertices, tags, dwf, inflows = ([] for _ in range(14))


def junction(name, u, v, bottom, depth, ponded=0, surcharge=0):
    junctions.append(f"{name:<12} {bottom:9.3f} {depth:7.3f} 0 {surcharge:g} {ponded:g}")
    coordinate(name, u, v)


def coordinate(name, u, v):
    x, y = place(u, v)
    coordinates.append(f"{name:<12} {x:12.2f} {y:12.2f}")


def outfall(name, u, v, bottom, rest):
    outfalls.append(f"{name:<12} {bottom:9.3f} {rest}")
    coordinate(name, u, v)


def conduit(name, a, b, length, roughness, up, low, size, barrels=1, extra=""):
    conduits.append(f"{name:<12} {a:<12} {b:<12} {length:7.1f} {roughness:.3f} {up:6.3f} {low:6.3f} 0 0")
    if isinstance(size, str):
        sections.append(f"{name:<12} {size}")
    elif isinstance(size, tuple):
        sections.append(f"{name:<12} RECT_CLOSED {size[1]:.2f} {size[0]:.2f} 0 0 {barrels}{extra}")
    else:
        sections.append(f"{name:<12} CIRCULAR {size:.2f} 0 0 0 {barrels}{extra}")


for n in sorted(nodes):
    p = nodes[n]
    hollow = p["z"] < 43.1 + 0.0017 * p["v"] - 0.35
    junction(n, p["u"], p["v"], invert[n], p["z"] - invert[n], ponded=2500 if hollow else 900)
    if p["district"] == "west":
        dwf.append(f'{n:<12} FLOW {area[n] and 0.0004 + 0.0006 * sum(land.get(n, [])):.5f} "居民日变化"')
for n in sorted(down):
    q = down[n]
    name = f"G{n}"
    size = drain[n]["size"]
    conduit(name, n, q, drain[n]["length"], 0.014 if isinstance(size, tuple) else 0.013, 0, ends[n] - invert[q], size)
    losses.append(f"{name:<12} 0.25 0.15 0 NO 0")
    tags.append(f"Link {name:<12} {'合流' if nodes[n]['district'] == 'west' else '雨水'}")

# relief drains between neighbouring districts and streets
for k, (a, b) in enumerate((("H24", "Y34"), ("H26", "Y36"), ("D63", "Y53"), ("D66", "Y56"), ("H04", "H05")), 1):
    if invert[a] < invert[b]:
        a, b = b, a
    (x0, y0), (x1, y1) = (place(nodes[n]["u"], nodes[n]["v"]) for n in (a, b))
    bottom = max(invert[a], invert[b]) + 0.45
    conduit(f"联通{k}", a, b, math.hypot(x1 - x0, y1 - y0), 0.013, bottom - invert[a], bottom - 0.05 - invert[b], 0.6)

RIVER = [(0, 38.9), (1, 39.2), (2, 40.1), (3, 40.9), (4, 41.1), (5, 40.9), (6, 40.5)]

# west: interceptor chamber with orifice to the works and weir to the river
n, u = "H10", COLUMNS[1]
bottom = invert[n] - 0.1
size = drain[n]["size"]
storages.append(f"截流井       {bottom:9.3f} {ground(u, 30) - bottom:7.3f} 0 FUNCTIONAL 0 0 90 0 0")
coordinate("截流井", u, 30)
conduit("G截流井", n, "截流井", 32, 0.014, 0, 0.02, size)
storages.append(f"J溢流        {bottom - 0.1:9.3f} {ground(u, 5) - bottom + 0.1:7.3f} 0 FUNCTIONAL 0 0 60 0 0")
coordinate("J溢流", u, 5)
junction("J截流", u - 60, 15, bottom - 0.3, ground(u, 15) - bottom + 0.3)
orifices.append("截流孔       截流井       J截流        SIDE 0 0.65 NO 0")
sections.append("截流孔       CIRCULAR 0.45 0 0 0")
weirs.append("溢流堰       截流井       J溢流        TRANSVERSE 0.9 1.75 NO 0 0 YES")
sections.append(f"溢流堰       RECT_OPEN {height(size):.2f} 6.0 0 0")
outfall("浑河排口1", u, -40, bottom - 0.2, "TIMESERIES 浑河水位 YES")
conduit("G溢流", "J溢流", "浑河排口1", 45, 0.014, 0, 0, BOXES[4])
outfall("污水厂", u - 420, 20, bottom - 1.3, "FREE NO")
conduit("G截流干管", "J截流", "污水厂", 360, 0.013, 0, 0, 0.8)

# middle: off-line tank beside the trunk, gravity outfall
n, u = "Y40", COLUMNS[4]
bottom = invert[n] - 0.05
junction("Y出口井", u, 15, bottom, ground(u, 15) - bottom)
conduit("GY出口", n, "Y出口井", 45, 0.014, 0, 0.0, drain[n]["size"])
outfall("浑河排口2", u, -40, bottom - 0.08, "TIMESERIES 浑河水位 YES")
conduit("GY排口", "Y出口井", "浑河排口2", 55, 0.014, 0, 0, drain[n]["size"])
n = "Y43"
tank = invert[n] - 2.6
storages.append(f"全运调蓄池   {tank:9.3f} {ground(u + 60, ROWS[3]) - tank:7.3f} 0 TABULAR 调蓄池面积 0 0")
coordinate("全运调蓄池", u + 75, ROWS[3] + 40)
crest = height(drain[n]["size"]) * 0.62
weirs.append(f"进水堰       {n:<12} 全运调蓄池   SIDEFLOW {crest:.2f} 1.80 NO 0 0 YES")
sections.append("进水堰       RECT_OPEN 1.20 8.0 0 0")
pumps.append(f"放空泵       全运调蓄池   {n:<12} 放空泵曲线 OFF 0 0")

# east: pumping station with a gravity gate
n, u = "D70", COLUMNS[7]
well = invert[n] - 2.2
storages.append(f"白塔泵站     {well:9.3f} {ground(u, 20) - well:7.3f} 0.5 FUNCTIONAL 0 0 260 0 0")
coordinate("白塔泵站", u, 25)
conduit("GD进水", n, "白塔泵站", 36, 0.014, 0, invert[n] - well - 0.05, drain[n]["size"])
junction("D压力井", u, 0, well + 1.6, ground(u, 0) - well - 1.6, surcharge=6)
outfall("浑河排口3", u, -45, well + 1.4, "TIMESERIES 浑河水位 YES")
conduit("GD压力管", "D压力井", "浑河排口3", 60, 0.013, 0, 0, "FORCE_MAIN 2.00 120 0 0 2")
for k, (on, off) in enumerate(((1.9, 1.0), (2.4, 1.3), (2.9, 1.6)), 1):
    pumps.append(f"排涝泵{k}      白塔泵站     D压力井      排涝泵曲线 OFF {on} {off}")
orifices.append(f"自流闸       白塔泵站     D压力井      SIDE {1.7:.2f} 0.65 NO 0.1")
sections.append("自流闸       RECT_CLOSED 1.40 1.80 0 0")

# creek: open channel, three storm outlets with flap gates, twin-box culvert
CREEK_U = 1960
bottoms = {}
for j, v in enumerate(ROWS):
    bottoms[j] = 38.35 + 0.0021 * (v - ROWS[0])
    junction(f"白塔河{j}", CREEK_U + 15 * math.sin(v / 200), v, bottoms[j], 4.2)
for j in range(len(ROWS) - 1, 0, -1):
    length = (ROWS[j] - ROWS[j - 1]) * 1.04
    conduit(f"河段{j}", f"白塔河{j}", f"白塔河{j-1}", length, 0.03, 0, 0, "IRREGULAR " + ("白塔河上游" if j > 4 else "白塔河下游"))
    v = (ROWS[j] + ROWS[j - 1]) / 2
    x, y = place(CREEK_U + 15 * math.sin(v / 200) + 9 * (-1) ** j, v)
    vertices.append(f"河段{j:<11} {x:12.2f} {y:12.2f}")
junction("涵洞出口", CREEK_U, 12, 38.22, 4.2)
conduit("滨河路涵洞", "白塔河0", "涵洞出口", 42, 0.014, 0, 0, (3.0, 2.0), barrels=2, extra=" 8")
outfall("白塔河口", CREEK_U + 10, -55, 38.1, "TIMESERIES 浑河水位 NO")
conduit("河口段", "涵洞出口", "白塔河口", 60, 0.03, 0, 0, "TRAPEZOIDAL 3.5 5 2 2")
inflows.append('白塔河8      FLOW 白塔河上游来水 FLOW 1.0 1.0 0.6')
for j in (0, 3, 6):
    n = crossing(9, j)
    drop = max(invert[n] - 0.25, bottoms[j] + 0.1)
    conduit(f"B排口{j}", n, f"白塔河{j}", 175, 0.013, 0, drop - bottoms[j], drain[n]["size"])
    losses.append(f"B排口{j}       0.3 1.0 0 YES 0")


def clock(hours):
    s = round(hours * 3600)
    return f"{s // 3600}:{s // 60 % 60:02d}"


out = []


def section(name, lines, head=""):
    if lines:
        out.append(f"\n[{name}]")
        if head:
            out.append(";;" + head)
        out.extend(lines)


out += ["[TITLE]", "浑南示范片区 (虚构): a made-up district in the style of Shenyang's Hunnan", "P = 5 a, 2 h Chicago storm, classic Shenyang formula (unverified). Generated by generate.py."]
section("OPTIONS", [f"{k:<22} {v}" for k, v in {
    "FLOW_UNITS": "CMS", "INFILTRATION": "HORTON", "FLOW_ROUTING": "DYNWAVE", "LINK_OFFSETS": "DEPTH", "MIN_SLOPE": 0,
    "ALLOW_PONDING": "NO", "SKIP_STEADY_STATE": "NO", "START_DATE": "07/21/2026", "START_TIME": "14:00:00",
    "REPORT_START_DATE": "07/21/2026", "REPORT_START_TIME": "14:00:00", "END_DATE": "07/21/2026", "END_TIME": "20:00:00",
    "SWEEP_START": "01/01", "SWEEP_END": "12/31", "DRY_DAYS": 3, "REPORT_STEP": "00:01:00", "WET_STEP": "00:01:00",
    "DRY_STEP": "00:05:00", "ROUTING_STEP": "0:00:02", "INERTIAL_DAMPING": "PARTIAL", "NORMAL_FLOW_LIMITED": "BOTH",
    "FORCE_MAIN_EQUATION": "H-W", "VARIABLE_STEP": 0.75, "LENGTHENING_STEP": 0, "MIN_SURFAREA": 1.167, "MAX_TRIALS": 8,
    "HEAD_TOLERANCE": 0.0015, "MINIMUM_STEP": 0.5, "THREADS": 1}.items()])
section("EVAPORATION", ["CONSTANT 0.0", "DRY_ONLY NO"])
section("RAINGAGES", ["浑南雨量站 INTENSITY 0:05 1.0 TIMESERIES 芝加哥雨型P5"], "Name Form Interval SCF Source")
section("SUBCATCHMENTS", [f"{s['name']:<8} 浑南雨量站 {s['outlet']:<10} {s['area']:7.4f} {s['imperviousness']:5.1f} {s['width']:7.1f} {s['slope']:5.2f} 0" for s in subcatchments], "Name Gauge Outlet Area Imperv Width Slope CurbLen")
section("SUBAREAS", [f"{s['name']:<8} 0.013 0.20 1.5 5.0 25 OUTLET" for s in subcatchments], "Subcatchment N-Imperv N-Perv S-Imperv S-Perv PctZero RouteTo")
section("INFILTRATION", [f"{s['name']:<8} 76 7.6 4 7 0" for s in subcatchments], "Subcatchment MaxRate MinRate Decay DryTime MaxInfil")
section("JUNCTIONS", junctions, "Name Invert MaxDepth InitDepth SurDepth Aponded")
section("OUTFALLS", outfalls, "Name Invert Type Stage Gated")
section("STORAGE", storages, "Name Invert MaxDepth InitDepth Shape Curve/Params Fevap")
section("CONDUITS", conduits, "Name From To Length Roughness InOffset OutOffset InitFlow MaxFlow")
section("PUMPS", pumps, "Name From To Curve Status Startup Shutoff")
section("ORIFICES", orifices, "Name From To Type Offset Qcoeff Gated CloseTime")
section("WEIRS", weirs, "Name From To Type CrestHt Qcoeff Gated EndCon EndCoeff Surcharge")
section("XSECTIONS", sections, "Link Shape Geom1 Geom2 Geom3 Geom4 Barrels Culvert")
section("TRANSECTS", [
    ";lower creek", "NC 0.045 0.045 0.030", "X1 白塔河下游 8 6.0 16.0 0 0 0 0 0 0", "GR 4.2 0 3.2 1 2.2 6 0.2 8.5 0 11 0.2 13.5", "GR 2.2 16 4.2 22",
    ";upper creek", "NC 0.045 0.045 0.032", "X1 白塔河上游 8 5.0 14.0 0 0 0 0 0 0", "GR 4.2 0 3.0 1 2.0 5 0.2 7.5 0 9.5 0.2 11.5", "GR 2.0 14 4.2 20"])
section("LOSSES", losses, "Link Kentry Kexit Kavg FlapGate Seepage")
section("CONTROLS", [
    "RULE 自流闸关", "IF NODE 浑河排口3 HEAD > 39.5", "THEN ORIFICE 自流闸 SETTING = 0", "ELSE ORIFICE 自流闸 SETTING = 1", "PRIORITY 2", "",
    "RULE 调蓄池放空", "IF NODE Y43 DEPTH < 0.9", "AND NODE 全运调蓄池 DEPTH > 0.5", "AND SIMULATION TIME > 2:00", "THEN PUMP 放空泵 STATUS = ON", "",
    "RULE 调蓄池停泵", "IF NODE Y43 DEPTH > 1.5", "OR NODE 全运调蓄池 DEPTH < 0.2", "THEN PUMP 放空泵 STATUS = OFF", "PRIORITY 2"])
section("INFLOWS", inflows, "Node Constituent Series Type Mfactor Sfactor Baseline")
section("DWF", dwf, "Node Constituent Average Patterns")
PATTERN = [0.45, 0.35, 0.30, 0.30, 0.35, 0.60, 1.10, 1.60, 1.60, 1.35, 1.20, 1.20, 1.25, 1.15, 1.00, 0.95, 1.00, 1.20, 1.45, 1.55, 1.45, 1.25, 0.85, 0.50]
section("PATTERNS", ["居民日变化 HOURLY " + " ".join(f"{x:.2f}" for x in PATTERN[:12]), "居民日变化        " + " ".join(f"{x:.2f}" for x in PATTERN[12:])])
section("CURVES", [
    ";head (m) to flow (m3/s) of one drainage pump", "排涝泵曲线 PUMP3 0 2.60", "排涝泵曲线 2.5 2.20", "排涝泵曲线 5.0 1.60", "排涝泵曲线 8.0 0.30",
    ";depth to flow of the emptying pump", "放空泵曲线 PUMP4 0 0", "放空泵曲线 0.3 0.15", "放空泵曲线 1.0 0.25", "放空泵曲线 7.0 0.25",
    ";tank", "调蓄池面积 STORAGE 0 1100", "调蓄池面积 4.0 1100", "调蓄池面积 4.5 60", "调蓄池面积 9.0 60"])
series = [";Chicago storm, P = 5 a, 120 min, r = 0.4, q = 1984(1+0.77lgP)/(t+9)^0.77 L/(s ha), 167 L/(s ha) = 1 mm/min; unverified formula"]
series += [f"芝加哥雨型P5 {clock(k / 12)} {d * 12:.3f}" for k, d in enumerate(STORM)] + ["芝加哥雨型P5 2:00 0"]
series += [";stage of the river, made up"] + [f"浑河水位 {clock(t)} {z:.2f}" for t, z in RIVER]
series += [";flow from the creek's upper basin, made up"] + [f"白塔河上游来水 {clock(t)} {q:.2f}" for t, q in ((0, 0), (0.5, 0.2), (1.0, 1.5), (1.5, 5.2), (2.0, 8.4), (2.5, 7.6), (3, 5.5), (4, 2.6), (6, 0.8))]
section("TIMESERIES", series)
section("REPORT", ["INPUT NO", "CONTROLS NO", "SUBCATCHMENTS ALL", "NODES ALL", "LINKS ALL"])
section("TAGS", tags)
points = [tuple(map(float, c.split()[1:])) for c in coordinates]
xs, ys = [p[0] for p in points], [p[1] for p in points]
section("MAP", [f"DIMENSIONS {min(xs) - 60:.2f} {min(ys) - 60:.2f} {max(xs) + 60:.2f} {max(ys) + 60:.2f}", "UNITS Meters"])
section("COORDINATES", coordinates)
section("VERTICES", vertices)
section("POLYGONS", [f"{s['name']:<8} {x:12.2f} {y:12.2f}" for s in subcatchments for x, y in s["outline"]])
labels = [("浑河", 900, -110), ("合流制老区", 120, 1580), ("雨水片区", 760, 1580), ("泵排片区", 1330, 1580), ("白塔河", 2000, 900)]
section("LABELS", ['{:.2f} {:.2f} "{}"'.format(*place(u, v), t) for t, u, v in labels])
gauge = place(930, 800)
section("SYMBOLS", [f"浑南雨量站 {gauge[0]:.2f} {gauge[1]:.2f}"])
sys.stdout.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.write("\n".join(out) + "\n")
