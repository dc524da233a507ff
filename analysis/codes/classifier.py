"""Trains a linear classifier on frozen features: how well they tell the classes apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

DECAY = 1e-3
MOST_STEPS = 200


@dataclass(frozen=True)
class LinearClassifier:
    """Multinomial logistic regression: weights (length, classes), biases, the features' scale."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def classes(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        """The likeliest class of each row of features (pictures, length)."""
        scaled = (features - self.mean) / self.spread
        found: NDArray[np.int64] = (scaled @ self.weights + self.bias).argmax(1)
        return found

    def accuracy(self, features: NDArray[np.float32], wanted: NDArray[np.int64]) -> float:
        """The share of rows whose class is the wanted one."""
        return float((self.classes(features) == wanted).mean())


def linear_classifier(
    features: NDArray[np.float32], wanted: NDArray[np.int64], classes: int
) -> LinearClassifier:
    """Fits mean cross-entropy plus ½ · 10⁻³ · ‖W‖² on features (pictures, length), by L-BFGS.

    Features are brought to mean 0 and deviation 1 first; one that never varies counts nothing.
    """
    values = features.astype(np.float64)
    mean, spread = values.mean(0), values.std(0)
    spread = np.where(spread > 0, spread, 1.0)
    given = torch.from_numpy((values - mean) / spread)
    labels = torch.from_numpy(wanted.astype(np.int64))
    weights = torch.zeros(values.shape[1], classes, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(classes, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weights, bias], max_iter=MOST_STEPS, tolerance_grad=1e-7, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = functional.cross_entropy(given @ weights + bias, labels)
        value = value + 0.5 * DECAY * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    with torch.inference_mode(False), torch.enable_grad():
        optimiser.step(loss)  # type: ignore[no-untyped-call]
    return LinearClassifier(weights.detach().numpy(), bias.detach().numpy(), mean, spread)
