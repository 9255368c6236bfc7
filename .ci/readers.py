#!/usr/bin/env python3
"""Opens our results with the packages that engineers use, unchanged: swmm-toolkit, pyswmm, swmm-pandas, swmmio.

    readers.py MODEL.inp MODEL.rpt MODEL.out

Each package must find the elements, the reporting times and the flows; what they read must agree with each other.
"""
import sys

import numpy as np
import swmmio
from pyswmm import Output
from swmm.pandas import Output as PandasOutput
from swmm.toolkit import output, shared_enum

inp, rpt, out = sys.argv[1:4]

handle = output.init()
output.open(handle, out)
periods = output.get_times(handle, shared_enum.Time.NUM_PERIODS)
counts = output.get_proj_size(handle)
nodes = [output.get_elem_name(handle, shared_enum.ElementType.NODE, i) for i in range(counts[1])]
links = [output.get_elem_name(handle, shared_enum.ElementType.LINK, i) for i in range(counts[2])]
flow = np.array(output.get_link_series(handle, 0, shared_enum.LinkAttribute.FLOW_RATE, 0, periods - 1))
output.close(handle)
assert periods > 1 and nodes and links and np.isfinite(flow).all(), (periods, counts)
print(f"swmm-toolkit: {periods} periods, {counts[0]} subcatchments, {len(nodes)} nodes, {len(links)} links")

with Output(out) as file:
    series = file.link_series(links[0], shared_enum.LinkAttribute.FLOW_RATE, 0, periods - 1)
    assert np.allclose(list(series.values()), flow[: len(series)]) and len(series) >= periods - 1
    assert list(file.nodes) == nodes and list(file.links) == links
    print(f"pyswmm: {file.start} to {file.end}, {file.version}")

with PandasOutput(out) as file:
    frame = file.link_series(links[0], "flow_rate")
    assert len(frame) == periods and np.allclose(frame.to_numpy().ravel(), flow)
    print(f"swmm-pandas: {len(frame)} rows of {links[0]}")

model = swmmio.Model(inp)
table = swmmio.utils.dataframes.dataframe_from_rpt(rpt, "Link Flow Summary")
assert len(table) == len(links), (len(table), len(links))
depths = swmmio.utils.dataframes.dataframe_from_rpt(rpt, "Node Depth Summary")
assert len(depths) == len(nodes), (len(depths), len(nodes))
assert len(model.links.dataframe) == len(links)
print(f"swmmio: {len(table)} links and {len(depths)} nodes in the report's tables")
