#!/usr/bin/env python3
"""Spreads a study over machines with HyperQueue (PyPI `hyperqueue`), then merges it; here on one machine.

    pip install hyperqueue
    python3 docs/cluster/hyperqueue_study.py SCENARIO.toml FOLDER [--shards 8] [--bin pailao]

Each shard is a task that makes its share of the runs (`pailao compare --shard i/n`) in a folder of its own; a task that
was killed is submitted again and goes on where it stopped. On a cluster start the server and the workers by `hq` and
give `Client` the server's folder in place of `LocalCluster`; tasks and merge stay the same.
"""
import argparse
import os
import shutil
import subprocess

from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("scenario")
arguments.add_argument("folder")
arguments.add_argument("--shards", type=int, default=8)
arguments.add_argument("--bin", default="pailao")
given = arguments.parse_args()

program = os.path.abspath(shutil.which(given.bin) or given.bin)
scenario, folder = os.path.abspath(given.scenario), os.path.abspath(given.folder)
os.makedirs(folder, exist_ok=True)
parts = [os.path.join(folder, f"shard-{i}") for i in range(1, given.shards + 1)]
with LocalCluster() as cluster:
    cluster.start_worker(WorkerConfig(cores=os.cpu_count()))
    client = cluster.client()
    job = Job()
    for i, part in enumerate(parts, 1):
        job.program(
            [program, "compare", scenario, "--out", part, "--shard", f"{i}/{given.shards}", "--threads", "1", "--quiet"],
            cwd=os.getcwd(),
            stdout=os.path.join(folder, f"shard-{i}.stdout"),
            stderr=os.path.join(folder, f"shard-{i}.stderr"),
        )
    client.wait_for_jobs([client.submit(job)])
subprocess.run([program, "merge", scenario, *parts, "--out", os.path.join(folder, "merged"), "--quiet"], check=True)
print(f"{given.shards} shards merged into {os.path.join(folder, 'merged')}")
