#!/usr/bin/env python3
"""Runs every retrofitted network of a study in EPA's engine and holds its outfalls against ours.

    retrofits.py PAILAO SCENARIO.toml FOLDER [STORM ...]

`pailao compare --keep-inp` writes the network of each option and horizon with each storm; those of the named storms
(without names: all whose run is not longer than three days) are run by EPA SWMM (swmm-toolkit) and by us. At every
outfall the volume must agree within 0.5 % and the peak within 1 %, as both reports state them; differences of two units
of their last digit, or of a ten-thousandth of the largest outfall, count as none.
"""
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

program, scenario, folder, *storms = sys.argv[1:]
EPA = "import sys; from swmm.toolkit import solver; solver.swmm_run(*sys.argv[1:4])"
subprocess.run([program, "compare", scenario, "--out", folder, "--keep-inp", "--no-plots", "--quiet"], check=True)


def days(text):
    when = {k: re.search(rf"(?mi)^\s*{k}\s+(\S+)", text)[1] for k in ("START_DATE", "START_TIME", "END_DATE", "END_TIME")}
    read = lambda side: datetime.strptime(f"{when[side + '_DATE']} {when[side + '_TIME']}", "%m/%d/%Y %H:%M:%S")
    return (read("END") - read("START")).total_seconds() / 86400


def outfalls(report):
    """Volume (10^6 l or gal) and peak (flow unit) of each outfall, from the report's own table: counted at every step."""
    text = open(report, encoding="utf-8", errors="replace").read()
    table = text.split("Outfall Loading Summary", 1)[1].split("\n  System", 1)[0]
    rows = [line.split() for line in table.splitlines()]
    return {row[0]: (float(row[4]), float(row[3])) for row in rows if len(row) == 5 and re.fullmatch(r"[\d.]+", row[4])}


def judge(inp):
    stem = inp[:-4]
    for who, command in (("epa", [sys.executable, "-W", "ignore", "-c", EPA]), ("ours", [program, "swmm"])):
        done = subprocess.run([*command, inp, f"{stem}.{who}.rpt", f"{stem}.{who}.out"], capture_output=True, text=True)
        if done.returncode:
            return inp, [f"{who} failed: {(done.stderr or done.stdout).strip()[-300:]}"], 0, 0
    epa, ours = outfalls(f"{stem}.epa.rpt"), outfalls(f"{stem}.ours.rpt")
    wrong, worst = [], [0.0, 0.0]
    if epa.keys() != ours.keys() or not epa:
        wrong.append(f"outfalls differ: {sorted(epa)} against {sorted(ours)}")
    most = [max((values[k] for values in epa.values()), default=0.0) for k in (0, 1)]
    for name in epa.keys() & ours.keys():
        for k, (what, limit) in enumerate((("volume", 0.005), ("peak", 0.01))):
            x, y = epa[name][k], ours[name][k]
            if abs(y - x) <= max(0.0021, 1e-4 * most[k]):
                continue
            off = abs(y - x) / x if x else float("inf")
            worst[k] = max(worst[k], off)
            if off > limit:
                wrong.append(f"{name}: {what} {x:.3f} (EPA) against {y:.3f}: {100 * off:.2f} %")
    for who in ("epa", "ours"):
        os.remove(f"{stem}.{who}.out")
        os.remove(f"{stem}.{who}.rpt")
    return inp, wrong, *worst


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
