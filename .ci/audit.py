#!/usr/bin/env python3
"""The option audit: what a study says of its options, rebuilt from EPA's own results by other code.

    audit.py PAILAO SCENARIO.toml FOLDER [--table TABLE.csv] [--longest DAYS]

`pailao compare --keep-inp` writes the network of each option and horizon with each storm and stage. EPA SWMM runs each
distinct one, reporting every few seconds; from its `.out` this script rebuilds, for every option x horizon x storm x stage,

- volume and peak at each outfall (our report against EPA's, which count every step: 0.5 % and 1 %),
- flooded volume of each node (`runs.csv`, `nodes.csv`) and the number of flooded nodes (volumes from EPA's report),
- spills of each overflow, their number and volume (`spills.csv`),
- the dynamic capacity of each pipe in the ladder of storms, its cause and class (`capacity.csv`),
- pass or fail of the rules that rest on them (`verdicts.csv`).

Other futures of a horizon, and stages that free all outfalls, are left out unless `--all` asks for them.

What differs is a failure unless it lies within 1 % of its threshold, in which case it is listed. What single nodes flood
is listed only where the flooding of the whole network is the same within 1 %: of two nodes that stand equally high, the
one or the other overflows. The table has one row
for each option and horizon. Ends with 1 when a verdict differs.
"""
import argparse
import csv
import hashlib
import os
import re
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import subprocess

import numpy as np

import epa

RECORDS = 6_000  # reports of a run at most: levels and flows are seen at report times only
FLOODED = 1.0     # m3 from which a node counts as flooded
SPLASH = 0.5      # m3, half of the last digit of EPA's report: nothing smaller can be told apart
LEAST = 5.0       # m3: less may flood at one of two nodes that stand equally high, or at the other
CLOSE = 0.01      # share of a threshold within which a difference is listed and not failed

arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
arguments.add_argument("program")
arguments.add_argument("scenario", type=Path)
arguments.add_argument("folder", type=Path)
arguments.add_argument("--table", type=Path)
arguments.add_argument("--longest", type=float, default=3.0, help="leave out runs of more days")
arguments.add_argument("--all", action="store_true", help="also other futures of a horizon and stages with free outfalls, which no verdict rests on")
arguments = arguments.parse_args()
folder = arguments.folder
study = tomllib.loads(arguments.scenario.read_text(encoding="utf-8"))
beside = arguments.scenario.parent
subprocess.run([arguments.program, "compare", arguments.scenario, "--out", folder, "--keep-inp", "--no-plots", "--quiet"], check=True)


def table(name):
    """A table of the study; none when the program did not write it."""
    path = folder / "tables" / name
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def years(text):
    return float(text.split()[0])


def number(text):
    return float(text) if text else 0.0


# --- the runs, and EPA's results of each distinct network ------------------------------------------------------------

RUN = ("option", "horizon", "storm", "stage")
rows = [row for row in table("runs.csv") if row["state"] == "done"]
if not arguments.all:
    futures = {name for name, horizon in study.get("horizons", {}).items() if "future_of" in horizon}
    free = {name for name, stage in study.get("river_stage", {}).items() if stage.get("free")}
    rows = [row for row in rows if row["horizon"] not in futures and row["stage"] not in free]
assert rows, "the study has no runs"
overflows = {name.upper() for name in study["study"].get("overflows", [])}
gaps = {name: storm.get("series", {}).get("event_gap", "6 h") if isinstance(storm.get("series"), dict) else "6 h"
        for name, storm in study.get("storms", {}).items()}


def inp_of(row):
    safe = lambda c: c if c.isalnum() or c in "-.+" else "_"
    stem = "".join(map(safe, "_".join(row[key] for key in RUN if row[key])))
    path = folder / "inp" / f"{stem}.inp"
    assert path.exists(), f"{path} was not written"
    return path


def days(text):
    from datetime import datetime
    when = {k: re.search(rf"(?mi)^\s*{k}\s+(\S+)", text)[1] for k in ("START_DATE", "START_TIME", "END_DATE", "END_TIME")}
    read = lambda side: datetime.strptime(f"{when[side + '_DATE']} {when[side + '_TIME']}", "%m/%d/%Y %H:%M:%S")
    return (read("END") - read("START")).total_seconds() / 86400


def seconds(text):
    parts = [float(part) for part in text.split(":")]
    return parts[0] if len(parts) == 1 else sum(part * 60 ** k for k, part in zip((2, 1, 0), parts))


class Run:
    """What the audit keeps of one run of EPA's engine."""

    def __init__(self, inp, text):
        coarse, routing = (seconds(re.search(rf"(?mi)^\s*{key}\s+(\S+)", text)[1]) for key in ("REPORT_STEP", "ROUTING_STEP"))
        least = max(86400 * days(text) / RECORDS, routing)  # EPA reports no oftener than it routes
        step = next(step for step in (1, 2, 5, 10, 15, 20, 30, 60, int(coarse)) if step >= min(least, coarse) and coarse % step == 0)
        fine = re.sub(r"(?mi)^(\s*REPORT_STEP\s+)\S+", rf"\g<1>00:{step // 60:02}:{step % 60:02}", text)
        work = inp.with_suffix(".audit.inp")
        rpt, out, ours = (work.with_suffix(end) for end in (".rpt", ".out", ".ours.rpt"))
        work.write_text(fine, encoding="utf-8")
        try:
            problem = epa.run(str(work), str(rpt), str(out))
            assert not problem, f"EPA's engine fails on {inp.name}: {problem}"
            results = epa.Results(out)
            self.outfalls = epa.outfall_table(rpt)
            subprocess.run([arguments.program, "swmm", inp, ours], check=True, capture_output=True)
            self.ours = epa.outfall_table(ours)
            self.ratio = epa.full_flow_ratio(rpt)
            flooded = epa.flooding_table(rpt)
            self.flood_rate = {name: rate for name, (_, rate) in flooded.items()}
        finally:
            for path in (work, rpt, out, ours):
                path.unlink(missing_ok=True)
        self.network = epa.Network(text)
        self.depth = dict(zip(results.nodes, results.depth.max(axis=0).tolist()))
        ends = {name for name, *_ in self.network.rows("OUTFALLS")}
        # spurts come and go between two reports: what a node floods is counted at every step in EPA's report only
        self.flooded = {name: 1000 * flooded.get(name, (0.0, 0.0))[0] for name in results.nodes if name not in ends}
        every = int(coarse) // step
        self.step = int(coarse)
        self.spilled = {name: results.inflow[every - 1::every, k].astype(float)
                        for k, name in enumerate(results.nodes) if name.upper() in overflows}

    def filled(self, pipe):
        """How far the highest water stands above the soffit at the worse end, in heights of the pipe."""
        _, height, nodes, soffits = self.network.pipes[pipe]
        levels = [self.network.invert[node] + self.depth[node] for node in nodes]
        return max(level - soffit for level, soffit in zip(levels, soffits)) / height


def simulate(texts):
    (key, (inp, text)) = texts
    return key, Run(inp, text)


distinct, key_of, left = {}, {}, 0
for row in rows:
    inp = inp_of(row)
    text = inp.read_text(encoding="utf-8")
    if days(text) > arguments.longest:
        left += 1
        continue
    key = hashlib.sha256(text.encode()).hexdigest()
    distinct.setdefault(key, (inp, text))
    key_of[tuple(row[k] for k in RUN)] = key
with ThreadPoolExecutor(os.cpu_count()) as pool:
    runs = dict(pool.map(simulate, distinct.items()))
run_of = {names: runs[key] for names, key in key_of.items()}

# --- what EPA's results say, beside what the study says --------------------------------------------------------------

wrong, close = [], []  # differences that count, and those within 1 % of a threshold
score = {}             # (option, horizon): quantity -> [compared, agreeing, close]


def judge(row, what, agrees, message, near=False):
    tally = score.setdefault((row["option"], row["horizon"]), {}).setdefault(what, [0, 0, 0])
    tally[0] += 1
    tally[1] += bool(agrees)
    tally[2] += bool(near and not agrees)
    if not agrees:
        (close if near else wrong).append(f"{'/'.join(row[k] for k in RUN if row.get(k))}: {what}: {message}")


def same(ours, theirs, share, least):
    return abs(ours - theirs) <= max(share * abs(theirs), least)


def spills(flow, step, gap, least=0.001 * 0.3048 ** 3):
    """Starts and ends of spills: times with flow, with the lines to the times before and after, parted by dry time."""
    found = []
    wet = flow >= least
    for k, now in enumerate(wet):
        begin, end = k * step, (k + 1) * step  # of the interval that ends at this report
        if not (now or (k and wet[k - 1])):
            continue
        if found and ((k and wet[k - 1]) or begin - found[-1][1] < gap):
            found[-1][1] = end
        else:
            found.append([begin, end])
    return found


def by_run(rows):
    found = {}
    for row in rows:
        found.setdefault(tuple(row[k] for k in RUN), []).append(row)
    return found


hours = {"h": 3600, "min": 60, "s": 1, "d": 86400}
nodes, spilt = (by_run(table(name)) for name in ("nodes.csv", "spills.csv"))
for row in rows:
    names = tuple(row[k] for k in RUN)
    if names not in run_of:
        continue
    run = run_of[names]
    # outfalls, as both reports count them at every step: two units of the last digit count as none
    most = [max((values[k] for values in run.outfalls.values()), default=0.0) for k in (0, 1)]
    judge(row, "outfalls", run.outfalls.keys() == run.ours.keys(), f"{sorted(run.ours)} against {sorted(run.outfalls)}")
    for name in run.outfalls.keys() & run.ours.keys():
        for k, (what, share) in enumerate((("outfall volume", 0.005), ("outfall peak", 0.01))):
            ours, theirs = run.ours[name][k], run.outfalls[name][k]
            judge(row, what, same(ours, theirs, share, max(0.0021, 1e-4 * most[k])), f"{name}: {ours:.3f} against {theirs:.3f}")
    # flooding
    flooded = sum(run.flooded.values())
    ours = number(row["flooded volume (m3)"])
    # EPA's report rounds each node to 1 m3
    whole = same(ours, flooded, 0.01, LEAST + SPLASH * sum(0 < rate for rate in run.flood_rate.values()))
    judge(row, "flooded volume", whole, f"{ours:.1f} against {flooded:.1f} m3")
    count = sum(volume >= FLOODED for volume in run.flooded.values())
    near = sum(0 < volume <= FLOODED + LEAST for volume in run.flooded.values())
    ours = number(row["flooded nodes (1 m3 or more)"])
    judge(row, "flooded nodes", ours == count, f"{ours:.0f} against {count}", abs(ours - count) <= near)
    for node in nodes.get(names, []):
        ours, theirs = number(node["flooded with option (m3)"]), run.flooded.get(node["node"], 0.0)
        judge(row, "flooded volume of a node", same(ours, theirs, 0.01, LEAST), f"{node['node']}: {ours:.1f} against {theirs:.1f} m3", whole)
    # spills
    value, unit = gaps.get(row["storm"], "6 h").split()
    for overflow, flow in run.spilled.items():
        theirs = spills(flow, run.step, float(value) * hours[unit])
        ours = [spill for spill in spilt.get(names, []) if spill["overflow"] == overflow]
        judge(row, "spills", len(ours) == len(theirs), f"{overflow}: {len(ours)} against {len(theirs)}")
        volume = float(np.sum((flow + np.concatenate(([0.0], flow[:-1]))) / 2) * run.step)
        total = sum(number(spill["volume (m3)"]) for spill in ours)
        # both are seen at reports only; what counts every step is the volume of the outfall, judged above
        ours, theirs = (side.get(overflow, (0.0, 0.0))[0] for side in (run.ours, run.outfalls))
        judge(row, "spilled volume", same(total, volume, 0.01, LEAST), f"{overflow}: {total:.1f} against {volume:.1f} m3",
              same(ours, theirs, 0.005, 0.0021))

# --- capacity of pipes in the ladder of storms -----------------------------------------------------------------------

stages = study.get("river_stage", {})
rules = tomllib.loads((beside / study["study"]["rules"]).read_text(encoding="utf-8"))
breaks = [years(text) for text in rules["capacity_classes"]["breaks"]]
city = study["study"].get("city_class")
class_name = lambda at: [f"<{breaks[0]:g}", *(f"{a:g}-{b:g}" for a, b in zip(breaks, breaks[1:])), f">={breaks[-1]:g}"][at]


def ladder(purpose):
    """Storms that serve a purpose, by return period, each with the stages that a river really has."""
    steps = []
    for name, storm in study.get("storms", {}).items():
        if purpose in storm["serves"] and "return_period" in storm:
            paired = study.get("pairing", {}).get(name, ["as modelled"])
            real = [stage for stage in paired if not stages.get(stage, {}).get("free")] or paired
            steps.append((years(storm["return_period"]), name, real))
    return sorted(steps, key=lambda step: step[0])


def rating(option, horizon, pipe):
    """Carries, fails, cause, whether the level and the cause are close."""
    carries = fails = cause = None
    near = near_cause = False
    for period, storm, real in ladder("sewer_capacity"):
        run = run_of.get((option, horizon, storm, real[0]))
        if run is None:
            return None
        filled = run.filled(pipe)
        near |= abs(filled) <= CLOSE
        if filled > 0:
            ratio = run.ratio.get(pipe, 0.0)
            fails, cause = period, "own capacity" if ratio > 1 else "backwater"
            near_cause = abs(ratio - 1) <= CLOSE + 0.005  # EPA's report has two decimals
            if carries is not None and carries >= period:
                carries = None
            break
        carries = period
    return carries, fails, cause, near, near_cause


capacity = {}  # (option, horizon): pipe -> rating
for row in table("capacity.csv"):
    pair = (row["option"], row["horizon"])
    if not row["level over soffit (m)"]:
        continue
    theirs = rating(*pair, row["pipe"])
    if theirs is None:
        continue
    carries, fails, cause, near, near_cause = theirs
    capacity.setdefault(pair, {})[row["pipe"]] = theirs
    near |= row["close"] == "yes"
    ours = (row["carries (a)"], row["fails (a)"])
    text = lambda value: "" if value is None else f"{value:g}"
    judge(row, "capacity of a pipe", ours == (text(carries), text(fails)),
          f"{row['pipe']}: carries and fails {ours} against {(text(carries), text(fails))}", near)
    reached = sum((carries or 0) >= at for at in breaks)
    judge(row, "class of a pipe", row["dynamic class (a)"] == class_name(reached),
          f"{row['pipe']}: {row['dynamic class (a)']} against {class_name(reached)}", near)
    if ours[1] == text(fails):
        judge(row, "cause", row["cause"] == (cause or ""), f"{row['pipe']}: {row['cause']} against {cause}",
              near_cause or row["cause close"] == "yes")

# --- pass or fail ----------------------------------------------------------------------------------------------------

zones = []  # name, class and rings, in the order of the file
if "zones" in study["study"]:
    import json
    for feature in json.loads((beside / study["study"]["zones"]).read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        zones.append((feature["properties"]["class"], [ring for part in parts for ring in part]))


def zone_class(point):
    """Class of the first zone whose rings a ray from the point crosses an odd number of times."""
    if point is None:
        return ""
    x, y = point
    for kind, rings in zones:
        odd = False
        for ring in rings:
            for (x0, y0, *_), (x1, y1, *_) in zip(ring, ring[1:]):
                if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                    odd = not odd
        if odd:
            return kind
    return ""


def asked(rule, kind):
    """The return period that decides for a class of zones: the lower end of the first entry that fits."""
    listed = lambda value: value if isinstance(value, list) else [value]
    for entry in rule["limits"]:
        if "zone" in entry and kind not in listed(entry["zone"]):
            continue
        if "city" in entry and city not in listed(entry["city"]):
            continue
        return years(listed(entry["limit"])[0])
    return None


def capacity_verdict(rule, option, horizon):
    """Share of length that carries what is asked, and whether pipes at the edge could turn the verdict."""
    kept = broken = unknown = edge = 0.0
    for pipe, (carries, fails, _, near, _) in capacity.get((option, horizon), {}).items():
        network = run_of[next(key for key in run_of if key[:2] == (option, horizon))].network
        limit = asked(rule, zone_class(network.middle(pipe)))
        if limit is None:
            continue
        length = network.pipes[pipe][0]
        if (carries or 0) >= limit:
            kept += length
        elif fails is not None and fails <= limit:
            broken += length
        else:
            unknown += length
        edge += length * near
    total = kept + broken + unknown
    if not total:
        return None
    share = float(str(rule.get("share", "100 %")).rstrip(" %")) / 100
    least = lambda length: length / total >= share - 1e-9
    if least(kept):
        return "passed", not least(kept - edge)
    return ("failed", least(kept + unknown + edge)) if not least(kept + unknown) else ("not assessed", True)


def flooding_verdict(rule, option, horizon):
    """Whether a node floods in storms up to the return period that its place asks for."""
    volume = float(str(rule["volume"]).split()[0])
    broken, close_by, whole, any_limit, reached = False, False, True, False, {}
    for period, storm, real in ladder("waterlogging"):
        worst = {}  # under all stages that the storm meets
        for stage in real:
            run = run_of.get((option, horizon, storm, stage))
            if run is None:
                whole = False
                continue
            places = {row[0]: (float(row[1]), float(row[2])) for row in run.network.rows("COORDINATES")}
            for node, flooded in run.flooded.items():
                limit = asked(rule, zone_class(places.get(node)))
                if limit is None:
                    continue
                any_limit = True
                reached.setdefault(node, False)
                worst[node] = max(worst.get(node, (0.0, limit)), (flooded, limit))
                broken |= period <= limit and flooded > volume
                close_by |= abs(flooded - volume) <= SPLASH
        for node, (flooded, limit) in worst.items():
            reached[node] |= period >= limit and flooded <= volume
    if not any_limit:
        return None
    if broken:
        return "failed", False
    return ("passed" if whole and all(reached.values()) else "not assessed"), close_by


for row in table("verdicts.csv"):
    rule = next(rule for rule in rules["rule"] if rule["id"] == row["rule"])
    verdict = {"dynamic_capacity": capacity_verdict, "flooding": flooding_verdict}.get(rule["test"])
    theirs = verdict and verdict(rule, row["option"], row["horizon"])
    if theirs is None:
        continue
    outcome, near = theirs
    judge(row, f"verdict {row['rule']}", row["verdict"] == outcome, f"{row['verdict']} against {outcome}",
          near or row["close"] == "yes")

# --- the table -------------------------------------------------------------------------------------------------------

quantities = sorted({what for tallies in score.values() for what in tallies})
lines = [["option", "horizon", *quantities]]
for (option, horizon), tallies in score.items():
    cell = lambda what: ("{1} of {0}" + ", {2} close" * bool(tallies[what][2])).format(*tallies[what]) if what in tallies else ""
    lines.append([option, horizon, *map(cell, quantities)])
if arguments.table:
    arguments.table.parent.mkdir(parents=True, exist_ok=True)
    with open(arguments.table, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
for line in close:
    print(f"close  {line}")
for line in wrong:
    print(f"FAIL   {line}")
for what in quantities:
    total, agree, edge = (sum(tallies[what][k] for tallies in score.values() if what in tallies) for k in (0, 1, 2))
    print(f"{what}: {agree} of {total} agree, {edge} more are close")
print(f"{len(distinct)} networks run by EPA's engine for {len(run_of)} runs, {left} longer ones left out: "
      f"{len(wrong)} differences, {len(close)} close ones, listed")
sys.exit(1 if wrong else 0)
