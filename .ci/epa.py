"""EPA's engine and its files: runs SWMM 5.2 (swmm-toolkit) on a network, reads its `.out`, and what an audit needs of the `.inp`.

Written apart from the program that it checks: nothing here asks pailao for a number.
"""
import re
import subprocess
import sys

import numpy as np

RUN = "import sys; from swmm.toolkit import solver; solver.swmm_run(*sys.argv[1:4])"


def run(inp, rpt, out):
    """Runs a network; the error that EPA names, or nothing."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", RUN, inp, rpt, out], capture_output=True, text=True)
    if done.returncode:
        return (done.stderr or done.stdout).strip()[-300:] or f"exit code {done.returncode}"


def outfall_table(rpt):
    """Volume (10^6 l or gal) and peak (flow unit) of each outfall, from the report's own table: counted at every step."""
    text = open(rpt, encoding="utf-8", errors="replace").read()
    table = text.split("Outfall Loading Summary", 1)[1].split("\n  System", 1)[0]
    rows = [line.split() for line in table.splitlines()]
    return {row[0]: (float(row[4]), float(row[3])) for row in rows if len(row) == 5 and re.fullmatch(r"[\d.]+", row[4])}


def flooding_table(rpt):
    """Volume (10^6 l or gal) and largest rate that each node floods, from the report's own table: counted at every step."""
    text = open(rpt, encoding="utf-8", errors="replace").read()
    table = re.split(r"\n  \*{4,}", text.split("Node Flooding Summary", 1)[1])[1]
    rows = [line.split() for line in table.splitlines()]
    return {row[0]: (float(row[5]), float(row[2])) for row in rows if len(row) == 7 and re.fullmatch(r"[\d.]+", row[5])}


def full_flow_ratio(rpt):
    """Largest flow over full normal flow of each conduit, from the report (two decimals)."""
    text = open(rpt, encoding="utf-8", errors="replace").read()
    ratios = {}
    table = re.split(r"\n  \*{4,}", text.split("Link Flow Summary", 1)[1])[1]
    for line in table.splitlines():
        row = line.split()
        if len(row) == 8 and re.fullmatch(r">?[\d.]+", row[6]):
            ratios[row[0]] = float(row[6].lstrip(">"))
    return ratios


class Results:
    """A `.out` file: times (s since the start of the reports) and float columns by element."""

    def __init__(self, path):
        raw = np.fromfile(path, dtype=np.uint8)
        ints = lambda at, count: raw[at:at + 4 * count].view("<i4")
        ids_at, _, results_at, periods, error, magic = (int(x) for x in ints(len(raw) - 24, 6))
        assert magic == 516114522 and error == 0, f"{path}: not a finished result file (error {error})"
        lands, nodes, links, pollutants = (int(x) for x in ints(12, 4))
        self.names, at = [], ids_at
        for _ in range(lands + nodes + links + pollutants):
            size = int(ints(at, 1)[0])
            self.names.append(bytes(raw[at + 4:at + 4 + size]).decode("utf-8", "replace"))
            at += 4 + size
        per_land, per_node, per_link, system = 8 + pollutants, 6 + pollutants, 5 + pollutants, 15
        width = 2 + lands * per_land + nodes * per_node + links * per_link + system  # a date takes two
        table = raw[results_at:results_at + 4 * width * periods].reshape(periods, 4 * width)
        days = np.ascontiguousarray(table[:, :8]).view("<f8")[:, 0]
        values = np.ascontiguousarray(table[:, 8:]).view("<f4")
        at = lands * per_land
        block = values[:, at:at + nodes * per_node].reshape(periods, nodes, per_node)
        self.nodes = self.names[lands:lands + nodes]
        self.depth, self.head, self.inflow, self.flooding = (block[:, :, k] for k in (0, 1, 4, 5))
        block = values[:, at + nodes * per_node:-system].reshape(periods, links, per_link)
        self.links = self.names[lands + nodes:lands + nodes + links]
        self.flow = block[:, :, 0]
        self.step = round((days[-1] - days[0]) * 86400 / (periods - 1))
        self.time = self.step * np.arange(1, periods + 1)


class Network:
    """Rows of an `.inp` by section, and the pipes of a metric network with the levels of their soffits (m)."""

    CLOSED = {"CIRCULAR", "FILLED_CIRCULAR", "RECT_CLOSED", "RECT_TRIANGULAR", "RECT_ROUND", "HORIZ_ELLIPSE",
              "VERT_ELLIPSE", "ARCH", "EGG", "HORSESHOE", "GOTHIC", "CATENARY", "SEMIELLIPTICAL", "BASKETHANDLE",
              "SEMICIRCULAR", "MODBASKETHANDLE", "CUSTOM"}

    def __init__(self, text):
        self.sections, rows = {}, []
        for line in text.splitlines():
            line = line.split(";", 1)[0].strip()
            if line.startswith("["):
                rows = self.sections.setdefault(line.strip("[]").upper(), [])
            elif line:
                rows.append([a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line)])
        self.options = {row[0].upper(): row[1] for row in self.rows("OPTIONS") if len(row) > 1}
        self.invert = {row[0]: float(row[1]) for part in ("JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS") for row in self.rows(part)}
        absolute = self.options.get("LINK_OFFSETS", "DEPTH").upper() == "ELEVATION"
        shapes = {row[0]: row for row in self.rows("XSECTIONS")}
        self.pipes = {}
        for name, start, end, length, _, *offsets in self.rows("CONDUITS"):
            shape = shapes.get(name)
            if not shape or shape[1].upper() not in self.CLOSED:
                continue
            height, soffits = float(shape[2]), []
            for node, offset in zip((start, end), offsets):
                given = 0.0 if offset == "*" else float(offset)
                # EPA puts an end that lies below its node at the node
                level = self.invert[node] + given if not absolute or offset == "*" else given
                soffits.append(max(level, self.invert[node]) + height)
            self.pipes[name] = (float(length), height, (start, end), soffits)

    def middle(self, pipe):
        """The point half-way along a pipe in plan; none where a node has no place."""
        nodes = {row[0]: (float(row[1]), float(row[2])) for row in self.rows("COORDINATES")}
        between = [(float(row[1]), float(row[2])) for row in self.rows("VERTICES") if row[0] == pipe]
        start, end = self.pipes[pipe][2]
        if start not in nodes or end not in nodes:
            return None
        line = np.array([nodes[start], *between, nodes[end]])
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        return tuple(np.interp(along[-1] / 2, along, line[:, k]) for k in (0, 1))

    def rows(self, section):
        return self.sections.get(section, [])
