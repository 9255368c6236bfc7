#!/usr/bin/env python3
"""Makes gauges.csv: a twin experiment, nobody measured anything.

The street is run under the storm P3 with rougher pipes (0.013 becomes 0.0145, 0.014 becomes 0.0155) and noise is added
to what three gauges would have seen: 1 cm on depths, 3 % on flows, and twenty minutes are lost at M5. The model of
scenarios/street.toml, with its own roughness, is then held against that.

    pailao compare scenarios/street.toml --out OUT --keep-inp --no-plots
    python3 networks/bench-street/make_gauges.py PAILAO OUT/inp/base_now_P3_as_modelled.inp
"""

import csv
import pathlib
import random
import subprocess
import sys
import tempfile

ROUGHER = {"0.013": "0.0145", "0.014": "0.0155"}
EVERY = 5  # minutes


def rougher(text):
    out, inside = [], False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.startswith("[CONDUITS]")
        fields = line.split()
        if inside and len(fields) >= 5 and not line.startswith(";"):
            fields[4] = ROUGHER.get(fields[4], fields[4])
            line = "  ".join(fields)
        out.append(line)
    return "\n".join(out) + "\n"


def column(folder, table, name):
    with open(pathlib.Path(folder, table), encoding="utf-8") as file:
        rows = list(csv.reader(file))
    place = rows[0].index(name)
    return [(row[0], float(row[place])) for row in rows[1:]]


def main(program, network):
    noise = random.Random(20260721)
    with tempfile.TemporaryDirectory() as folder:
        disturbed = pathlib.Path(folder, "rougher.inp")
        disturbed.write_text(rougher(pathlib.Path(network).read_text(encoding="utf-8")), encoding="utf-8")
        subprocess.run([program, "run", disturbed, "--csv", folder, "--quiet"], check=True)
        depths = {name: column(folder, "nodes_depth.csv", name) for name in ("M5", "M7")}
        flow = column(folder, "links_flow.csv", "P8")
    lines = ["# A twin experiment, made up: see make_gauges.py. Nobody measured this.",
             "time,M5 depth (m),M7 depth (m),P8 flow (L/s)"]
    for minute in range(EVERY - 1, len(flow), EVERY):
        time = flow[minute][0]
        cells = [time[:16]]
        for name in ("M5", "M7"):
            lost = name == "M5" and 90 <= minute < 110
            value = depths[name][minute][1] + noise.gauss(0, 0.01)
            cells.append("" if lost else f"{max(value, 0):.3f}")
        cells.append(f"{max(flow[minute][1] * (1 + noise.gauss(0, 0.03)), 0):.1f}")
        lines.append(",".join(cells))
    pathlib.Path(__file__).with_name("gauges.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
