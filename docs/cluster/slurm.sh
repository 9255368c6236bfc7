#!/usr/bin/env bash
# A study as a Slurm array: sbatch --array=1-20 docs/cluster/slurm.sh SCENARIO.toml FOLDER
# When it is done: pailao merge SCENARIO.toml FOLDER/shard-* --out FOLDER/merged
# A Kubernetes indexed job does the same with JOB_COMPLETION_INDEX + 1 in place of SLURM_ARRAY_TASK_ID.
#SBATCH --cpus-per-task=1
set -euo pipefail
exec pailao compare "$1" --out "$2/shard-$SLURM_ARRAY_TASK_ID" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --threads 1 --quiet
