"""Questions about networks: fields, sizes, channels and parameters of ones that are drawn anew."""

from __future__ import annotations

import math
from random import Random

from analysis.blueprints import BLUEPRINTS
from analysis.facts import Facts, analyse
from analysis.lessons.questions.contract import Drawn, QuestionRow


def _facts(blueprint: str, **settings: int | str) -> Facts:
    found = BLUEPRINTS[blueprint]
    return analyse(found.build(found.complete(settings)))


def _field(random: Random) -> Drawn:
    """What a unit sees after so many layers with one kernel and no stride."""
    layers, kernel = random.randint(2, 8), random.choice((3, 5))
    facts = _facts("plain_chain", layers=layers, kernel=str(kernel), size=64, base=1, channels="4")
    extents = facts.fields["head"].extent_max
    assert extents is not None
    way = f"1 + {layers} · ({kernel} − 1)"
    return Drawn({"layers": layers, "kernel": kernel}, extents[0], way)


def _layers_needed(random: Random) -> Drawn:
    """How many layers of one kernel and no stride see so many pixels."""
    layers, kernel = random.randint(4, 20), random.choice((3, 5))
    facts = _facts("plain_chain", layers=layers, kernel=str(kernel), size=128, channels="4")
    extents = facts.fields["head"].extent_max
    assert extents is not None
    way = f"({extents[0]} − 1) / ({kernel} − 1)"
    return Drawn({"field": extents[0], "kernel": kernel}, layers, way)


def _bottleneck(random: Random) -> Drawn:
    """How many rows the map at the bottleneck has."""
    depth, size = random.randint(2, 5), random.choice((64, 96, 128, 160, 256))
    facts = _facts("encoder_decoder", depth=depth, size=size, base=4)
    last = [node.id for node in facts.graph.nodes if node.id.startswith("bottleneck")][-1]
    way = f"{size} / 2{_power(depth)}"
    return Drawn({"depth": depth, "size": size}, facts.shapes[last][1], way)


def _held(random: Random) -> Drawn:
    """How many numbers the map at the bottleneck holds."""
    depth, base, size = random.randint(2, 4), random.choice((4, 8, 16)), random.choice((64, 128))
    facts = _facts("encoder_decoder", depth=depth, size=size, base=base)
    last = [node.id for node in facts.graph.nodes if node.id.startswith("bottleneck")][-1]
    numbers = {"depth": depth, "base": base, "size": size}
    halved = f"2{_power(depth)}"
    way = f"({base} · {halved}) · ({size} / {halved})²"
    return Drawn(numbers, math.prod(facts.shapes[last]), way)


def _joined(random: Random) -> Drawn:
    """How many channels stand behind a concatenation."""
    base, depth = random.choice((4, 8, 16, 24, 32)), random.randint(2, 4)
    facts = _facts("unet", depth=depth, base=base, size=64)
    skip = next(each for each in facts.skips if each.name == "skip1")
    ours = facts.shapes[skip.source][0]
    whole = facts.shapes[skip.join][0]
    numbers = {"skip": ours, "decoder": whole - ours}
    return Drawn(numbers, whole, f"{ours} + {whole - ours}")


def _mirror(random: Random) -> Drawn:
    """Which layer a layer joins with in a network of n layers: i with n − i."""
    layers = random.choice((10, 20, 30))
    facts = _facts("symmetric_denoiser", layers=layers, base=2, size=32)
    skip = random.choice(facts.skips)
    first, second = _number(skip.source), _number(_before(facts, skip.join))
    return Drawn({"layers": layers, "layer": first}, second, f"{layers} − {first}")


def _number(node: str) -> int:
    return int("".join(c for c in node.split(".", maxsplit=1)[0] if c.isdecimal()))


def _before(facts: Facts, join: str) -> str:
    """The convolution or transposed convolution whose output a join takes beside the skip."""
    skip = next(each for each in facts.skips if each.join == join)
    inputs = facts.graph[join].inputs
    return inputs[1 - skip.port]


def _power(exponent: int) -> str:
    """A small exponent as it stands raised."""
    return "⁰¹²³⁴⁵⁶⁷⁸⁹"[exponent]


def _without_padding(size: int, depth: int) -> str:
    """The widths on the way through a U-Net without padding, block by block."""
    widths = [size]
    for _ in range(depth):
        widths += [widths[-1] - 4, (widths[-1] - 4) // 2]
    widths.append(widths[-1] - 4)
    for _ in range(depth):
        widths += [2 * widths[-1], 2 * widths[-1] - 4]
    return " → ".join(map(str, widths))


def _valid(random: Random) -> Drawn:
    """The size of the output of a U-Net without padding."""
    depth = random.randint(2, 3)
    step = 2**depth
    size = random.randrange(100 + (4 - 100 % step) % step, 220, step)
    while True:
        facts = _facts("unet", depth=depth, base=2, size=size, padding="valid")
        if "output" in facts.shapes and not facts.problems:
            way = _without_padding(size, depth)
            return Drawn({"depth": depth, "size": size}, facts.shapes["output"][1], way)
        size += 1


def _parameters(random: Random) -> Drawn:
    """The trained numbers of one convolution, bias included."""
    inside, outside = random.choice((1, 3, 4, 8)), random.choice((2, 4, 8, 16))
    kernel = random.choice((1, 3, 5))
    facts = _facts(
        "plain_chain", layers=1, kernel=str(kernel), size=32, **{"in": inside, "out": outside}
    )
    numbers = {"input": inside, "output": outside, "kernel": kernel}
    way = "{output} · ({input} · {kernel} · {kernel} + 1)".format_map(numbers)
    return Drawn(numbers, facts.parameters, way)


def _dense(random: Random) -> Drawn:
    """The trained numbers of a fully connected layer, biases included."""
    inside, outside = random.choice((8, 10, 20, 50, 100)), random.choice((2, 4, 5, 10, 30))
    facts = _facts("dense_autoencoder", hidden=str(inside), code=outside, size=8)
    way = f"{outside} · ({inside} + 1)"
    return Drawn({"input": inside, "output": outside}, facts.layers["code"].parameters, way)


ROWS = (
    QuestionRow("field-of-layers", ("layers", "kernel"), _field),
    QuestionRow("layers-needed", ("field", "kernel"), _layers_needed),
    QuestionRow("bottleneck-size", ("depth", "size"), _bottleneck),
    QuestionRow("bottleneck-numbers", ("depth", "base", "size"), _held),
    QuestionRow("joined-channels", ("skip", "decoder"), _joined),
    QuestionRow("mirrored-layer", ("layers", "layer"), _mirror),
    QuestionRow("valid-output", ("depth", "size"), _valid),
    QuestionRow("dense-parameters", ("input", "output"), _dense),
    QuestionRow("layer-parameters", ("input", "output", "kernel"), _parameters),
)
