#!/usr/bin/env python3
"""Writes the riverside place: a made-up old combined district on a river arm, in the style of Shenyang.

    python3 make.py            writes every file of the place beside this script
    python3 make.py --check    writes nothing; fails if a file differs from what would be written

Deterministic, standard library only. Everything is invented; README.md says what is where and which ids to use.
The script goes from the town (streets, blocks, ground) over its sewers (tree, sizes, levels) to the works at the
river (chambers, interceptor, stations, lake, river arm) and writes `network.inp`, the maps and the series at the end.

Positions are local: u metres eastward along the river, v metres northward from it. `to_map` turns them into
CGCS2000 metres (EPSG:4550). Levels are metres above the 1985 datum, in name only.
"""
import json
import math
import pathlib
import sys

# ------------------------------------------------------------------------------------------------ numbers ----


class Lcg:
    """Knuth's MMIX generator (a 64-bit linear congruential one), read from its upper 53 bits."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, low=0.0, high=1.0):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (high - low) * (self.state >> 11) / 2**53


def area_of(ring):
    """Area (m2) of a polygon, positive when it runs counter-clockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1])) / 2


def middle(*points):
    return tuple(sum(p[k] for p in points) / len(points) for k in (0, 1))


def between(p, q, share):
    return tuple(a + (b - a) * share for a, b in zip(p, q))


# --------------------------------------------------------------------------------------------------- rain ----
A, C, B, N = 1984.0, 0.77, 9.0, 0.77  # 'classic' Shenyang storm-intensity formula, quoted from memory, unverified


def design_rain(minutes, years):
    """q = A (1 + C lg P) / (t + b)^n in L/(s ha)."""
    return A * (1 + C * math.log10(years)) / (minutes + B) ** N


def chicago(years, duration, peak, step):
    """Depths (mm) in equal steps of a Chicago storm (Keifer and Chu 1957), 167 L/(s ha) = 1 mm/min."""

    def depth(t):
        return design_rain(t, years) * t / 167

    def total(t):
        at = peak * duration
        if t <= at:
            return peak * (depth(duration) - depth((at - t) / peak))
        return peak * depth(duration) + (1 - peak) * depth((t - at) / (1 - peak))

    edges = [k * step for k in range(round(duration / step) + 1)]
    return [total(b) - total(a) for a, b in zip(edges, edges[1:])]


# ------------------------------------------------------------------------------------------- streets, blocks ----
# The town as its sewers see it, north at the top, the riverside road at the bottom: one character per crossing
# of streets, saying where its sewer runs. v south, < west, > east, z south-west, s south-east; X: into the overflow
# chamber of a combined trunk, Y: storm outlet into the river arm; a point: no crossing (fields, railway).
STREETS = """
. . v > v < v < > v < v . .
> v < > v < s < > v < v v .
> v < > v < > v < v > v v <
v v < v z v > v > v < v v <
> v < v < > > v > v < v v <
> v < v < > v z < v > v v <
> v < v < > v < > v < v v v
> v > v < > v < > v > v v v
> X > X < > X < > X > X Y Y
"""
COLUMNS = [0, 205, 395, 600, 820, 1005, 1190, 1360, 1540, 1745, 1940, 2140, 2350, 2570]
ROWS = [30, 215, 400, 575, 740, 905, 1080, 1275, 1465]
COLUMN_NAMES = ["西顺城街", "柳林街", "染坊街", "仓前街", "鼓楼西街", "书院街", "钟楼街", "正阳街", "塔湾街", "盐市街", "车站街", "新民街", "东塔街", "工匠街"]
ROW_NAMES = ["滨河路", "渔市路", "南关路", "粮行路", "文庙路", "中央路", "北关路", "铁西路", "铁道路"]
ARTERIES = {"滨河路": 6, "文庙路": 4, "北关路": 4, "仓前街": 4, "正阳街": 6, "新民街": 4}  # lanes; other streets have 2
CORE = (1330.0, 890.0)  # middle of the old walled town, whose streets are turned a little
ORIGIN = (531200.0, 4624300.0)

chance = Lcg(20260701)
grid = {}  # (column, row) -> (u, v)
flow_to = {}  # (column, row) -> character of STREETS
for j, line in zip(range(len(ROWS) - 1, -1, -1), STREETS.split("\n")[1:-1]):
    for i, way in enumerate(line.split()):
        if way != ".":
            still = j == 0
            grid[i, j] = (COLUMNS[i] + chance.uniform(-14, 14), ROWS[j] + (0 if still else chance.uniform(-13, 13)))
            flow_to[i, j] = way


def to_map(point):
    """CGCS2000 metres of a local point: the old town turned, the river bank bent, all turned to the river."""
    u, v = point
    du, dv = u - CORE[0], v - CORE[1]
    turn = math.radians(-13) * math.exp(-(du * du + dv * dv) / 430**2)
    u, v = CORE[0] + du * math.cos(turn) - dv * math.sin(turn), CORE[1] + du * math.sin(turn) + dv * math.cos(turn)
    v += 70 * math.sin((u - 250) / 620) * (1 - v / 3600)
    u += 26 * math.sin(v / 420 + 0.8)
    angle = math.radians(11)
    return (ORIGIN[0] + u * math.cos(angle) - v * math.sin(angle), ORIGIN[1] + u * math.sin(angle) + v * math.cos(angle))


HOLLOWS = [(600, 400, 0.55, 130), (820, 1275, 0.75, 90), (1360, 905, 0.45, 150), (1745, 190, 0.55, 190), (2140, 740, 0.5, 120), (205, 575, 0.45, 120)]


def ground(point):
    """Ground level (m): falls to the river and with the river to the west; waves; hollows (u, v, depth, radius)."""
    u, v = point
    z = 35.05 + 0.00042 * u + 0.00185 * v + 0.22 * math.sin(u / 310 + 0.4) * math.cos(v / 270)
    return z - sum(d * math.exp(-((u - a) ** 2 + (v - b) ** 2) / r**2) for a, b, d, r in HOLLOWS)


# ------------------------------------------------------------------------------------------------- sewer tree ----
# Nodes of the trunks are J<trunk><number from the river>, of branches M<row><column>, of lanes A<block>; the pipe
# below a node has the letter T, C or L instead. A manhole half-way along a street has an 'm' after its number.
STEP = {"v": (0, -1), "<": (-1, 0), ">": (1, 0), "z": (-1, -1), "s": (1, -1)}
nodes = {}  # id -> dict(at, z, zone, trunk)
down = {}  # id -> id of the next node
crossing = {}  # (column, row) -> id


def below(key):
    step = STEP.get(flow_to[key])
    return (key[0] + step[0], key[1] + step[1]) if step else None


def end_of(key):
    while below(key):
        key = below(key)
    return key


ENDS = sorted((key for key, way in flow_to.items() if way in "XY"))  # west to east
LETTER = {key: str(k) for k, key in enumerate(ENDS, 1)}  # 1 to 5 combined, 6 and 7 storm
upward = {}
for key in flow_to:
    if below(key):
        upward.setdefault(below(key), []).append(key)


def reach(key):
    """Length of the longest path of crossings above one."""
    return 1 + max((reach(k) for k in upward.get(key, [])), default=0)


trunk_keys = set()
for end in ENDS:
    key, number = end, 1
    while key:
        crossing[key] = f"J{LETTER[end]}{number}"
        trunk_keys.add(key)
        key, number = max(upward.get(key, []), key=lambda k: (k[1] > key[1], reach(k)), default=None), number + 1
for key in sorted(flow_to):
    crossing.setdefault(key, f"M{key[1]}{key[0]:02d}")


def zone_of(key):
    """The district of a crossing: N1 to N7 combined, N8 already separated."""
    trunk, row = LETTER[end_of(key)], key[1]
    return {"1": "N1", "2": "N3" if row > 4 else "N2", "3": "N5" if row > 3 else "N4", "4": "N6", "5": "N7"}.get(trunk, "N8")


for key, name in crossing.items():
    nodes[name] = dict(at=grid[key], z=ground(grid[key]), zone=zone_of(key), trunk=LETTER[end_of(key)])
    if below(key):
        down[name] = crossing[below(key)]


def manhole_between(a, b):
    """The manhole half-way along the street sewer from a to b, made when it is asked for first."""
    name = a + "m"
    if name not in nodes:
        at = middle(nodes[a]["at"], nodes[b]["at"])
        nodes[name] = dict(nodes[a], at=at, z=ground(at))
        down[a], down[name] = name, b
    return name


# ----------------------------------------------------------------------------------------------- land use ----
# Blocks lie between the streets (i, j), (i + 1, j + 1). Their use decides imperviousness, people and buildings.
PARK = {(7, 4), (8, 4)}  # the lake lies here
USES = {  # share of roofs, roads, yards, green; people per hectare before scaling; storeys
    "residential": (0.36, 0.17, 0.23, 0.24, 250, 6),
    "old_residential": (0.48, 0.16, 0.24, 0.12, 290, 2),
    "commercial": (0.45, 0.22, 0.21, 0.12, 120, 5),
    "public": (0.28, 0.17, 0.27, 0.28, 90, 4),
    "industrial": (0.38, 0.18, 0.28, 0.16, 40, 2),
    "green": (0.02, 0.06, 0.06, 0.86, 0, 1),
}


def use_of(block):
    i, j = block
    if block in PARK or j == 0 and i in (2, 7):
        return "green"
    if 5 <= i <= 8 and 3 <= j <= 5:
        return "commercial" if (i + j) % 2 else "old_residential"
    if 4 <= i <= 8 and 2 <= j <= 6:
        return "old_residential"
    if j == 7 or (i, j) in {(0, 6), (1, 6), (10, 6), (11, 6)}:
        return "industrial" if i not in (4, 5, 6) else "residential"
    if (i * 7 + j * 5) % 13 == 0:
        return "public"
    return "commercial" if i in (3, 10) and j in (3, 4) else "residential"


blocks = [(i, j) for i in range(len(COLUMNS) - 1) for j in range(len(ROWS) - 1)]
blocks = [(i, j) for i, j in blocks if all(k in grid for k in ((i, j), (i + 1, j), (i, j + 1), (i + 1, j + 1)))]


def corners(block):
    """The crossings round a block, from its south-west, counter-clockwise."""
    i, j = block
    return [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]


def inside(block, a, b):
    """Local point at shares a eastward and b northward of a block."""
    sw, se, ne, nw = (grid[k] for k in corners(block))
    return between(between(sw, se, a), between(nw, ne, a), b)


def sewer_along(block, side):
    """The street sewer on the side S, E, W or N of a block as a pair of crossings, if there is one."""
    sw, se, ne, nw = corners(block)
    a, b = {"S": (sw, se), "E": (se, ne), "W": (sw, nw), "N": (nw, ne)}[side]
    return (a, b) if below(a) == b else (b, a) if below(b) == a else None


subcatchments = []
load = {}  # node -> contributing hectares, to spread the blocks over the manholes
for block in blocks:
    i, j = block
    use = use_of(block)
    roofs, paved, yards, _, people, _ = USES[use]
    name = f"S{j}{i:02d}"
    ring = [to_map(grid[k]) for k in corners(block)]
    parts = [(name, ring)]
    if use == "old_residential":  # a lane (hutong) through the block, with a sewer of its own
        side = next((s for s in "SEWN" if sewer_along(block, s)), None)
        if side:
            a, b = (crossing[k] for k in sewer_along(block, side))
            target = manhole_between(a, b)
        else:
            a = target = crossing[block]
        outlet = f"A{j}{i:02d}"
        at = inside(block, 0.5, 0.5)
        nodes[outlet] = dict(nodes[a], at=at, z=ground(at))
        down[outlet] = target
        sw, se, ne, nw = ring
        if side in ("S", "N", None):
            parts = [(name + "w", [sw, middle(sw, se), middle(nw, ne), nw]), (name + "e", [middle(sw, se), se, ne, middle(nw, ne)])]
        else:
            parts = [(name + "s", [sw, se, middle(se, ne), middle(sw, nw)]), (name + "n", [middle(sw, nw), middle(se, ne), ne, nw])]
    else:
        outlet = min((crossing[k] for k in corners(block)), key=lambda n: (load.get(n, 0.0), n))
    for part, outline in parts:
        hectares = area_of(outline) / 1e4
        impervious = 100 * (roofs + paved + 0.5 * yards) + chance.uniform(-3, 3)
        subcatchments.append(dict(name=part, block=block, outlet=outlet, ring=outline, area=hectares, use=use, zone=nodes[outlet]["zone"],
                                  impervious=impervious, width=hectares * 1e4 / chance.uniform(160, 260), slope=chance.uniform(0.3, 0.9), people=people * hectares))
        load[outlet] = load.get(outlet, 0.0) + hectares
POPULATION = 60000
scale = POPULATION / sum(s["people"] for s in subcatchments)
for s in subcatchments:
    s["people"] *= scale
LITRES = 235.0  # dry-weather flow per person and day, with trade and a tenth of infiltration

# ------------------------------------------------------------------------------------------ sizes and levels ----
SIZES = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8]
DESIGN = {"N1": 4.0, "N2": 4.0, "N3": 3.0, "N4": 3.0, "N5": 3.0, "N6": 4.0, "N7": 5.0, "N8": 5.0}  # return period (years) of the trunks
BRANCHES = 2.5  # branches and lanes are sized for storms this many times as rare
# Trunk reaches built before the town above them grew: pipes that are smaller than even that aim, by their ids.
UNDERSIZED = {"T13": 1.35, "T14": 1.35, "T22": 1.8, "T23": 1.65, "T24": 1.65, "T33": 1.65, "T34": 1.65, "T35": 1.5, "T36": 1.35, "T44": 1.35, "T45": 1.35, "T54": 1.2, "T18": 1.2, "C410": 0.7}
BRICK = {"T35", "T36", "T37"}  # egg-shaped brickwork of the old town


def least_grade(size):
    return 0.0025 if size <= 0.4 else 0.0020 if size <= 0.6 else 0.0016 if size <= 0.8 else 0.0012 if size <= 1.2 else 0.0010 if size <= 1.65 else 0.0008


def capacity(size, grade):
    """Manning's full capacity (m3/s) of a circular concrete pipe, n = 0.013."""
    return math.pi * size**2 / 4 * (size / 4) ** (2 / 3) * math.sqrt(grade) / 0.013


def pipe_id(node):
    return {"J": "T", "M": "C", "A": "L"}[node[0]] + node[1:]


def map_length(a, b):
    return math.dist(to_map(a), to_map(b))


above = {}
for a, b in down.items():
    above.setdefault(b, []).append(a)
order = []
waiting = sorted(n for n in nodes if n not in down)
while waiting:  # from the outlets upward, then read backward
    n = waiting.pop(0)
    order.append(n)
    waiting += sorted(above.get(n, []))
order.reverse()

pipes = {}  # upper node -> dict(size, length, grade, up, low): inverts of its two ends
invert, hectares, travel = {}, {}, {}
COVER = 1.8
KERB = 80.0  # m from the riverside road to the overflow chambers
for n in order:
    p, feeders = nodes[n], [pipes[k] for k in above.get(n, [])]
    hectares[n] = load.get(n, 0.0) + sum(hectares[k] for k in above.get(n, []))
    travel[n] = max([6.0] + [travel[k] + pipes[k]["length"] / 60 for k in above.get(n, [])])
    crown = min([p["z"] - COVER] + [f["low"] + f["size"] for f in feeders])
    q = down.get(n)
    length = map_length(p["at"], nodes[q]["at"]) if q else KERB
    flow = 0.60 * hectares[n] * design_rain(travel[n], DESIGN[p["zone"]] * (1 if n[0] == "J" else BRANCHES)) / 1000
    widest = max([0.4 if n[0] == "A" else 0.5] + [f["size"] for f in feeders if f["name"] not in UNDERSIZED])
    fall = (crown - (nodes[q]["z"] - COVER)) / length if q else 0.0
    size = next(d for d in SIZES if d >= widest and capacity(d, min(0.004, max(least_grade(d), fall))) >= flow)
    size = UNDERSIZED.get(pipe_id(n), size)
    grade = round(min(0.004, max(least_grade(size), fall)), 5)
    up = round(crown - size, 3)
    invert[n] = min([up] + [f["low"] for f in feeders])
    pipes[n] = dict(name=pipe_id(n), size=size, length=round(length, 1), grade=grade, up=up, low=round(up - grade * length, 3), zone=p["zone"])

# -------------------------------------------------------------------------------------------- output tables ----
tables = {name: [] for name in "JUNCTIONS OUTFALLS STORAGE CONDUITS PUMPS ORIFICES WEIRS XSECTIONS LOSSES INFLOWS DWF TAGS COORDINATES VERTICES".split()}
kilometres = {}  # (kind, size) -> m


def put(table, *fields):
    tables[table].append(" ".join(f"{f:<8}" if isinstance(f, str) else f"{f:g}" for f in fields).rstrip())


def say(table, text):
    tables[table].append(";" + text)


def coordinate(name, at):
    x, y = to_map(at)
    tables["COORDINATES"].append(f"{name:<8} {x:.2f} {y:.2f}")


def junction(name, at, bottom, top, tag, start=0.0, ponded=0.0):
    put("JUNCTIONS", name, f"{bottom:.3f}", f"{top - bottom:.3f}", f"{start:.3f}", 0, f"{ponded:g}")
    put("TAGS", "Node", name, tag)
    coordinate(name, at)


def storage(name, at, bottom, top, start, shape, tag):
    put("STORAGE", name, f"{bottom:.3f}", f"{top - bottom:.3f}", f"{start:.3f}", shape)
    put("TAGS", "Node", name, tag)
    coordinate(name, at)


def outfall(name, at, bottom, rest, tag):
    put("OUTFALLS", name, f"{bottom:.3f}", rest)
    put("TAGS", "Node", name, tag)
    coordinate(name, at)


bed = {}  # node -> invert of its table, for the offsets of pipes


def conduit(name, a, b, length, roughness, up, low, shape, tag, flap=False, entry=0.0, leave=0.0):
    put("CONDUITS", name, a, b, f"{length:.1f}", f"{roughness:g}", f"{up - bed[a]:.3f}", f"{low - bed[b]:.3f}", 0, 0)
    put("XSECTIONS", name, shape)
    put("TAGS", "Link", name, tag)
    if flap or entry or leave:
        put("LOSSES", name, entry, leave, 0, "YES" if flap else "NO", 0)
    kilometres[tag] = kilometres.get(tag, 0.0) + length


def circular(size):
    return f"CIRCULAR {size:g} 0 0 0 1"


KIND = {"6": "storm", "7": "storm"}  # of trunk; else combined
for n in sorted(nodes):
    p = nodes[n]
    low = min(HOLLOWS, key=lambda h: math.dist(h[:2], p["at"]))
    bed[n] = invert[n]
    junction(n, p["at"], invert[n], p["z"], p["zone"], ponded=3000 if math.dist(low[:2], p["at"]) < low[3] else 800)

# ------------------------------------------------------------------------- works at the river, west to east ----
NORMAL = 31.20  # stage (m) of the river arm, held by a rubber dam
TRUNKS = {LETTER[k]: k for k in ENDS}
COMBINED = "12345"
SPILL_SIZE = {"1": 1.8, "2": 2.2, "3": 2.2, "4": 2.2, "5": 1.8}
dry = {}  # trunk -> mean dry-weather flow (m3/s)
for s in subcatchments:
    if s["zone"] != "N8":
        trunk = nodes[s["outlet"]]["trunk"]
        dry[trunk] = dry.get(trunk, 0.0) + s["people"] * LITRES / 86.4e6

CHAMBER = "FUNCTIONAL 0 0 300 0 0"  # a chamber and the channels beside it in one (m2): keeps drowned weirs calm
chamber_floor = {}
crest = {}
say("STORAGE", "overflow chambers K (截流井) of the combined trunks and outlet chambers X behind their weirs")
for t in COMBINED:
    end = TRUNKS[t]
    n = crossing[end]
    p = pipes[n]
    u, v = grid[end]
    floor = round(p["low"] - 0.10, 3)
    chamber_floor[t] = floor
    bed[f"K{t}"] = floor
    storage(f"K{t}", (u, v - KERB), floor, ground((u, v - KERB)), 0.0, CHAMBER, "chamber")
    conduit(p["name"], n, f"K{t}", p["length"], 0.013, p["up"], p["low"], circular(p["size"]), "combined", entry=0.2)
    crest[t] = round(max(p["low"] + 0.45 * p["size"], NORMAL + 0.35), 2)
    bottom = round(min(floor, NORMAL - 0.3) - 0.1, 3)
    bed[f"X{t}"] = bottom
    storage(f"X{t}", (u, v - 135), bottom, ground((u, v - KERB)) + 0.4, NORMAL - bottom, CHAMBER, "chamber")
    bed[f"O{t}"] = round(bottom - 0.1, 3)
    outfall(f"O{t}", (u, v - 215), bed[f"O{t}"], f"FIXED {NORMAL:.2f} YES", "river")
    conduit(f"D{t}", f"X{t}", f"O{t}", 80, 0.013, bottom, bottom - 0.1, f"RECT_CLOSED {SPILL_SIZE[t] - 0.2:g} {SPILL_SIZE[t]:g} 0 0 1", "spill", entry=0.3, leave=0.5)

say("WEIRS", "overflow weirs (溢流堰) W, crest above the chamber floor; trunk 4 spills into the wet well of the storm station")
for t in COMBINED:
    put("WEIRS", f"W{t}", f"K{t}", "PS2" if t == "4" else f"X{t}", "TRANSVERSE", f"{crest[t] - chamber_floor[t]:.3f}", 1.80, "NO", 0, 0, "YES")
    put("XSECTIONS", f"W{t}", "RECT_OPEN 0.9 5 0 0" if t in "145" else "RECT_OPEN 1 6 0 0")
    put("TAGS", "Link", f"W{t}", "spill")

# Interceptor I along the river, from the separated east to the lift station PS1.
INTERCEPTOR = [(i, f"I{i + 1}") for i in range(12, -1, -1)]  # east to west, a manhole at each street
say("JUNCTIONS", "interceptor (截流干管), numbered from the lift station eastward")
joined = {TRUNKS[t][0]: t for t in COMBINED}
east_dry = sum(s["people"] for s in subcatchments if s["zone"] == "N8") * LITRES / 86.4e6
gathered = east_dry * 2
interceptor = []
for i, name in INTERCEPTOR:
    at = (COLUMNS[i] - 14, -80)
    if i in joined:
        gathered += dry[joined[i]] * 7
    size = next(d for d in SIZES if d >= 0.6 and capacity(d, 0.0008) >= gathered)
    interceptor.append(dict(name=name, at=at, size=size))
soffit = chamber_floor["5"] - 0.10 + 0.04
for k, part in enumerate(interceptor):
    part["up"] = round(soffit - part["size"], 3)
    target = interceptor[k + 1]["at"] if k + 1 < len(interceptor) else (-150, -74)
    part["length"] = round(map_length(part["at"], target), 1)
    part["low"] = round(part["up"] - 0.0008 * part["length"], 3)
    soffit = part["low"] + part["size"]
    bed[part["name"]] = part["up"]
    junction(part["name"], part["at"], part["up"], ground(part["at"]) + 0.2, "interceptor")
for t in COMBINED:
    name = f"I{TRUNKS[t][0] + 1}"
    bore = {"1": 0.22, "2": 0.28, "3": 0.28, "4": 0.22, "5": 0.20}[t]
    put("ORIFICES", f"V{t}", f"K{t}", name, "SIDE", 0, 0.65, "YES", 0)
    put("XSECTIONS", f"V{t}", f"CIRCULAR {bore:g} 0 0 0")
    put("TAGS", "Link", f"V{t}", "interceptor")

# Lift station PS1 at the end of the interceptor, high-level sewer to the treatment works.
last = interceptor[-1]
bed["PS1"] = round(last["low"] - 2.4, 3)
at = (-150, -74)
say("STORAGE", "PS1 sewage lift station (污水提升泵站), PS2 storm pumping station (雨水泵站), LAKE (湖)")
storage("PS1", at, bed["PS1"], ground(at) + 0.3, 0.8, "FUNCTIONAL 0 0 90 0 0", "station")
for k, part in enumerate(interceptor):
    following = interceptor[k + 1]["name"] if k + 1 < len(interceptor) else "PS1"
    conduit("C" + part["name"], part["name"], following, part["length"], 0.013, part["up"], part["low"], circular(part["size"]), "interceptor")
bed["H1"], bed["H2"], bed["WWTP"] = 33.60, 33.36, 33.12
junction("H1", (-190, -70), bed["H1"], 36.2, "interceptor")
junction("H2", (-400, -34), bed["H2"], 36.2, "interceptor")
outfall("WWTP", (-610, 6), bed["WWTP"], "FREE NO", "works")
conduit("CH1", "H1", "H2", map_length((-190, -70), (-400, -34)), 0.013, bed["H1"], bed["H2"], circular(1.0), "interceptor")
conduit("CH2", "H2", "WWTP", map_length((-400, -34), (-610, 6)), 0.013, bed["H2"], bed["WWTP"], circular(1.0), "interceptor")
say("PUMPS", "lift pumps by depth in PS1; storm pumps by head, with rules")
for k, (on, off) in enumerate(((1.6, 0.7), (2.0, 1.0), (2.4, 1.3)), 1):
    put("PUMPS", f"P1{k}", "PS1", "H1", "提升泵曲线", "ON" if k == 1 else "OFF", on, off)
    put("TAGS", "Link", f"P1{k}", "station")

# Storm pumping station PS2 behind the weir of trunk 4: gravity gate G2 for low river, three pumps for high.
end = TRUNKS["4"]
u, v = grid[end]
bed["PS2"] = round(bed["X4"] - 1.9, 3)
storage("PS2", (u + 55, v - 118), bed["PS2"], ground((u, v - KERB)) + 0.2, NORMAL - 0.1 - bed["PS2"], "FUNCTIONAL 0 0 420 0 0", "station")
put("ORIFICES", "G2", "PS2", "X4", "SIDE", f"{bed['X4'] - bed['PS2'] + 0.05:.3f}", 0.65, "YES", 0.1)
put("XSECTIONS", "G2", "RECT_CLOSED 2 2.4 0 0")
put("TAGS", "Link", "G2", "station")
for k in (1, 2, 3):
    put("PUMPS", f"P2{k}", "PS2", "X4", "变频泵曲线" if k == 1 else "排涝泵曲线", "OFF", 0, 0)
    put("TAGS", "Link", f"P2{k}", "station")

# Lake: the trunk of the old town spills into it when it surcharges; weir and gate lead to a culvert to the river arm.
LAKE_FLOOR, LAKE_LEVEL = 31.90, 33.70
lake_middle = inside((7, 4), 0.62, 0.5)
lake_node = crossing[(7, 4)]
bed["LAKE"] = LAKE_FLOOR
storage("LAKE", lake_middle, LAKE_FLOOR, 36.0, LAKE_LEVEL - LAKE_FLOOR, "TABULAR 湖面积", "lake")
trunk = pipes[lake_node]
inlet = round(max(trunk["up"] + 0.95 * trunk["size"], LAKE_LEVEL + 0.5), 2)
put("WEIRS", "WT", lake_node, "LAKE", "SIDEFLOW", f"{inlet - bed[lake_node]:.3f}", 1.80, "YES", 0, 0, "YES")
put("XSECTIONS", "WT", "RECT_OPEN 1 7 0 0")
put("TAGS", "Link", "WT", "lake")
lake_path = [("LC1", inside((7, 3), 0.45, 0.85)), ("LC2", inside((7, 2), 0.5, 0.95)), ("LC3", inside((7, 1), 0.5, 0.95)), ("LC4", inside((7, 0), 0.5, 0.95)), ("LC5", inside((7, 0), 0.5, 0.05))]
culvert = 31.75
for k, (name, at) in enumerate(lake_path):
    if k:
        culvert = round(culvert - 0.0008 * map_length(lake_path[k - 1][1], at), 3)
    bed[name] = culvert
    if k == 0:
        storage(name, at, culvert, ground(at), 0.0, "FUNCTIONAL 0 0 60 0 0", "lake")
    else:
        junction(name, at, culvert, ground(at), "lake", start=max(0.0, NORMAL - culvert))
put("WEIRS", "WL", "LAKE", "LC1", "TRANSVERSE", f"{LAKE_LEVEL - LAKE_FLOOR:.3f}", 1.80, "YES", 0, 0, "YES")
put("XSECTIONS", "WL", "RECT_OPEN 1 5 0 0")
put("TAGS", "Link", "WL", "lake")
put("ORIFICES", "GL", "LAKE", "LC1", "SIDE", f"{0.4:.3f}", 0.65, "YES", 0)  # no closing time: shut by its rule at once
put("XSECTIONS", "GL", "RECT_CLOSED 1 1.5 0 0")
put("TAGS", "Link", "GL", "lake")

# River arm: open channel from R8 (east) to R1 (west), then the flume of the rubber dam to its mouth RIV. The flume is
# narrow and short because the half of a conduit that lies at an outfall is filled by the stage without any flow.
ARM = [("R8", 2640), ("R7", 2300), ("R6", 1950), ("R5", 1560), ("R4", 1130), ("R3", 700), ("R2", 280), ("R1", -110), ("RIV", -360)]
say("JUNCTIONS", "river arm (河汊), upstream in the east")
for k, (name, u) in enumerate(ARM):
    at = (u, -260 - 8 * math.sin(u / 300))
    bed[name] = round(29.05 + 0.00025 * (u + 360), 3)
    if name == "RIV":
        outfall(name, at, bed[name], f"FIXED {NORMAL:.2f} NO", "river")
    else:
        junction(name, at, bed[name], bed[name] + 8.3, "river", start=NORMAL - bed[name])
for k, ((a, u), (b, w)) in enumerate(zip(ARM, ARM[1:])):
    shape = "RECT_OPEN 8.3 9 0 0" if b == "RIV" else "IRREGULAR " + ("河汊上段" if k < 3 else "河汊下段")
    line = [(u + (w - u) * s / 4, -260 - 8 * math.sin((u + (w - u) * s / 4) / 300)) for s in range(5)]
    length = sum(map_length(p, q) for p, q in zip(line, line[1:]))
    conduit("RV" + a[1:], a, b, length, 0.02 if b == "RIV" else 0.03, bed[a], bed[b], shape, "river")
    for at in line[1:-1]:
        x, y = to_map(at)
        tables["VERTICES"].append(f"RV{a[1:]:<6} {x:.2f} {y:.2f}")
put("INFLOWS", "R8", "FLOW", '""', "FLOW", 1.0, 1.0, 2.0)

culvert_shape = "RECT_CLOSED 1.4 1.6 0 0 1"
for k, (name, at) in enumerate(lake_path):
    target, to, low = (*lake_path[k + 1], bed[lake_path[k + 1][0]]) if k + 1 < len(lake_path) else ("R5", (1560, -260), NORMAL - 0.75)
    conduit("D" + name, name, target, map_length(at, to), 0.015, bed[name], low, culvert_shape, "lake", flap=k + 1 == len(lake_path), leave=0.5 if k + 1 == len(lake_path) else 0.0)

# Storm outlets of the separated east into the river arm.
for t, target in (("6", "R7"), ("7", "R8")):
    n = crossing[TRUNKS[t]]
    p = pipes[n]
    to = next((u, -260) for name, u in ARM if name == target)
    length = map_length(nodes[n]["at"], to)
    low = max(p["up"] - 0.001 * length, bed[target] + 0.3)
    conduit(p["name"], n, target, length, 0.013, p["up"], low, circular(p["size"]), "storm", flap=True, leave=0.7)

# ------------------------------------------------------------------------------------------- street sewers ----
for n in sorted(down):
    p = pipes[n]
    tag = KIND.get(nodes[n]["trunk"], "combined")
    brick = p["name"] in BRICK
    old = p["zone"] in ("N4", "N5")
    shape = f"EGG {p['size']:g} 0 0 0 1" if brick else circular(p["size"])
    conduit(p["name"], n, down[n], p["length"], 0.016 if brick else 0.014 if old else 0.013, p["up"], p["low"], shape, tag, entry=0.1 if n[0] == "J" else 0.2)

# Foul sewers of the separated east: F7 (north) to F1, then the head of the interceptor.
foul = []
for j in range(7, 0, -1):
    u, v = grid[(12, j)]
    foul.append((f"F{j}", (u - 14, v + 6)))
for name, at in foul:
    bed[name] = round(ground(at) - COVER - 0.4, 3)
for (name, at), (following, there) in zip(foul, foul[1:]):
    bed[following] = round(min(bed[following], bed[name] - 0.002 * map_length(at, there)), 3)
head = interceptor[0]
for (name, at), (following, there) in zip(foul, foul[1:] + [(head["name"], head["at"])]):
    junction(name, at, bed[name], ground(at), "N8")
    length = map_length(at, there)
    low = max(bed[following], bed[name] - 0.004 * length)
    conduit("E" + name, name, following, length, 0.011, bed[name], low, circular(0.4), "foul")

people_at = {}
for s in subcatchments:
    if s["people"]:
        node = s["outlet"] if s["zone"] != "N8" else f"F{min(7, max(1, s['block'][1] + 1))}"
        people_at[node] = people_at.get(node, 0.0) + s["people"]
say("DWF", f"{POPULATION} people, {LITRES:g} L a head and day")
for n in sorted(people_at):
    put("DWF", n, "FLOW", f"{people_at[n] * LITRES / 86.4e6:.6f}", '"生活污水日变化"')

# ------------------------------------------------------------------------------------------------ network.inp ----
RULES = """
;gravity gate of the storm station: shut while the river is high, with a band so that it does not chatter
RULE PS2_GATE_SHUT
IF NODE O4 HEAD > 32.20
THEN ORIFICE G2 SETTING = 0
PRIORITY 3

RULE PS2_GATE_OPEN
IF NODE O4 HEAD < 32.00
THEN ORIFICE G2 SETTING = 1
PRIORITY 2

;storm pumps: one after the other by the level of the wet well
{storm_pumps}
;lake gate: let down while the lake is high and the river lower than the lake
RULE LAKE_GATE_OPEN
IF NODE LAKE HEAD > 33.95
AND NODE R5 HEAD < 33.60
THEN ORIFICE GL SETTING = 1
PRIORITY 2

RULE LAKE_GATE_SHUT
IF NODE LAKE HEAD < 33.72
OR NODE R5 HEAD > 33.80
THEN ORIFICE GL SETTING = 0
PRIORITY 3
"""
STORM_PUMPS = {"P21": (31.25, 31.05), "P22": (32.00, 31.30), "P23": (32.30, 31.50)}  # start, stop levels (m)


def rules():
    lines = []
    for pump, (start, stop) in STORM_PUMPS.items():
        lines += [f"RULE {pump}_START", f"IF NODE PS2 HEAD > {start:.2f}", "AND ORIFICE G2 SETTING = 0", f"THEN PUMP {pump} STATUS = ON", ""]
        lines += [f"RULE {pump}_STOP", f"IF NODE PS2 HEAD < {stop:.2f}", f"THEN PUMP {pump} STATUS = OFF", ""]
    return RULES.format(storm_pumps="\n".join(lines)).strip().split("\n")


PATTERN = [0.45, 0.35, 0.30, 0.30, 0.35, 0.60, 1.10, 1.60, 1.60, 1.35, 1.20, 1.20, 1.25, 1.15, 1.00, 0.95, 1.00, 1.20, 1.45, 1.55, 1.45, 1.25, 0.85, 0.50]
STORM = chicago(3, 120, 0.4, 5)
OPTIONS = {
    "FLOW_UNITS": "CMS", "INFILTRATION": "HORTON", "FLOW_ROUTING": "DYNWAVE", "LINK_OFFSETS": "DEPTH", "MIN_SLOPE": "0",
    "ALLOW_PONDING": "NO", "SKIP_STEADY_STATE": "NO", "START_DATE": "07/21/2026", "START_TIME": "14:00:00",
    "REPORT_START_DATE": "07/21/2026", "REPORT_START_TIME": "14:00:00", "END_DATE": "07/21/2026", "END_TIME": "20:00:00",
    "SWEEP_START": "01/01", "SWEEP_END": "12/31", "DRY_DAYS": "3", "REPORT_STEP": "00:05:00", "WET_STEP": "00:01:00",
    "DRY_STEP": "00:10:00", "ROUTING_STEP": "0:00:10", "INERTIAL_DAMPING": "PARTIAL", "NORMAL_FLOW_LIMITED": "BOTH",
    "FORCE_MAIN_EQUATION": "H-W", "VARIABLE_STEP": "0.75", "LENGTHENING_STEP": "0", "MIN_SURFAREA": "1.167",
    "MAX_TRIALS": "8", "HEAD_TOLERANCE": "0.0015", "MINIMUM_STEP": "0.5", "THREADS": "1",
}


def network():
    out = [
        "[TITLE]",
        "滨河老城示范片区 (虚构): a made-up old combined district on a river arm, in the style of Shenyang",
        "P = 3 a, 2 h Chicago storm, classic Shenyang formula (from memory, unverified). Levels are fictional.",
        "Written by make.py: change that, not this file.",
    ]

    def section(name, lines, head=""):
        out.extend(["", f"[{name}]"] + ([";;" + head] if head else []) + list(lines))

    section("OPTIONS", [f"{k:<22} {v}" for k, v in OPTIONS.items()])
    section("EVAPORATION", [";mm a day, made up", "MONTHLY 0.4 0.8 1.8 3.5 4.8 5.0 4.6 4.0 3.0 1.9 0.9 0.4", "DRY_ONLY YES"])
    section("RAINGAGES", ["RG1 INTENSITY 0:05 1.0 TIMESERIES 芝加哥雨型P3"], "Name Form Interval SCF Source")
    section("SUBCATCHMENTS", [f"{s['name']:<7} RG1 {s['outlet']:<6} {s['area']:7.4f} {s['impervious']:5.1f} {s['width']:6.1f} {s['slope']:.2f} 0" for s in subcatchments], "Name Gauge Outlet Area Imperv Width Slope CurbLen")
    section("SUBAREAS", [f"{s['name']:<7} 0.013 0.20 1.5 5.0 25 PERVIOUS {60 if s['use'] == 'green' else 30}" for s in subcatchments], "Subcatchment N-Imperv N-Perv S-Imperv S-Perv PctZero RouteTo PctRouted")
    section("INFILTRATION", [f"{s['name']:<7} 65 6.5 4 7 0" for s in subcatchments], "Subcatchment MaxRate MinRate Decay DryTime MaxInfil")
    section("JUNCTIONS", tables["JUNCTIONS"], "Name Invert MaxDepth InitDepth SurDepth Aponded")
    section("OUTFALLS", tables["OUTFALLS"], "Name Invert Type Stage Gated")
    section("STORAGE", tables["STORAGE"], "Name Invert MaxDepth InitDepth Shape Curve/Params Fevap")
    section("CONDUITS", tables["CONDUITS"], "Name From To Length Roughness InOffset OutOffset InitFlow MaxFlow")
    section("PUMPS", tables["PUMPS"], "Name From To Curve Status Startup Shutoff")
    section("ORIFICES", tables["ORIFICES"], "Name From To Type Offset Qcoeff Gated CloseTime")
    section("WEIRS", tables["WEIRS"], "Name From To Type CrestHt Qcoeff Gated EndCon EndCoeff Surcharge")
    section("XSECTIONS", tables["XSECTIONS"], "Link Shape Geom1 Geom2 Geom3 Geom4 Barrels")
    section("TRANSECTS", [
        ";upper river arm (河汊上段): station and level above its bed", "NC 0.045 0.045 0.030", "X1 河汊上段 10 9.0 26.0 0 0 0 0 0 0",
        "GR 8.3 0 4.2 6 3.6 9 0.9 12 0.1 15", "GR 0 18 0.4 22 3.4 26 4.3 30 8.3 37",
        ";lower river arm (河汊下段)", "NC 0.045 0.045 0.030", "X1 河汊下段 10 10.0 33.0 0 0 0 0 0 0",
        "GR 8.3 0 4.0 6 3.5 10 1.1 13 0 18", "GR 0.2 24 0.7 29 3.3 33 4.1 38 8.3 45"])
    section("LOSSES", tables["LOSSES"], "Link Kentry Kexit Kavg FlapGate Seepage")
    section("CONTROLS", rules())
    section("INFLOWS", [";base flow of the river arm (m3/s)"] + tables["INFLOWS"], "Node Constituent Series Type Mfactor Sfactor Baseline")
    section("DWF", tables["DWF"], "Node Constituent Average Patterns")
    section("PATTERNS", ["生活污水日变化 HOURLY " + " ".join(f"{x:.2f}" for x in PATTERN[:12]), "生活污水日变化        " + " ".join(f"{x:.2f}" for x in PATTERN[12:])])
    section("CURVES", [
        ";one lift pump: depth in PS1 (m) to flow (m3/s)", "提升泵曲线 PUMP4 0.0 0.00", "提升泵曲线 0.7 0.10", "提升泵曲线 1.6 0.26", "提升泵曲线 2.8 0.38",
        ";one storm pump: head (m) to flow (m3/s)", "排涝泵曲线 PUMP3 0.0 1.90", "排涝泵曲线 2.0 1.70", "排涝泵曲线 4.0 1.30", "排涝泵曲线 6.5 0.20",
        ";storm pump with variable speed: depth in PS2 (m) to flow (m3/s)", "变频泵曲线 PUMP4 2.1 0.00", "变频泵曲线 2.3 0.20", "变频泵曲线 2.8 1.50", "变频泵曲线 4.0 1.80",
        ";lake: depth (m) to area (m2)", "湖面积 STORAGE 0.0 24000", "湖面积 1.8 33000", "湖面积 2.6 38000", "湖面积 4.1 45000"])
    clock = lambda minutes: f"{minutes // 60}:{minutes % 60:02d}"
    section("TIMESERIES", [
        ";mm/h: Chicago storm, P = 3 a, 120 min, r = 0.4, q = 1984(1+0.77lgP)/(t+9)^0.77 L/(s ha), 167 L/(s ha) = 1 mm/min;", ";formula from memory, UNVERIFIED: not for design",
        *(f"芝加哥雨型P3 {clock(5 * k)} {d * 12:.3f}" for k, d in enumerate(STORM)), "芝加哥雨型P3 2:00 0"])
    section("REPORT", ["INPUT NO", "CONTROLS NO", "SUBCATCHMENTS ALL", "NODES ALL", "LINKS ALL"])
    section("TAGS", tables["TAGS"] + [f"Subcatch {s['name']:<8} {s['zone']}" for s in subcatchments])
    points = [tuple(map(float, line.split()[1:])) for line in tables["COORDINATES"]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    section("MAP", [f"DIMENSIONS {min(xs) - 80:.2f} {min(ys) - 80:.2f} {max(xs) + 80:.2f} {max(ys) + 80:.2f}", "UNITS Meters"])
    section("COORDINATES", tables["COORDINATES"])
    section("VERTICES", tables["VERTICES"])
    section("POLYGONS", [f"{s['name']:<7} {x:.2f} {y:.2f}" for s in subcatchments for x, y in s["ring"]])
    labels = [("河汊", 900, -320), ("老城", 1290, 960), ("湖", 1560, 860), ("污水处理厂", -640, 130), ("雨水泵站", 1850, -110), ("分流制新区", 2400, 1330)]
    section("LABELS", ['{:.2f} {:.2f} "{}"'.format(*to_map((u, v)), text) for text, u, v in labels])
    section("SYMBOLS", ["RG1 {:.2f} {:.2f}".format(*to_map((1180, 760)))])
    return "\n".join(out) + "\n"


# ------------------------------------------------------------------------------------------------------ maps ----


def geojson(name, features):
    """A feature collection in the network's own metres, one feature a line."""
    lines = [json.dumps({"type": "Feature", "properties": p, "geometry": g}, ensure_ascii=False) for p, g in features]
    head = json.dumps(name, ensure_ascii=False)
    return f'{{"type": "FeatureCollection", "name": {head}, "crs": "EPSG:4550", "fictional": true, "features": [\n' + ",\n".join(lines) + "\n]}\n"


def rounded(points):
    return [[round(x, 2), round(y, 2)] for x, y in points]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [rounded(r + r[:1]) for r in rings]}


def outline(members):
    """The rings round a set of blocks: the outer ring first (counter-clockwise), then holes."""
    edges = {}
    for block in members:
        ring = corners(block)
        for a, b in zip(ring, ring[1:] + ring[:1]):
            if (b, a) in edges:
                del edges[b, a]
            else:
                edges[a, b] = True
    rings = []
    while edges:
        a, b = min(edges)
        ring = []
        while True:
            del edges[a, b]
            ring.append(a)
            following = sorted(e for e in edges if e[0] == b)
            if not following:
                break
            a, b = following[0]
        rings.append([to_map(grid[k]) for k in ring])
    return sorted(rings, key=lambda r: -area_of(r))


def zone_class(block):
    i, j = block
    if 5 <= i <= 8 and 3 <= j <= 5:
        return "重要地区"
    return "非中心城区" if j == 7 or i >= 11 or (i <= 1 and j >= 5) else "中心城区"


def zones():
    names = {"重要地区": "老城核心区", "中心城区": "滨河老城", "非中心城区": "外围片区"}
    for kind in ("中心城区", "重要地区", "非中心城区"):
        rings = outline([b for b in blocks if zone_class(b) == kind])
        outer = [r for r in rings if area_of(r) > 0]
        holes = [r for r in rings if area_of(r) < 0]
        for k, ring in enumerate(outer):
            yield {"name": names[kind] + (str(k + 1) if len(outer) > 1 else ""), "class": kind}, polygon(ring, *(holes if k == 0 else []))


def districts():
    for zone in sorted({s["zone"] for s in subcatchments}):
        parts = [s for s in subcatchments if s["zone"] == zone]
        shape = {"type": "MultiPolygon", "coordinates": [polygon(s["ring"])["coordinates"] for s in parts]}
        yield {"name": zone, "area_ha": round(sum(s["area"] for s in parts), 2), "population": round(sum(s["people"] for s in parts)), "system": "separate" if zone == "N8" else "combined"}, shape


def roads():
    lines = [(name, [grid[i, j] for i in range(len(COLUMNS)) if (i, j) in grid]) for j, name in enumerate(ROW_NAMES)]
    lines += [(name, [grid[i, j] for j in range(len(ROWS)) if (i, j) in grid and not (i == 8 and j == 5)]) for i, name in enumerate(COLUMN_NAMES)]
    lines += [(f"斜街{k}", [grid[a], grid[b]]) for k, (a, b) in enumerate(sorted((key, below(key)) for key, way in flow_to.items() if way in "zs"), 1)]
    for name, points in lines:
        lanes = ARTERIES.get(name, 2)
        kind = "主干路" if lanes == 6 else "次干路" if lanes == 4 else "支路"
        width = {6: 32.0, 4: 22.0, 2: 12.0}[lanes]
        yield {"name": name, "class": kind, "lanes": lanes, "width": width}, {"type": "LineString", "coordinates": rounded(map(to_map, points))}
    for name in sorted(n for n in nodes if n[0] == "A"):
        yield {"name": f"胡同{name}", "class": "支路", "lanes": 1, "width": 5.0}, {"type": "LineString", "coordinates": rounded([to_map(nodes[name]["at"]), to_map(nodes[down[name]]["at"])])}


BUILT = {"residential": (3, 3), "old_residential": (4, 3), "commercial": (2, 2), "public": (2, 1), "industrial": (2, 2), "green": (0, 0)}


def distance(point, a, b):
    """Distance (m) of a point from the line between two others."""
    along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / math.dist(a, b) ** 2
    return math.dist(point, between(a, b, min(1.0, max(0.0, along))))


def buildings():
    luck = Lcg(20260702)
    number = 0
    lanes = [(nodes[n]["at"], nodes[down[n]]["at"]) for n in sorted(nodes) if n[0] == "A"]
    slanting = [(grid[key], grid[below(key)]) for key, way in sorted(flow_to.items()) if way in "zs"]
    for block in blocks:
        use = use_of(block)
        storeys = USES[use][5]
        across, along = BUILT[use]
        for a in range(across):
            for b in range(along):
                x0, x1 = (a + luck.uniform(0.10, 0.20)) / across, (a + luck.uniform(0.78, 0.90)) / across
                y0, y1 = (b + luck.uniform(0.16, 0.26)) / along, (b + luck.uniform(0.60, 0.80)) / along
                shrink = lambda s: 0.09 + 0.82 * s  # clear of the streets
                ring = [inside(block, shrink(x), shrink(y)) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
                heart = middle(*ring)
                if any(distance(heart, a, b) < 13 for a, b in lanes) or any(distance(heart, a, b) < 24 for a, b in slanting):
                    continue
                level = ground(heart)
                step = luck.uniform(0.02, 0.20) if use == "old_residential" else luck.uniform(0.15, 0.60)
                number += 1
                what = {"residential": "住宅", "old_residential": "平房住宅", "commercial": "商业", "public": ["学校", "医院", "办公"][number % 3], "industrial": "厂房"}[use]
                yield {"id": f"B{number:03d}", "use": what, "storeys": max(1, storeys + round(luck.uniform(-1.4, 1.4))), "ground_m": round(level, 2), "threshold_m": round(level + step, 2)}, polygon([to_map(p) for p in ring])


def landuse():
    for block in blocks:
        i, j = block
        use = use_of(block)
        roofs, paved, yards, green, _, _ = USES[use]
        water = 0.0
        if block in PARK:
            water = 0.55 if i == 7 else 0.45
            green -= water
        yield {"id": f"L{j}{i:02d}", "use": use.replace("old_", ""), "fraction": {"roof": roofs, "road": paved, "yard": yards, "green": round(green, 2), "water": water}}, polygon([to_map(grid[k]) for k in corners(block)])


# ---------------------------------------------------------------------------------------------------- series ----
STAGE = [(0, 31.20), (4, 31.20), (8, 31.85), (12, 32.90), (16, 33.75), (19, 34.10), (21, 34.20), (23, 34.15), (27, 33.80), (32, 33.20), (38, 32.50), (44, 31.95), (48, 31.70)]


def stage():
    """Hourly stage of the river arm in a 20-year flood, between the points of STAGE."""
    outfalls = [f"O{t}" for t in COMBINED] + ["RIV"]  # one pool; the treatment works stands above it
    lines = ["hours," + ",".join(outfalls)]
    for hour in range(STAGE[-1][0] + 1):
        (t0, z0), (t1, z1) = next(p for p in zip(STAGE, STAGE[1:]) if hour <= p[1][0])
        lines.append(f"{hour}" + f",{z0 + (z1 - z0) * (hour - t0) / (t1 - t0):.3f}" * len(outfalls))
    return "\n".join(lines) + "\n"


# Rain of a made-up year: for each month its depth (mm), number of events and the share of short convective ones.
# About the seasons of Shenyang; winter snow is written as its water.
MONTHS = [(6, 3, 0.0), (7, 3, 0.0), (16, 4, 0.0), (38, 5, 0.1), (56, 7, 0.2), (92, 10, 0.5), (172, 13, 0.6), (168, 11, 0.6), (72, 7, 0.3), (42, 6, 0.1), (20, 4, 0.0), (9, 3, 0.0)]
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
YEAR = 2026
SEED = 20260716


def year_of_rain():
    """Events in 10-minute steps: (month, day, hour, minute, mm). Start, length and shape from the generator."""
    luck = Lcg(SEED)
    fallen = {}
    for month, (total, count, convective) in enumerate(MONTHS):
        weights = [(-math.log(1 - luck.uniform(0, 0.999))) ** 1.4 + 0.12 for _ in range(count)]
        for k, weight in enumerate(weights):
            depth = total * weight / sum(weights)
            short = luck.uniform() < convective and depth < 30
            steps = round(luck.uniform(4, 15)) if short else round(luck.uniform(24, 24 + min(100, 5 * depth)))
            begin = round((k + luck.uniform(0.1, 0.75)) * DAYS[month] * 144 / count)
            peak = luck.uniform(0.2, 0.5)
            shape = [math.exp(-abs((s + 0.5) / steps - peak) * (5.5 if short else 2.5)) * luck.uniform(0.6, 1.4) for s in range(steps)]
            for s, part in enumerate(shape):
                at = begin + s
                if at < DAYS[month] * 144:
                    fallen[month, at] = fallen.get((month, at), 0.0) + depth * part / sum(shape)
    rows = []
    for (month, at), mm in sorted(fallen.items()):
        mm = round(mm, 2)
        if mm > 0:
            rows.append((month + 1, at // 144 + 1, at % 144 // 6, at % 6 * 10, mm))
    return rows


def rain_file():
    lines = [f";fictional year of rain, mm in 10 min; Knuth's MMIX generator, seed {SEED}, see make.py"]
    return "\n".join(lines + [f"RG1 {YEAR} {month} {day} {hour} {minute} {mm:g}" for month, day, hour, minute, mm in year_of_rain()]) + "\n"


# ----------------------------------------------------------------------------------------------------- write ----


def summary():
    total = sum(s["area"] for s in subcatchments)
    print(f"{len(tables['CONDUITS'])} conduits, {len(subcatchments)} subcatchments, {total:.1f} ha, impervious {sum(s['area'] * s['impervious'] for s in subcatchments) / total:.0f} %")
    print("dry-weather flow (m3/s):", {t: round(q, 4) for t, q in sorted(dry.items())}, "east", round(east_dry, 4))
    print("length (km) by type:", {k: round(v / 1000, 2) for k, v in kilometres.items()})
    for zone in sorted({s["zone"] for s in subcatchments}):
        parts = [s for s in subcatchments if s["zone"] == zone]
        print(zone, f"{sum(s['area'] for s in parts):.1f} ha, {sum(s['people'] for s in parts):.0f} people")
    sizes = {}
    for p in pipes.values():
        sizes[p["size"]] = sizes.get(p["size"], 0.0) + p["length"] / 1000
    print("street sewers (km) by size:", {d: round(k, 2) for d, k in sorted(sizes.items())})
    covers = [nodes[n]["z"] - p["up"] - p["size"] for n, p in pipes.items()] + [nodes[down[n]]["z"] - pipes[n]["low"] - pipes[n]["size"] for n in down]
    print(f"cover {min(covers):.2f} to {max(covers):.2f} m")
    for t in COMBINED:
        n = crossing[TRUNKS[t]]
        print(f"trunk {t}: {hectares[n]:.1f} ha, size {pipes[n]['size']}, invert {pipes[n]['low']}, crest {crest[t]}, chamber {chamber_floor[t]}, travel {travel[n]:.0f} min")
        k, line = n, []
        while k:
            line.append(f"{pipes[k]['name']}:{pipes[k]['size']}")
            k = next((a for a in sorted(above.get(k, [])) if a[0] == "J"), None)
        print("   ", " ".join(line))
    print("interceptor:", [(p["name"], p["size"], p["up"]) for p in interceptor], "PS1", bed["PS1"], "PS2", bed["PS2"], "X4", bed["X4"], "lake weir", inlet)
    rain = year_of_rain()
    print(f"year of rain: {sum(r[-1] for r in rain):.1f} mm, largest 10 min {max(r[-1] for r in rain)} mm")


FILES = {
    "network.inp": network,
    "zones.geojson": lambda: geojson("zones", zones()),
    "districts.geojson": lambda: geojson("districts", districts()),
    "roads.geojson": lambda: geojson("roads", roads()),
    "buildings.geojson": lambda: geojson("buildings", buildings()),
    "landuse.geojson": lambda: geojson("landuse", landuse()),
    "stage_20a.csv": stage,
    "rain_year.dat": rain_file,
}

if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    stale = []
    for name, make in FILES.items():
        data = make().encode()
        if "--check" in sys.argv[1:]:
            if not (here / name).is_file() or (here / name).read_bytes() != data:
                stale.append(name)
        else:
            (here / name).write_bytes(data)
    if "--summary" in sys.argv[1:]:
        summary()
    if stale:
        sys.exit("differs from what make.py writes: " + ", ".join(stale))
