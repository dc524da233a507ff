"""Every finding of the review on public networks, measured on their own modules.

`python -m tests.analysis.review.public_modules [NAME …]` prints a table: network, code, what the
finding says, what was measured, whether they agree. Networks whose package is not installed are
told; `pip install -e '.[models]'` brings them. What runs with an image or random numbers show is
held against the modules by `observed` beside this file.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

from _pytest.outcomes import Skipped

from analysis.exchange.torch_module import TraceError
from analysis.review import Finding, Subject, review
from tests.analysis.review.public_modules.measured import EXPERIMENTS, Measured, Unmeasured
from tests.analysis.review.public_modules.networks import NAMES, network
from viewer.text.review.findings import finding_text


def measured(name: str) -> Iterator[tuple[Finding, Measured | str]]:
    """Each finding of a network, with what was measured, or why nothing was."""
    found = network(name)
    for finding in review(Subject(found.facts)).findings:
        if finding.code not in EXPERIMENTS:
            yield finding, "no experiment"
            continue
        try:
            yield finding, EXPERIMENTS[finding.code](found, finding)
        except (Unmeasured, RuntimeError, AttributeError, ValueError) as error:
            yield finding, f"{type(error).__name__}: {error}".splitlines()[0][:100]


def main(names: list[str]) -> int:
    """Prints the table; 1 where something was measured that a finding does not say."""
    counts = {"yes": 0, "NO": 0, "not measured": 0, "networks": 0, "not loaded": 0}
    for name in names or NAMES:
        try:
            rows = list(measured(name))
        except (Skipped, TraceError) as why:
            print(f"{name}: not loaded, {why}", flush=True)
            counts["not loaded"] += 1
            continue
        counts["networks"] += 1
        print(f"{name}: {len(rows)} findings", flush=True)
        for finding, answer in rows:
            agrees = "not measured" if isinstance(answer, str) else "yes" if answer.agrees else "NO"
            counts[agrees] += 1
            said = answer if isinstance(answer, str) else answer.said
            claim = finding_text(finding).partition(". ")[0]
            print(f"  {finding.code:<24} {agrees:<13} {said:<60} | {claim[:110]}", flush=True)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return int(counts["NO"] > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
