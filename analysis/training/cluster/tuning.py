"""Has Ray Tune train the twins of a sweep as trials, and gathers what they learnt."""

from __future__ import annotations

import io
import tempfile
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.faults import Fault
from analysis.training.cluster.trial import Sweep, train_twin
from analysis.training.run import TrainingRun


def is_installed() -> bool:
    """Whether there is Ray Tune; it is not loaded for that."""
    return find_spec("ray") is not None and find_spec("ray.tune") is not None


def tuned(run: TrainingRun, sweep: Sweep, address: str) -> Fault | None:
    """Train all twins of a run that has just been prepared; why not, if not.

    `address` is a cluster's as Ray writes it, or `local` for a cluster of this machine alone.
    """
    import ray

    try:
        _connect(ray, address)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        return Fault("train-no-cluster", (address, why))
    try:
        return _tried(ray, run, sweep)
    finally:
        ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    """The nodes are sent our own package, so that all run the same; they need what it imports."""
    package = Path(__file__).resolve().parents[2]
    ray.init(
        address=None if address == "local" else address,
        runtime_env={"py_modules": [str(package)]},
        include_dashboard=False if address == "local" else None,
        log_to_driver=False,
        logging_level="ERROR",
    )


def _tried(ray: Any, run: TrainingRun, sweep: Sweep) -> Fault | None:
    from ray import tune

    held = ray.remote(Contents).remote()

    def trial(config: dict[str, Any]) -> None:
        name = config["twin"]
        ray.get(held.put.remote(name, train_twin(sweep, name, tune.report)))

    with tempfile.TemporaryDirectory(prefix="fieldglass-sweep-") as folder:
        tuner = tune.Tuner(
            trial,
            param_space={"twin": tune.grid_search(list(run.trainers))},
            run_config=tune.RunConfig(storage_path=folder, verbose=0),
        )
        with redirect_stdout(io.StringIO()):  # Tune prints a table of its own
            errors = tuner.fit().errors
    if errors:
        return Fault("train-trial-failed", (_cause(errors[0]),))
    for name, content in ray.get(held.all.remote()).items():
        _take(run, name, content)
    run.step = run.recipe.steps
    return None


def _cause(error: BaseException) -> str:
    """The last line that says something, of a trial's traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).rstrip(".")


def _take(run: TrainingRun, name: str, content: bytes) -> None:
    import torch

    from analysis.training.process.checkpoint import put_back

    held = torch.load(io.BytesIO(content), weights_only=True)
    put_back(run, name, held)


class Contents:
    """Holds the checkpoints of the trials, wherever they ran."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def put(self, name: str, content: bytes) -> None:
        """Keep that of a twin."""
        self._held[name] = content

    def all(self) -> dict[str, bytes]:
        """Those of all twins that are done."""
        return self._held
