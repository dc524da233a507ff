"""What the buttons of repairs say."""

from __future__ import annotations

from typing import Any

from analysis.facts.repairs import Repair
from viewer.text import number_format
from viewer.text.operator_names import SETTINGS
from viewer.text.translation import tr


def repair_words(repair: Repair) -> str:
    """What its button says: `Use 512²`, `Add a crop`."""
    match repair.code, repair.numbers:
        case "use-input-size", (size, *_):
            return tr("Use input {size}", size=number_format.spatial(size))
        case "add-crop", _:
            return tr("Add a crop")
        case "add-projection", (_, channels, *_):
            return tr("Add a 1 × 1 convolution to {channels} channels", channels=channels)
        case "add-flatten", _:
            return tr("Add a flatten")
        case "remove", _:
            return tr("Remove it")
    pairs = zip(repair.numbers[::2], repair.numbers[1::2], strict=False)
    said = [f"{tr(SETTINGS.get(name, name))} {_value(value)}" for name, value in pairs]
    return tr("Set {settings}", settings=", ".join(said))


def _value(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(value)
    flat = [each[0] if isinstance(each, tuple) else each for each in value]
    return number_format.times(flat)
