#!/usr/bin/env python3
"""Writes the ground of the underpass place: terrain.tif and roughness.tif (1 m cells), water.geojson.

    python3 make_terrain.py            writes them beside this script (about 6 s)
    python3 make_terrain.py --check    writes nothing; fails if a file holds something else

Everything is invented, like the place. The ground is that of make.py, on which the rims of the sewers lie; into it are
drawn the road's cutting with its ramps, sills and parapets, the bank of the railway, streets with kerbs, the channel.
"""
import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
import drafting as d  # noqa: E402
import levelling  # noqa: E402
import make as place  # noqa: E402
from levelling import smooth  # noqa: E402

CELL = 1.0
# Heights (m) above the ground of make.py, which is the level of the manholes.
FALL, FALL_OVER = 0.03, 20.0  # what a gutter rises away from a manhole, and over how many m
CROWN, CROSSFALL, PLOT, FOOTWAY_WIDTH = 0.05, 0.015, 0.14, 3.0
APRON = (1.5, 5.0)  # m round a node: level with its rim within, as the land beyond
# The cutting: carriageway between walls, a sill at the head of each ramp, parapets.
ROAD, PARAPET, PARAPET_HEIGHT = 16.0, 20.0, 0.8  # half-widths (m)
SILL, SILL_AT, SILL_HALF = 0.15, 144.0, 6.0  # as high as the weirs OVW and OVE of the network
BANK_TOP, BANK_HEIGHT, BANK_SLOPE = 9.0, 1.2, 0.5  # of the railway
CHANNEL = 11.0  # half-width (m) of its section
LAND = [(-260, 170), (-260, -150), (-330, -150), (-330, -205), (330, -205), (330, -150), (260, -150), (260, 170)]
ASPHALT, PAVING, GRASS = 0.016, 0.022, 0.05  # Manning's n, typical values
PLOTS = {"flats": 0.035, "shops": 0.025, "station": 0.022, "park": 0.08}


def to_local(x, y):
    """The local point of a point on the map: the frame of make.py undone."""
    f = place.FRAME
    x, y = x - f.east, y - f.north
    a, b = x * f.cosine + y * f.sine, y * f.cosine - x * f.sine
    u, v = a, b
    for _ in range(6):
        u, v = a - 6 * math.sin(v / 90), b - 8 * math.sin(u / 150)
    return u, v


def street(u, v):
    """Ground (m) of the streets, without the cutting and without rounding."""
    return place.RIM + 0.0022 * v + 0.06 * math.sin(u / 70)


def axis(u):
    """Where the middle of the channel is (v, m)."""
    line = [place.POINTS[n] for n in ("K0", "K1", "K2", "K3", "K4", "RIV")]
    return levelling.ramp(u, line)


def lines():
    """Carriageways as (half-width, local points): the roads of the maps, and the frontage roads, which they leave out."""
    cross = []
    for sign in (-1, 1):
        cross.append((16.0, [(sign * 262, 0), (sign * 150, 0)]))
        cross.append((10.0, [(sign * 195, 172), (sign * 195, -165)]))
        for v in (115, -115):
            cross.append((6.0, [(sign * 195, v), (sign * 80, v)]))
        for v in (42, -42):  # beside the cutting, and round to the head of its ramp
            cross.append((5.0, [(sign * 195, v), (sign * 70, v)]))
            cross.append((5.0, [(sign * 160, v), (sign * 160, 0)]))
    cross.append((6.0, [(-262, -165), (262, -165)]))
    return cross


def mapped(points, longest=15.0):
    """A line on the map through local points, with points between them so that it bends as the map does."""
    line = []
    for a, b in zip(points, points[1:]):
        pieces = max(1, math.ceil(math.dist(a, b) / longest))
        line += [place.FRAME.at(*(p + (q - p) * k / pieces for p, q in zip(a, b))) for k in range(pieces)]
    return line + [place.FRAME.at(*points[-1])]


def ground():
    """Levels of the ground, and Manning's n."""
    outer = mapped(LAND + LAND[:1])
    xs, ys = [p[0] for p in outer], [p[1] for p in outer]
    land = levelling.Cells((min(xs) - 4, min(ys) - 4, max(xs) + 4, max(ys) + 4), CELL)
    land.spread(lambda x, y: street(*to_local(x, y)), 8)
    us, vs = land.like(0.0), land.like(0.0)
    us.spread(lambda x, y: to_local(x, y)[0], 8)
    vs.spread(lambda x, y: to_local(x, y)[1], 8)
    known = land.like(0.0)
    known.fill([outer], 1.0)
    rough = land.like(GRASS)
    for block in place.blocks.values():
        rough.fill([place.FRAME.ring(*block["box"])], PLOTS[block["land"]])

    far = 1e3
    kerb, crown = land.like(far), land.like(0.0)
    for half, points in lines():
        line = mapped(points)
        kerb.least(line, half + 5.0, less=half)
        for index, off in crown.near(line, half):
            crown.values[index] = max(crown.values[index], min(CROWN, CROSSFALL * (half - off)))
    tops = {n: (place.FRAME.at(*place.POINTS[n]), place.ground(*place.POINTS[n])) for n in place.POINTS if n[0] not in "KR" and n != "UP"}
    inlet = land.like(far)
    for at, _ in tops.values():
        inlet.least([at, at], FALL_OVER)

    z = land.values
    for k in range(len(z)):
        if not known.values[k]:
            z[k] = levelling.NO_DATA
            continue
        level, u, v, off = z[k], us.values[k], vs.values[k], kerb.values[k]
        away, across = abs(u), abs(v)
        bottom = v - axis(u)
        if away < place.RAMP and across < PARAPET:
            profile = place.SAG + (place.RIM - place.SAG) * (1 - math.cos(math.pi * away / place.RAMP)) / 2
            sill = SILL * smooth(SILL_HALF - abs(away - SILL_AT), 0.0, SILL_HALF - 1.5)
            # the ramp runs out into the street, whose level is not quite that of its head
            inside = profile + (level - place.RIM) * smooth(away, 100, place.RAMP) + sill
            z[k] = inside if across < ROAD else level + PARAPET_HEIGHT * (1 - smooth(away, 143, 150)) + PLOT
            rough.values[k] = ASPHALT if across < ROAD else PAVING
        elif bottom < CHANNEL + 1.5:
            z[k] = level if bottom > CHANNEL else 36.8 + (level - 36.8) * smooth(abs(bottom), 3.0, CHANNEL)
        elif off < 0:
            from_node = inlet.values[k]
            z[k] = level + FALL * smooth(from_node, 0.0, FALL_OVER) + crown.values[k] * smooth(from_node, 4.0, 12.0)
            rough.values[k] = ASPHALT
        else:
            z[k] = level + PLOT
            if across >= PARAPET and v > -150:
                z[k] += max(0.0, min(BANK_HEIGHT, BANK_HEIGHT - (away - BANK_TOP) * BANK_SLOPE))
            if off < FOOTWAY_WIDTH:
                rough.values[k] = PAVING
    for (x, y), top in tops.values():
        for index, off in land.near([(x, y), (x, y)], APRON[1]):
            if z[index] != levelling.NO_DATA and abs(z[index] - top) < 0.5:
                z[index] += (top - z[index]) * (1 - smooth(off, *APRON))
    for k in range(len(z)):  # whole 1/512 m: as good as any survey, and a third of the bytes
        if z[k] != levelling.NO_DATA:
            z[k] = round(z[k] * 512) / 512
    return land, rough


def water():
    us = range(-345, 346, 15)
    side = lambda off: [place.FRAME.at(u, axis(u) + off) for u in us]
    yield d.polygon(side(-40) + side(CHANNEL)[::-1], id="K", name="排水渠", node="K2")


if __name__ == "__main__":
    land, rough = ground()
    shown = HERE / "water.geojson"
    kept = shown.read_bytes() if shown.is_file() else None
    d.write_geojson(shown, place.EPSG, water())
    stale = [] if shown.read_bytes() == kept else [shown.name]
    for name, cells in (("terrain.tif", land), ("roughness.tif", rough)):
        path, data = HERE / name, levelling.geotiff(cells, place.EPSG)
        if not path.is_file() or not levelling.same(path.read_bytes(), data):
            stale.append(name)
            if "--check" not in sys.argv[1:]:
                path.write_bytes(data)
    if "--check" in sys.argv[1:] and stale:
        if kept is not None:
            shown.write_bytes(kept)
        sys.exit("differs from what make_terrain.py writes: " + ", ".join(stale))
