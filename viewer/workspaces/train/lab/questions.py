"""What panels ask about the networks of a training as they are now, and who waits for weights."""

from __future__ import annotations

from collections.abc import Callable

from analysis.training.process.messages import (
    CodesOrder,
    PairOrder,
    SizesOrder,
    TwinWeights,
    WeightsOrder,
    WorthOrder,
)
from viewer.workspaces.train.lab.training_log import TrainingLog

Question = WeightsOrder | CodesOrder | SizesOrder | WorthOrder | PairOrder
Then = Callable[[TwinWeights], object]
Lost = Callable[[], object]


class Questions:
    """Asks by `tell` about the training of `log()`; answers come into the log, weights to `then`.

    `then` is not called where the process ends, or another training begins, before they have come:
    `lost` is.
    """

    def __init__(self, tell: Callable[[Question], object], log: Callable[[], TrainingLog]) -> None:
        self._tell, self._log = tell, log
        self._asked = 0
        self._awaiting: dict[int, tuple[Then, Lost]] = {}

    def weights(self, twin: str, then: Then, lost: Lost = lambda: None) -> None:
        """Have the weights of a twin: `then` is called with them, and with no others."""
        self._asked += 1
        self._awaiting[self._asked] = then, lost
        self._tell(WeightsOrder(self._log().run, twin, self._asked))

    def codes(self, twin: str) -> None:
        """Have the log get the codes of a twin."""
        self._tell(CodesOrder(self._log().run, twin))

    def pair(self, first: int, second: int) -> None:
        """Have the log get what lies between the codes of two pictures of the twin looked at."""
        log = self._log()
        if log.looked is not None:
            self._tell(PairOrder(log.run, log.looked.twin, first, second))

    def sizes(self, twin: str) -> None:
        """Have the log get what the batch size does to a twin's step."""
        self._tell(SizesOrder(self._log().run, twin))

    def worth(self) -> None:
        """Have the log get what each skip is worth."""
        self._tell(WorthOrder(self._log().run))

    def came(self, weights: TwinWeights) -> None:
        """Hand weights to who asked for them, unless nobody waits for them any more."""
        waits = self._awaiting.pop(weights.number, None)
        if waits is not None:
            waits[0](weights)

    def forget(self) -> None:
        """No answer comes any more."""
        gone, self._awaiting = self._awaiting, {}
        for _, lost in gone.values():
            lost()
