#!/usr/bin/env python3
"""Writes the ground of the riverside place: terrain.tif and roughness.tif (2 m cells), water.geojson, inlets.csv.

    python3 make_terrain.py            writes them beside this script (about 6 s)
    python3 make_terrain.py --check    writes nothing; fails if a file holds something else

Everything is invented, like the place. The ground is that of make.py, on which the rims of the sewers lie; into it are
drawn carriageways with kerbs and crowns that fall to the manholes, plots a little higher, the old town whose yards
lie as low as its streets, the strip along the river with its levee, and the lake.
"""
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
import levelling  # noqa: E402
import make as place  # noqa: E402
from levelling import ramp, smooth  # noqa: E402

CELL = 2.0
EPSG = 4550

# ------------------------------------------------------------------------------------------- levels of streets ----
# Heights (m) above the ground of make.py, which is the level of the manholes.
FALL, FALL_OVER = 0.03, 25.0  # what a gutter rises away from a manhole, and over how many m
CROWN = {2: 0.04, 4: 0.07, 6: 0.07, 1: 0.0}  # middle of the carriageway above its gutters, by lanes
CROSSFALL = 0.015
PLOT = 0.15  # plots, behind a kerb of 0.12 to 0.15
FOOTWAY, YARD, FOOTWAY_WIDTH = 0.08, 0.03, 3.0  # the old town: a low kerb, and yards not higher than the street
APRON = (2.5, 7.0)  # m round a node: level with its rim within, as the land beyond

# ---------------------------------------------------------------------------------------------- along the river ----
MARGIN = 40.0  # m of land beyond the streets at the edge
STRIP = [(-650, 40), (-650, -300), (2710, -300), (2710, 40)]  # local corners: the river's arm and its banks
# Heights above the ground from the river road (v = 30) to the levee: the lids of chambers K (v = -50), of the
# interceptor (-80), of PS2 (-88) and of the outlet chambers X (-105) lie at these.
BANK = [(-105, 0.50), (-88, 0.27), (-80, 0.20), (-50, 0.0), (8, 0.0)]
CREST = 37.40  # levee, the edge of the transects of the arm
WATER, SHORE, EDGE, TOP, TOE = 31.20, 13.0, 20.0, 24.0, 3.0  # pool; half-widths (m) of water, inner and outer edge; slope
LAKE_SHORE, LAKE_BANK = 0.25, 15.0  # slope of the lake's banks, and how wide they are at most (m)


# Manning's n (s/m^(1/3)) of what lies there: typical values, made up like the rest.
ASPHALT, PAVING, GRASS, LEVEE = 0.016, 0.022, 0.06, 0.045
PLOTS = {"residential": 0.035, "old_residential": 0.03, "commercial": 0.025, "public": 0.03, "industrial": 0.03, "green": 0.08}


def to_local(x, y):
    """The local point of a point on the map: make.py's `to_map` undone."""
    angle = math.radians(11)
    x, y = x - place.ORIGIN[0], y - place.ORIGIN[1]
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    u -= 26 * math.sin(v / 420 + 0.8)
    bend = 70 * math.sin((u - 250) / 620)
    v = (v - bend) / (1 - bend / 3600)
    du, dv = u - place.CORE[0], v - place.CORE[1]
    turn = math.radians(13) * math.exp(-(du * du + dv * dv) / 430**2)
    return place.CORE[0] + du * math.cos(turn) - dv * math.sin(turn), place.CORE[1] + du * math.sin(turn) + dv * math.cos(turn)


def arm(u):
    """Where the middle of the river arm is (v, m)."""
    return -260 - 8 * math.sin(u / 300)


def mapped(points, longest=20.0):
    """A line on the map through local points, with points between them so that it bends as the map does."""
    line = []
    for a, b in zip(points, points[1:]):
        pieces = max(1, math.ceil(math.dist(a, b) / longest))
        line += [place.to_map(place.between(a, b, k / pieces)) for k in range(pieces)]
    return line + [place.to_map(points[-1])]


def lake(bank=0.0):
    """The shore of the lake, a smooth oval of 3.3 ha round its middle, within the park; or so many m outside of it."""
    u, v = place.inside((7, 4), 1.0, 0.5)
    a, b = 128.0 + bank, 82.0 + bank
    ring = [(u + a * math.cos(t), v + b * math.sin(t)) for t in (2 * math.pi * k / 72 for k in range(72))]
    return [place.to_map(p) for p in ring]


def river():
    """The river arm from the middle of its levee to beyond the land on its other side."""
    us = range(-690, 2751, 20)
    side = lambda off: [place.to_map((u, arm(u) + off)) for u in us]
    return side(EDGE + 2) + side(-70)[::-1]


def rims():
    """Place on the map and level of the rim of every node that has one, but those of lake and river."""
    model = place.network().split("\n")
    section, top, at = "", {}, {}
    for line in model:
        fields = line.split(";")[0].split()
        if line.startswith("["):
            section = fields[0]
        elif fields and section in ("[JUNCTIONS]", "[STORAGE]"):
            top[fields[0]] = float(fields[1]) + float(fields[2])
        elif fields and section == "[COORDINATES]":
            at[fields[0]] = (float(fields[1]), float(fields[2]))
    return {n: (at[n], z) for n, z in top.items() if n != "LAKE" and n[0] != "R"}


def ground():
    """Levels of the ground, and Manning's n."""
    streets = [(p["lanes"], p["width"] / 2, g["coordinates"]) for p, g in place.roads()]
    edge = [ring for ring in place.outline(place.blocks)]
    strip = mapped(STRIP + STRIP[:1])
    points = [p for ring in edge for p in ring] + strip
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    box = (min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN)
    land = levelling.Cells(box, CELL)
    land.spread(lambda x, y: place.ground(to_local(x, y)), 5)
    us, vs = land.like(0.0), land.like(0.0)
    us.spread(lambda x, y: to_local(x, y)[0], 5)
    vs.spread(lambda x, y: to_local(x, y)[1], 5)

    rough = land.like(GRASS)
    known = land.like(0.0)  # 1: land, 2: old town
    for ring in edge:
        for index, _ in known.near(ring + ring[:1], MARGIN):
            known.values[index] = 1.0
    known.fill([strip], 1.0)
    for block in place.blocks:
        ring = [place.to_map(place.grid[k]) for k in place.corners(block)]
        known.fill([ring], 2.0 if place.use_of(block) == "old_residential" else 1.0)
        rough.fill([ring], PLOTS[place.use_of(block)])

    far = 1e3
    kerb = land.like(far)  # distance from the edge of the carriageway, below zero on it
    crown = land.like(0.0)
    for lanes, half, line in streets:
        kerb.least(line, half + 12.0, less=half)
        for index, off in crown.near(line, half):
            crown.values[index] = max(crown.values[index], min(CROWN[lanes], CROSSFALL * (half - off)))
    tops = rims()
    inlet = land.like(far)  # distance from the next node
    for (x, y), _ in tops.values():
        inlet.least([(x, y), (x, y)], FALL_OVER)
    shore = land.like(far)
    ring = lake()
    shore.least(ring + ring[:1], 16.0)
    wet = land.like(0.0)
    wet.fill([ring], 1.0)

    z = land.values
    for k in range(len(z)):
        if not known.values[k]:
            z[k] = levelling.NO_DATA
            continue
        ground, v, off = z[k], vs.values[k], kerb.values[k]
        if off < 0:
            away = inlet.values[k]
            z[k] = ground + FALL * smooth(away, 0.0, FALL_OVER) + crown.values[k] * smooth(away, 4.0, 14.0)
        elif known.values[k] == 2.0:
            z[k] = ground + (FOOTWAY if off < FOOTWAY_WIDTH else YARD)
        else:
            z[k] = ground + PLOT
        if v < 14 and off >= 0:  # from the kerb of the river road down to the chambers, up to the levee
            axis = v - arm(us.values[k])
            strip_level = ground + max(ramp(v, BANK), PLOT * smooth(v, -30, 8))
            if axis < EDGE:
                z[k] = WATER + (CREST - WATER) * min(1.0, max(0.0, (abs(axis) - SHORE) / (EDGE - SHORE)))
            else:
                z[k] = max(strip_level, min(CREST, CREST - (axis - TOP) / TOE))
        if wet.values[k]:
            z[k] = place.LAKE_LEVEL
        elif shore.values[k] < 16.0 and off >= 0:
            z[k] = min(z[k], place.LAKE_LEVEL + 0.3 + LAKE_SHORE * shore.values[k])

    heap = [tops[n] for n in ("H1", "H2")]  # the high-level sewer crosses the fields in a bank
    for index, off in land.near([heap[0][0], heap[1][0], place.to_map((-610, 6))], 12.0):
        if z[index] != levelling.NO_DATA:
            z[index] = max(z[index], heap[0][1] - max(0.0, off - 3.0) / 3.0)
    for (x, y), top in tops.values():
        for index, off in land.near([(x, y), (x, y)], APRON[1]):
            if z[index] != levelling.NO_DATA:
                z[index] += (top - z[index]) * (1 - smooth(off, *APRON))
    for k in range(len(z)):  # known everywhere: coarser cells of the rim hold some ground and some of nothing
        if kerb.values[k] < FOOTWAY_WIDTH:
            rough.values[k] = ASPHALT if kerb.values[k] < 0 else PAVING
        elif vs.values[k] < -105:
            rough.values[k] = LEVEE
    for k in range(len(z)):  # whole 1/512 m: as good as any survey, and a third of the bytes
        if z[k] != levelling.NO_DATA:
            z[k] = round(z[k] * 512) / 512
    return land, rough


def water():
    # to the top of its banks: cut at the shore, what runs down a bank would stand there as against a wall
    yield {"id": "LAKE", "name": "湖", "node": "LAKE"}, place.polygon(lake(LAKE_BANK))
    yield {"id": "RV", "name": "河汊", "node": "R1"}, place.polygon(river())


# Gullies of a node by its first letter, half-way manholes apart: a grate of 0.45 m by 0.75 m, half of it open.
GULLIES = {"J": 8, "M": 8, "A": 2}
GRATE, GRATE_RIM = 0.17, 2.4  # m2, m
LID = 0.01  # m2: holes in the cover of a foul sewer


def inlets():
    """Openings of the nodes as CSV: gullies of street sewers, lids of foul ones; the lake's culvert has none."""
    lines = ["node,area_m2,rim_m"]
    for n in sorted(rims()):
        count = 4 if n.endswith("m") else GULLIES.get(n[0])
        if n[0] in "IFH":
            lines.append(f"{n},{LID:g},0.4")
        elif n.startswith("LC"):
            lines.append(f"{n},0,")
        elif count:
            lines.append(f"{n},{count * GRATE:g},{count * GRATE_RIM:g}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    land, rough = ground()
    files = {"terrain.tif": levelling.geotiff(land, EPSG), "roughness.tif": levelling.geotiff(rough, EPSG), "water.geojson": place.geojson("water", water()).encode(), "inlets.csv": inlets().encode()}
    stale = []
    for name, data in files.items():
        path = HERE / name
        if "--check" not in sys.argv[1:]:
            path.write_bytes(data)
        elif not path.is_file() or not (path.read_bytes() == data or name.endswith(".tif") and levelling.same(path.read_bytes(), data)):
            stale.append(name)
    if stale:
        sys.exit("differs from what make_terrain.py writes: " + ", ".join(stale))
