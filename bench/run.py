#!/usr/bin/env python3
"""Runs every program under build/bench and prints one JSON object: {"machine": …, "results": {name: …}}."""
import json
import os
import pathlib
import platform
import subprocess
import sys

build = pathlib.Path(sys.argv[1])
wanted = sys.argv[2:]
results = {}
for program in sorted((build / "bench").glob("bench_*")):
    if not os.access(program, os.X_OK) or program.is_dir() or (wanted and program.name.removeprefix("bench_") not in wanted):
        continue
    print(f"bench: {program.name}", file=sys.stderr)
    out = subprocess.run([program], capture_output=True, text=True)
    if out.returncode:
        sys.exit(f"bench: {program.name} failed: {out.stderr.strip()}")
    results[program.name.removeprefix("bench_")] = json.loads(out.stdout)
model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
print(json.dumps({"machine": {"cpu": model, "cores": os.cpu_count(), "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)}, "results": results}, indent=2))
