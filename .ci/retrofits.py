#!/usr/bin/env python3
"""Runs every retrofitted network of a study in EPA's engine and holds its outfalls against ours.

    retrofits.py PAILAO SCENARIO.toml FOLDER [STORM ...]

`pailao compare --keep-inp` writes the network of each option and horizon with each storm; those of the named storms
(without names: all whose run is not longer than three days) are run by EPA SWMM (swmm-toolkit) and by us. At every
outfall the volume must agree within 0.5 % and the peak within 1 %; differences below 1 m³, 1 L/s or a ten-thousandth
of what leaves the network are round-off of single precision and of the report, and count as none.
"""
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import numpy as np
from swmm.toolkit import output, shared_enum

program, scenario, folder, *storms = sys.argv[1:]
EPA = "import sys; from swmm.toolkit import solver; solver.swmm_run(*sys.argv[1:4])"
subprocess.run([program, "compare", scenario, "--out", folder, "--keep-inp", "--no-plots", "--quiet"], check=True)


def days(text):
    when = {k: re.search(rf"(?mi)^\s*{k}\s+(\S+)", text)[1] for k in ("START_DATE", "START_TIME", "END_DATE", "END_TIME")}
    read = lambda side: datetime.strptime(f"{when[side + '_DATE']} {when[side + '_TIME']}", "%m/%d/%Y %H:%M:%S")
    return (read("END") - read("START")).total_seconds() / 86400


def outfalls(path):
    """Flow into each outfall at the reporting times, m³/s, and the reporting step, s."""
    handle = output.init()
    output.open(handle, path)
    units = output.get_units(handle)
    factor = {0: 0.0283168466, 1: 6.30902e-5, 2: 0.0438126, 3: 1.0, 4: 1e-3, 5: 0.0115741}[units[1]]
    periods = output.get_times(handle, shared_enum.Time.NUM_PERIODS)
    step = output.get_times(handle, shared_enum.Time.REPORT_STEP)
    names = [output.get_elem_name(handle, shared_enum.ElementType.NODE, i) for i in range(output.get_proj_size(handle)[1])]
    read = lambda i: np.array(output.get_node_series(handle, i, shared_enum.NodeAttribute.TOTAL_INFLOW, 0, periods - 1))
    series = {name: factor * read(i) for i, name in enumerate(names) if name in wanted(path)}
    output.close(handle)
    return series, step


def wanted(path):
    text = open(path.rsplit(".", 2)[0] + ".inp", encoding="utf-8", errors="replace").read()
    rows = re.search(r"(?ms)^\[OUTFALLS\]$(.*?)^\[", text)[1].splitlines()
    return {re.match(r'\s*(?:"([^"]+)"|(\S+))', row).group(1) or row.split()[0] for row in rows if row.strip() and not row.lstrip().startswith(";")}


def judge(inp):
    stem = inp[:-4]
    for who, command in (("epa", [sys.executable, "-W", "ignore", "-c", EPA]), ("ours", [program, "swmm"])):
        done = subprocess.run([*command, inp, f"{stem}.{who}.rpt", f"{stem}.{who}.out"], capture_output=True, text=True)
        if done.returncode:
            return inp, [f"{who} failed: {(done.stderr or done.stdout).strip()[-300:]}"], 0, 0
    (epa, step), (ours, _) = outfalls(f"{stem}.epa.out"), outfalls(f"{stem}.ours.out")
    leaving = sum(series.sum() for series in epa.values()) * step
    wrong, volume, peak = [], 0.0, 0.0
    for name, theirs in epa.items():
        n = min(len(theirs), len(ours[name]))
        a, b = theirs[:n], ours[name][:n]
        for what, x, y, limit, least in (
            ("volume", a.sum() * step, b.sum() * step, 0.005, max(1.0, 1e-4 * leaving)),
            ("peak", a.max(), b.max(), 0.01, max(1e-3, 1e-4 * max(s.max() for s in epa.values()))),
        ):
            if abs(y - x) <= least:
                continue
            off = abs(y - x) / abs(x) if x else float("inf")
            volume, peak = (max(volume, off), peak) if what == "volume" else (volume, max(peak, off))
            if off > limit:
                wrong.append(f"{name}: {what} {x:.3f} (EPA) against {y:.3f}: {100 * off:.2f} %")
    for who in ("epa", "ours"):
        os.remove(f"{stem}.{who}.out")
        os.remove(f"{stem}.{who}.rpt")
    return inp, wrong, volume, peak


every = sorted(glob.glob(os.path.join(glob.escape(folder), "inp", "**", "*.inp"), recursive=True))
every = [inp for inp in every if os.path.exists(inp)]
if storms:
    chosen = [inp for inp in every if any(storm in os.path.relpath(inp, folder) for storm in storms)]
else:
    chosen = [inp for inp in every if days(open(inp, encoding="utf-8", errors="replace").read()) <= 3]
assert chosen, f"no networks in {folder}/inp"
with ThreadPoolExecutor(2) as pool:
    done = list(pool.map(judge, chosen))
bad = 0
for inp, wrong, volume, peak in done:
    bad += bool(wrong)
    print(f"{'FAIL' if wrong else 'pass'}  {os.path.relpath(inp, folder)}  worst volume {100 * volume:.2f} %, peak {100 * peak:.2f} %")
    for line in wrong:
        print(f"      {line}")
print(f"{len(done) - bad} networks agree with EPA's engine, {bad} do not")
sys.exit(1 if bad else 0)
