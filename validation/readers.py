#!/usr/bin/env python3
"""Open result files with the readers that engineers use.

    readers.py MODEL.out [MODEL.rpt] [--reference REFERENCE.out]

Readers: swmm-toolkit, pyswmm.Output and swmm-pandas for the .out; swmm-pandas and swmmio for the .rpt.
All readers must agree on sizes, names, times and values of some series; with --reference the names,
units and times must equal those of another .out file. Needs swmm-toolkit, pyswmm, swmm-pandas and
swmmio. Exit: 0 all agree, 1 some reader fails or disagrees.

A reader runs in a process of its own, since swmm-toolkit ends the process on files that it refuses."""
import argparse
import json
import subprocess
import sys

TOOLKIT = r"""
import json, sys
from swmm.toolkit import output, shared_enum as e
h = output.init()
output.open(h, sys.argv[1])
counts = output.get_proj_size(h)[:3]
kinds = [e.ElementType.SUBCATCH, e.ElementType.NODE, e.ElementType.LINK]
names = [[output.get_elem_name(h, k, i) for i in range(n)] for k, n in zip(kinds, counts)]
periods = output.get_times(h, e.Time.NUM_PERIODS)
step = output.get_times(h, e.Time.REPORT_STEP)
depth = list(output.get_node_series(h, 0, e.NodeAttribute.INVERT_DEPTH, 0, periods - 1)) if counts[1] else []
flow = list(output.get_link_series(h, 0, e.LinkAttribute.FLOW_RATE, 0, periods - 1)) if counts[2] else []
print(json.dumps(dict(counts=counts, names=names, periods=periods, step=step, depth=depth, flow=flow,
    version=output.get_version(h), units=output.get_units(h), start=output.get_start_date(h))))
"""

PYSWMM = r"""
import json, sys
from pyswmm import Output
from swmm.toolkit.shared_enum import NodeAttribute, LinkAttribute
with Output(sys.argv[1]) as out:
    nodes, links = list(out.nodes), list(out.links)
    names = [list(out.subcatchments), nodes, links]
    # The last period is given, since pyswmm 1.5 asks swmm-toolkit 0.17 for one too many without.
    last = len(out.times) - 1
    depth = list(out.node_series(nodes[0], NodeAttribute.INVERT_DEPTH, 0, last).values()) if nodes else []
    flow = list(out.link_series(links[0], LinkAttribute.FLOW_RATE, 0, last).values()) if links else []
    print(json.dumps(dict(counts=[len(n) for n in names], names=names, periods=len(out.times),
        step=out.report, depth=depth, flow=flow)))
"""

PANDAS = r"""
import json, sys
from swmm.pandas import Output
out = Output(sys.argv[1])
names = [list(out.subcatchments), list(out.nodes), list(out.links)]
depth = out.node_series(names[1][0], 'invert_depth') if names[1] else None
flow = out.link_series(names[2][0], 'flow_rate') if names[2] else None
column = lambda frame: [] if frame is None else [float(x) for x in frame.iloc[:, 0]]
print(json.dumps(dict(counts=[len(n) for n in names], names=names, periods=len(out.timeIndex),
    step=out.report, depth=column(depth), flow=column(flow))))
"""

# The tables of swmm-pandas; one that the report does not hold is skipped.
PANDAS_RPT = r"""
import json, sys
from swmm.pandas import Report
report = Report(sys.argv[1])
tables = {
    'Analysis Options': 'analysis_options', 'Runoff Quantity Continuity': 'runoff_quantity_continuity',
    'Flow Routing Continuity': 'flow_routing_continuity', 'Subcatchment Runoff Summary': 'runoff_summary',
    'Node Depth Summary': 'node_depth_summary', 'Node Inflow Summary': 'node_inflow_summary',
    'Node Surcharge Summary': 'node_surchage_summary', 'Node Flooding Summary': 'node_flooding_summary',
    'Storage Volume Summary': 'storage_volume_summary', 'Outfall Loading Summary': 'outfall_loading_summary',
    'Link Flow Summary': 'link_flow_summary', 'Flow Classification Summary': 'flow_classification_summary',
    'Conduit Surcharge Summary': 'conduit_surcharge_summary', 'Pumping Summary': 'pumping_summary'}
rows = {}
for title, name in tables.items():
    section = report._sections.get(title, '')
    if section and not any(s in section for s in ('No nodes were', 'No conduits were')):
        rows[title] = len(getattr(report, name))
print(json.dumps(rows))
"""

SWMMIO_RPT = r"""
import json, sys
from swmmio.core import rpt
from swmmio.utils.dataframes import dataframe_from_rpt
report = rpt(sys.argv[1])
assert report.swmm_version['minor'] == 2, report.swmm_version
assert report.dateOfAnalysis and report.simulationStart
rows = {}
for title in ('Node Depth Summary', 'Node Inflow Summary', 'Link Flow Summary'):
    if title in report.headers:
        rows[title] = len(dataframe_from_rpt(sys.argv[1], title))
print(json.dumps(rows))
"""


def run(name, code, path):
    """The answer of a reader, or None when it fails."""
    p = subprocess.run([sys.executable, '-c', code, path], capture_output=True, text=True)
    if p.returncode:
        last = p.stderr.strip().splitlines()[-1:] or [f'ended with {p.returncode}']
        print(f'FAIL  {name}: {path}: {last[0]}')
        return None
    lines = [l for l in p.stdout.splitlines() if l.startswith('{')]
    return json.loads(lines[-1])


def differences(a, b, keys):
    def same(x, y):
        if isinstance(x, list) and x and isinstance(x[0], float):
            # pyswmm leaves the last value out.
            return len(x) - 1 <= len(y) <= len(x) and all(abs(p - q) <= 1e-6 * max(1, abs(p)) for p, q in zip(x, y))
        return x == y
    return [k for k in keys if k in a and k in b and not same(a[k], b[k])]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('out')
    ap.add_argument('rpt', nargs='?')
    ap.add_argument('--reference')
    o = ap.parse_args()
    ok = True
    keys = ['counts', 'names', 'periods', 'step', 'depth', 'flow']
    answers = {n: run(n, c, o.out) for n, c in (('swmm-toolkit', TOOLKIT), ('pyswmm', PYSWMM), ('swmm-pandas', PANDAS))}
    first = answers['swmm-toolkit']
    for name, answer in answers.items():
        if answer is None:
            ok = False
            continue
        differ = differences(first, answer, keys) if first else []
        ok &= not differ
        print(f'{"FAIL" if differ else "ok":5} {name}: {answer["counts"]} elements, {answer["periods"]} periods'
              + (f'; differs from swmm-toolkit in {", ".join(differ)}' if differ else ''))
    if o.reference and first:
        reference = run('swmm-toolkit', TOOLKIT, o.reference)
        differ = differences(first, reference, ['counts', 'names', 'periods', 'step', 'units', 'start', 'version']) if reference else ['all']
        ok &= not differ
        print(f'{"FAIL" if differ else "ok":5} reference' + (f': differs in {", ".join(differ)}' if differ else ''))
    if o.rpt:
        for name, code in (('swmm-pandas', PANDAS_RPT), ('swmmio', SWMMIO_RPT)):
            rows = run(name, code, o.rpt)
            if rows is None:
                ok = False
                continue
            empty = [t for t, n in rows.items() if not n]
            ok &= bool(rows) and not empty
            print(f'{"FAIL" if empty or not rows else "ok":5} {name}: {len(rows)} tables' + (f'; empty: {", ".join(empty)}' if empty else ''))
    sys.exit(0 if ok else 1)


if __name__ == '__main__':
    main()
