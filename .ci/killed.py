#!/usr/bin/env python3
"""Kills a run (kill -9) at ten moments; swmm-toolkit must open what it has written by then.

    killed.py PAILAO MODEL.inp FOLDER

The model is run over ten years, so that every moment falls into the run.
"""
import os
import re
import subprocess
import sys
import time

from swmm.toolkit import output, shared_enum

program, model, folder = sys.argv[1:4]
os.makedirs(folder, exist_ok=True)
text = open(model, encoding="utf-8").read()
long = re.sub(r"(?m)^END_DATE\s+(\S+)/(\d+)$", lambda m: f"END_DATE {m[1]}/{int(m[2]) + 10}", text)
assert long != text, "the model has an END_DATE"
inp, rpt, out = (os.path.join(folder, "killed" + end) for end in (".inp", ".rpt", ".out"))
with open(inp, "w", encoding="utf-8") as file:
    file.write(long)

seen = []
for moment in range(10):
    if os.path.exists(out):
        os.remove(out)
    run = subprocess.Popen([program, "swmm", inp, rpt, out], stdout=subprocess.DEVNULL)
    while not os.path.exists(out) or os.path.getsize(out) < 1000:
        time.sleep(0.002)
    time.sleep(0.03 + 0.11 * moment)
    assert run.poll() is None, "the run was over before it was killed"
    run.kill()
    run.wait()
    handle = output.init()
    output.open(handle, out)
    periods = output.get_times(handle, shared_enum.Time.NUM_PERIODS)
    series = output.get_node_series(handle, 0, shared_enum.NodeAttribute.INVERT_DEPTH, 0, periods - 1)
    output.close(handle)
    assert len(series) == periods > 0
    seen.append(periods)
print(f"killed at ten moments, periods that can be read: {seen}")
