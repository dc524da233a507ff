"""Runs every benchmark, each in a process of its own, and prints one table.

`python -m tests.benchmarks [--smallest] [NAME …]`. A missed aim is told and is no failure; a
benchmark that breaks is one. `--smallest` takes a minute or two and only shows that all of them
still run: its figures are not to be quoted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

from tests.benchmarks.table import Row, print_table

BENCHMARKS = (
    "startup",
    "opening",
    "public_networks",
    "changed_setting",
    "arithmetic",
    "hover",
    "heartbeat",
    "gate_latency",
    "live",
    "receptive_field",
    "fields_against_peers",
    "facts",
    "review",
    "canvas",
    "editing",
    "repaint",
    "layout",
    "animation",
    "study",
    "training",
)


def main() -> int:
    """Print the table; 1 when a benchmark broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    rows: list[Row] = []
    broken = []
    for name in asked.names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        found = run(name, asked.smallest)
        if found is None:
            broken.append(name)
        else:
            rows += found
    print_table(rows)
    for name in broken:
        print(f"broken: {name}")
    return int(bool(broken))


def run(name: str, smallest: bool) -> list[Row] | None:
    """The rows of one benchmark, None when it ended with an error (which it has printed)."""
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--json"]
    command += ["--smallest"] if smallest else []
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=environment)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return None
    return [Row(**row) for row in json.loads(lines[-1])]


if __name__ == "__main__":
    raise SystemExit(main())
