"""What the scripts that author the places share: design storms, sewer sizes, SWMM text and GeoJSON.

Only the standard library, and no randomness: the same calls give the same bytes.
"""
import json
import math


# ------------------------------------------------------------------ rain ---
class StormFormula:
    """A Chinese storm-intensity formula q = a (1 + c lg P) / (t + b)^n in L/(s ha), t in min, P in years."""

    def __init__(self, a, c, b, n, factor=167.0):
        self.a, self.c, self.b, self.n = a, c, b, n
        self.factor = factor  # L/(s ha) that make 1 mm/min; Chinese tables use 167 for 166.667

    def intensity(self, minutes, years):
        """Mean intensity (L/(s ha)) over a duration."""
        return self.a * (1 + self.c * math.log10(years)) / (minutes + self.b) ** self.n

    def depth(self, minutes, years):
        """Depth (mm) of a duration."""
        return self.intensity(minutes, years) * minutes / self.factor

    def chicago(self, years, duration=120, peak=0.4, step=5):
        """Depths (mm) in equal steps of a Chicago storm (Keifer and Chu 1957), binned by the exact cumulative."""
        whole, crest = self.depth(duration, years), peak * duration

        def fallen(t):
            if t <= crest:
                return peak * (whole - self.depth((crest - t) / peak, years))
            return peak * whole + (1 - peak) * self.depth((t - crest) / (1 - peak), years)

        return [fallen(t + step) - fallen(t) for t in range(0, duration, step)]


# ---------------------------------------------------------------- sewers ---
PIPES = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.35, 1.5, 1.65, 1.8]
CONCRETE, BOX_CONCRETE = 0.013, 0.014  # Manning's n


def height(size):
    """Height (m) of a sewer: a diameter, or a box as (width, height)."""
    return size[1] if isinstance(size, tuple) else size


def roughness(size):
    return BOX_CONCRETE if isinstance(size, tuple) else CONCRETE


def full_flow(size, slope):
    """Manning's flow (m3/s) of a full sewer."""
    if isinstance(size, tuple):
        w, h = size
        area, radius = w * h, w * h / (2 * (w + h))
    else:
        area, radius = math.pi * size**2 / 4, size / 4
    return area * radius ** (2 / 3) * math.sqrt(slope) / roughness(size)


def smallest(sizes, flow, grade, least=0.0):
    """The first size that carries a flow (m3/s) at its own grade and is no lower than `least` (m)."""
    fitting = [s for s in sizes if height(s) >= least - 1e-9 and full_flow(s, grade(s)) >= flow]
    return fitting[0] if fitting else sizes[-1]


def upstream_first(down):
    """The nodes of a tree of sewers (node -> next node), each after all that drain to it."""
    above = {}
    for node in sorted(down):
        above.setdefault(down[node], []).append(node)
    order = []

    def visit(node):
        for other in above.get(node, []):
            visit(other)
        order.append(node)

    for root in sorted(set(down.values()) - set(down)):
        visit(root)
    return order, above


# ------------------------------------------------------------------ maps ---
class Frame:
    """Map coordinates of a local frame: u along, v across, turned by `degrees`, bent by `bend(u, v)`."""

    def __init__(self, east, north, degrees, bend=lambda u, v: (u, v)):
        self.east, self.north, self.bend = east, north, bend
        self.cosine, self.sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def at(self, u, v):
        u, v = self.bend(u, v)
        return (
            round(self.east + u * self.cosine - v * self.sine, 2),
            round(self.north + u * self.sine + v * self.cosine, 2),
        )

    def ring(self, u0, u1, v0, v1, pieces=2):
        """Corners of a rectangle of the frame, counter-clockwise, each side in pieces so that it bends."""
        s = [k / pieces for k in range(pieces)]
        local = [(u0 + (u1 - u0) * x, v0) for x in s] + [(u1, v0 + (v1 - v0) * x) for x in s]
        local += [(u1 - (u1 - u0) * x, v1) for x in s] + [(u0, v1 - (v1 - v0) * x) for x in s]
        return [self.at(*p) for p in local]


def hectares(ring):
    """Area (ha) of a polygon by the shoelace formula."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]))) / 2e4


def polygon(ring, **properties):
    return "Polygon", [[list(p) for p in ring + ring[:1]]], properties


def line(points, **properties):
    return "LineString", [list(p) for p in points], properties


def write_geojson(path, epsg, features):
    """One feature a line. Projected metres, hence the `crs` member of the older GeoJSON specification."""
    rows = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}},
            ensure_ascii=False,
        )
        for kind, coordinates, properties in features
    ]
    crs = json.dumps({"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}})
    text = '{"type": "FeatureCollection",\n"crs": ' + crs + ',\n"features": [\n' + ",\n".join(rows) + "\n]}\n"
    write(path, text)


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_levels(path, hours, levels):
    """Levels (m) over hours for all outfalls, as a scenario's stage reads them."""
    rows = [f"{t:.2f},{z:.3f}" for t, z in zip(hours, levels)]
    write(path, "hours,*\n" + "\n".join(rows) + "\n")


# ------------------------------------------------------------- SWMM text ---
HEADS = {
    "RAINGAGES": "Name Form Interval SCF Source",
    "SUBCATCHMENTS": "Name Gauge Outlet Area(ha) Imperv(%) Width(m) Slope(%) CurbLength",
    "SUBAREAS": "Subcatchment N-Imperv N-Perv S-Imperv(mm) S-Perv(mm) PctZero RouteTo",
    "INFILTRATION": "Subcatchment MaxRate(mm/h) MinRate(mm/h) Decay(1/h) DryTime(d) MaxInfil",
    "JUNCTIONS": "Name Invert MaxDepth InitDepth SurDepth Aponded",
    "OUTFALLS": "Name Invert Type Stage Gated",
    "STORAGE": "Name Invert MaxDepth InitDepth Shape Curve/Params SurDepth Fevap",
    "CONDUITS": "Name From To Length Roughness InOffset OutOffset InitFlow MaxFlow",
    "PUMPS": "Name From To Curve Status Startup Shutoff",
    "ORIFICES": "Name From To Type Offset Qcoeff Gated CloseTime(h)",
    "WEIRS": "Name From To Type CrestHeight Qcoeff Gated EndCon EndCoeff Surcharge",
    "XSECTIONS": "Link Shape Geom1 Geom2 Geom3 Geom4 Barrels",
    "LOSSES": "Link Kentry Kexit Kavg FlapGate Seepage",
    "INFLOWS": "Node Constituent Series Type Mfactor Sfactor Baseline",
    "DWF": "Node Constituent Average Patterns",
    "COORDINATES": "Node X Y",
    "VERTICES": "Link X Y",
    "POLYGONS": "Subcatchment X Y",
}
ORDER = (
    "TITLE OPTIONS EVAPORATION RAINGAGES SUBCATCHMENTS SUBAREAS INFILTRATION JUNCTIONS OUTFALLS STORAGE CONDUITS "
    "PUMPS ORIFICES WEIRS XSECTIONS TRANSECTS LOSSES CONTROLS INFLOWS DWF PATTERNS CURVES TIMESERIES REPORT TAGS "
    "MAP COORDINATES VERTICES POLYGONS SYMBOLS LABELS"
).split()

# Weekday pattern of residential foul water, mean 1 (standards.md of the project's notes: typical, unverified).
RESIDENTS = [0.45, 0.35, 0.30, 0.30, 0.35, 0.60, 1.10, 1.60, 1.60, 1.35, 1.20, 1.20]
RESIDENTS += [1.25, 1.15, 1.00, 0.95, 1.00, 1.20, 1.45, 1.55, 1.45, 1.25, 0.85, 0.50]


class Network:
    """The sections of a SWMM input file, filled element by element."""

    def __init__(self, frame):
        self.frame = frame
        self.rows = {name: [] for name in ORDER}
        self.levels = {}  # node -> (invert, ground)
        self.points = {}  # node -> map coordinates

    def add(self, section, *fields):
        words = [f"{x:.3f}" if isinstance(x, float) else str(x) for x in fields]
        self.rows[section].append(" ".join(f"{w:<9}" for w in words).rstrip())

    def remark(self, section, text):
        """A comment line, which describes the element after it."""
        self.rows[section].append(";" + text)

    def node(self, name, u, v, invert, ground, tag):
        self.points[name] = self.frame.at(u, v)
        self.levels[name] = (round(invert, 3), round(ground, 3))
        self.add("COORDINATES", name, *(f"{x:.2f}" for x in self.points[name]))
        if tag:
            self.add("TAGS", "Node", name, tag)

    def junction(self, name, u, v, invert, ground, tag, ponded=0, surcharge=0, freeboard=0.0, start=None):
        """A manhole; water may rise `freeboard` above the ground before it leaves; `start` is its first level."""
        self.node(name, u, v, invert, ground, tag)
        depth = 0 if start is None else float(start - invert)
        self.add("JUNCTIONS", name, float(invert), float(ground - invert + freeboard), depth, surcharge, ponded)

    def outfall(self, name, u, v, invert, stage, gated, tag):
        self.node(name, u, v, invert, invert, tag)
        self.add("OUTFALLS", name, float(invert), stage, "YES" if gated else "NO")

    def storage(self, name, u, v, invert, ground, start, shape, tag):
        """`shape` is TABULAR and a curve, or FUNCTIONAL and its three numbers; `start` is a level."""
        self.node(name, u, v, invert, ground, tag)
        self.add("STORAGE", name, float(invert), float(ground - invert), float(start - invert), shape, 0, 0)

    def conduit(self, name, a, b, length, up, low, size, tag, n=None, flap=False, entry=0.2, exit=0.1):
        """A sewer between levels `up` and `low`; `size` is a diameter, a box, or the words of a cross-section."""
        n = n or roughness(size)
        offsets = [abs(round(z - self.levels[node][0], 3)) for z, node in ((up, a), (low, b))]
        assert up > self.levels[a][0] - 0.001 and low > self.levels[b][0] - 0.001, f"{name} lies below its nodes"
        self.add("CONDUITS", name, a, b, f"{length:.1f}", float(n), *offsets, 0, 0)
        if isinstance(size, str):
            self.add("XSECTIONS", name, size)
        elif isinstance(size, tuple):
            self.add("XSECTIONS", name, "RECT_CLOSED", f"{size[1]:g}", f"{size[0]:g}", 0, 0, 1)
        else:
            self.add("XSECTIONS", name, "CIRCULAR", f"{size:g}", 0, 0, 0, 1)
        if entry or exit or flap:
            self.add("LOSSES", name, entry, exit, 0, "YES" if flap else "NO", 0)
        self.add("TAGS", "Link", name, tag)

    def bend(self, name, *spots):
        """Points of the map between the ends of a link."""
        for spot in spots:
            self.add("VERTICES", name, *(f"{x:.2f}" for x in self.frame.at(*spot)))

    def subcatchment(self, name, gauge, outlet, ring, land, tag):
        """`land` is imperviousness (%), overland length (m), slope (%), and the five Horton numbers."""
        area = hectares(ring)
        self.add(
            "SUBCATCHMENTS", name, gauge, outlet, f"{area:.4f}", f"{land['impervious']:g}",
            f"{area * 1e4 / land['path']:.1f}", f"{land['slope']:g}", 0,
        )  # fmt: skip
        self.add("SUBAREAS", name, 0.013, 0.20, "1.5", "5.0", 25, "OUTLET")
        self.add("INFILTRATION", name, *land["horton"])
        self.add("TAGS", "Subcatch", name, tag)
        for p in ring:
            self.add("POLYGONS", name, *(f"{x:.2f}" for x in p))
        return area

    def series(self, name, pairs, about):
        """A time series of (hours, value)."""
        self.remark("TIMESERIES", about)
        for hours, value in pairs:
            minutes = round(hours * 60)
            self.add("TIMESERIES", name, f"{minutes // 60}:{minutes % 60:02d}", f"{value:.3f}")

    def curve(self, name, kind, pairs, about):
        self.remark("CURVES", about)
        for k, (x, y) in enumerate(pairs):
            self.add("CURVES", name, "" if k else kind, f"{x:g}", f"{y:g}")

    def rule(self, *lines):
        self.rows["CONTROLS"] += [*lines, ""]

    def residents(self, name):
        self.add("PATTERNS", name, "HOURLY", *(f"{x:.2f}" for x in RESIDENTS[:12]))
        self.add("PATTERNS", name, "      ", *(f"{x:.2f}" for x in RESIDENTS[12:]))

    def label(self, text, u, v):
        x, y = self.frame.at(u, v)
        self.add("LABELS", f"{x:.2f}", f"{y:.2f}", f'"{text}"')

    def distance(self, a, b):
        return math.dist(self.points[a], self.points[b])

    def text(self):
        xs, ys = zip(*self.points.values())
        margin = 60
        self.rows["MAP"] = [
            f"DIMENSIONS {min(xs) - margin:.2f} {min(ys) - margin:.2f} {max(xs) + margin:.2f} {max(ys) + margin:.2f}",
            "UNITS      Meters",
        ]
        parts = []
        for name in ORDER:
            if self.rows[name]:
                head = [";;" + HEADS[name]] if name in HEADS else []
                parts.append("\n".join([f"[{name}]", *head, *self.rows[name]]).rstrip())
        return "\n\n".join(parts) + "\n"


def options(start, hours, step, **changes):
    """Lines of [OPTIONS]: dynamic wave in m3/s; `start` is (month/day/year, hour)."""
    day, hour = start
    values = {
        "FLOW_UNITS": "CMS", "INFILTRATION": "HORTON", "FLOW_ROUTING": "DYNWAVE", "LINK_OFFSETS": "DEPTH",
        "MIN_SLOPE": "0", "ALLOW_PONDING": "YES", "SKIP_STEADY_STATE": "NO",
        "START_DATE": day, "START_TIME": f"{hour:02d}:00:00", "REPORT_START_DATE": day,
        "REPORT_START_TIME": f"{hour:02d}:00:00", "END_DATE": day, "END_TIME": f"{hour + hours:02d}:00:00",
        "SWEEP_START": "01/01", "SWEEP_END": "12/31", "DRY_DAYS": "3", "REPORT_STEP": "00:01:00",
        "WET_STEP": "00:01:00", "DRY_STEP": "00:05:00", "ROUTING_STEP": f"0:00:{step:02d}",
        "INERTIAL_DAMPING": "PARTIAL", "NORMAL_FLOW_LIMITED": "BOTH", "FORCE_MAIN_EQUATION": "H-W",
        "VARIABLE_STEP": "0.75", "LENGTHENING_STEP": "0", "MIN_SURFAREA": "1.167", "MAX_TRIALS": "8",
        "HEAD_TOLERANCE": "0.0015", "MINIMUM_STEP": "0.5", "THREADS": "1",
    }  # fmt: skip
    values.update(changes)
    return [f"{key:<20} {value}" for key, value in values.items()]
