#!/usr/bin/env python3
"""Writes reference.csv: what EPA SWMM 5.2.4 makes of the models in this folder that pailao simulates.

    reference.py CORPUS > reference.csv

CORPUS holds a folder gap_NAME with EPA's model.out for each NAME.inp. One line an element: model, node or link, name,
mean and largest magnitude of its depth (node) or flow (link) at reporting times, in the model's units; and one line a
model for the system's outflow.
"""
import os
import sys

import numpy as np
from swmm.toolkit import output, shared_enum as enum

SIMULATED = "controls_all infil_mix offsets_elevation options_extran_hw options_nolimit_lengthening options_slot_dw options_undamped_froude pumps_all regulators_all shapes_dynwave units_cfs units_cms units_gpm units_lps units_mgd units_mld".split()

print("model,kind,name,mean,largest")
for model in SIMULATED:
    handle = output.init()
    output.open(handle, os.path.join(sys.argv[1], "gap_" + model, "model.out"))
    last = output.get_times(handle, enum.Time.NUM_PERIODS) - 1
    counts = output.get_proj_size(handle)

    def line(kind, name, series):
        series = np.abs(np.array(series))
        print(f"{model},{kind},{name},{series.mean():.6g},{series.max():.6g}")

    for i in range(counts[1]):
        name = output.get_elem_name(handle, enum.ElementType.NODE, i)
        line("node", name, output.get_node_series(handle, i, enum.NodeAttribute.INVERT_DEPTH, 0, last))
    for i in range(counts[2]):
        name = output.get_elem_name(handle, enum.ElementType.LINK, i)
        line("link", name, output.get_link_series(handle, i, enum.LinkAttribute.FLOW_RATE, 0, last))
    line("system", "outflow", output.get_system_series(handle, enum.SystemAttribute.OUTFALL_FLOWS, 0, last))
    output.close(handle)
