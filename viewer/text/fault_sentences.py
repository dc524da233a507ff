"""The sentence of every fault: what is wrong, with its numbers, and what would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.facts.facts import LayerFacts
from analysis.faults import FAULTS, Fault
from analysis.operators.contract import Shape
from viewer.text import number_format
from viewer.text.block_names import full_name
from viewer.text.escaping import sentence_text
from viewer.text.faults.families import OF_FAMILIES
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name

NUMBERS: Mapping[str, tuple[str, ...]] = FAULTS | {"engine-stopped": ("times",)}
"""The names of each code's numbers in their order; the engine's stop is for the window alone."""

SENTENCES: Mapping[str, str] = {
    **OF_FAMILIES,
    "too-few-inputs": mark("This operator has {inputs} of the {needed} inputs it needs."),
    "too-many-inputs": mark("This operator has {inputs} inputs and takes {allowed}."),
    "needs-spatial": mark("This operator needs a feature map, and its input is a vector."),
    "needs-two-axes": mark("This operator works in two dimensions, and its input has {axes}."),
    "rank-differs": mark(
        "The number of axes of {what} is {axes}, and {axes_needed} are needed here."
    ),
    "too-many-axes": mark("The input has {axes} axes; at most {most} work."),
    "not-positive": mark("{setting} is {value}; it must be at least {least}."),
    "negative": mark("{setting} is {value}; it must not be negative."),
    "too-small": mark("{setting} is {value}; the least is {least}."),
    "too-large": mark("{setting} is {value}; the most is {most}."),
    "not-a-choice": mark("{setting} cannot be {value}; it is one of {choices}."),
    "kernel-too-large": mark(
        "The kernel covers {extent} px of the {axis}, the padded input has {padded_size}. "
        "A kernel of {nearest_kernel} works."
    ),
    "border-too-wide": mark(
        "This border cannot fill a padding of {padding} on the {axis}. "
        "A padding of {nearest_padding} works."
    ),
    "pool-padding-too-large": mark(
        "A pooling takes at most half its kernel as padding; on the {axis} it has {padding}. "
        "A padding of {nearest_padding} works."
    ),
    "output-padding-too-large": mark(
        "An output padding of {output_padding} on the {axis} is not below the stride. "
        "An output padding of {nearest_output_padding} works."
    ),
    "output-padding-not-below": mark(
        "An output padding of {output_padding} on the {axis} must be below the stride of {stride} "
        "or the dilation of {dilation}. An output padding of {nearest_output_padding} works."
    ),
    "pool-padding-above-half": mark(
        "A padding of {padding} on the {axis} is more than half of the pooling window of {kernel}. "
        "A padding of {nearest_padding} works."
    ),
    "dilation-too-large": mark(
        "The kernel covers {extent} px of the {axis}, the padded input has {padded_size}. "
        "A dilation of {nearest_dilation} works."
    ),
    "case-too-large": mark(
        "This case makes {products} products; up to {most} can be shown. "
        "A smaller input or kernel works."
    ),
    "answer-too-long": mark(
        "The answer holds {numbers} numbers; up to {most} are written. "
        "A smaller input or kernel, or fewer channels, works."
    ),
    "no-cases": mark("The list holds no case. Put a case into it, or give a case without a list."),
    "average-pool-dilated": mark(
        "Average pooling has no dilation; on the {axis} it is {dilation}. "
        "A dilation of {nearest_dilation} works."
    ),
    "pool-channels-differ": mark(
        "Pooling keeps its {channels} channels and cannot make {other_channels} of them. "
        "{channels} output channels work."
    ),
    "padding-takes-all": mark(
        "A padding of {padding} takes away all {full_size} px of the {axis}. "
        "A padding of {nearest_padding} works."
    ),
    "channels-not-divisible": mark(
        "{channels} channels cannot be divided into {groups} groups. {nearest_groups} works."
    ),
    "channels-not-multiple": mark(
        "{channels} channels are no multiple of {multiple}. {nearest_channels} channels work."
    ),
    "size-not-multiple": mark(
        "The {axis} is {size}, no multiple of {multiple}. A size of {nearest_size} works."
    ),
    "size-off-rest": mark(
        "The {axis} is {size}, no multiple of {multiple} and {rest} more. "
        "A size of {nearest_size} works."
    ),
    "too-few-values": mark(
        "A normalisation needs at least {needed} values to measure a spread and has {values}."
    ),
    "join-sizes-differ": mark(
        "The {axis} of the inputs differs: {size} and {other_size}. They must be equal to join."
    ),
    "join-channels-differ": mark(
        "The inputs have {channels} and {other_channels} channels. They must be equal to join."
    ),
    "crop-too-large": mark("The crop takes {cropped} px of the {axis}, which has {size}."),
    "crop-needs-larger": mark(
        "The {axis} is {size} and cannot be cropped to {size_wanted}, which is larger."
    ),
    "reshape-size": mark(
        "{shape} holds {values} values and {shape_wanted} holds {values_wanted}. "
        "They must be equal."
    ),
    "linear-needs-vector": mark(
        "A linear layer needs a vector, and its input is {shape}. Flatten it first."
    ),
    "channels-out-of-range": mark(
        "Channels {start} to {stop} are asked for. The input has {channels}, counted from 0."
    ),
    "parameter-shape": mark("A parameter of shape {shape} does not fit an input of {input_shape}."),
    "operands-differ": mark("{function} takes {needed} numbers and is given {operands}."),
    "size-or-scale": mark("Up-sampling needs either a size or a factor, not both."),
    "cubic-needs-two-axes": mark("Cubic interpolation needs two axes, and its input has {axes}."),
    "nearest-has-no-corners": mark("Nearest interpolation has no aligned corners. Turn them off."),
    "nothing-left": mark("The {axis} of {size} px shrinks to nothing. A larger input works."),
    "unknown-operator": mark("There is no operator called {key}."),
    "unknown-setting": mark("The operator {key} has no setting {setting}; it has {settings}."),
    "bad-setting": mark("{setting} cannot be {value}; it takes {kind}."),
    "operator-not-allowed": mark("The operator {target} may not be run from a file."),
    "opaque-shape": mark(
        "{target} was recorded with {shape_seen} at this input and gets {shape}. "
        "It works at the recorded size only."
    ),
    "case-not-object": mark(
        "A case is a JSON object with kind, in and kernel, or a list of such objects."
    ),
    "case-lacks": mark("The case has no {setting}. Every case needs kind, in and kernel."),
    "case-key-misspelt": mark("A case has no setting {given}. Is {nearest} meant?"),
    "values-shape": mark("{setting} holds {shape} numbers. {shape_wanted} are needed."),
    "missing-file": mark("There is no file {path}."),
    "cannot-read": mark("{path} cannot be read. Check its permissions."),
    "not-a-file": mark("{path} is a pipe or a device. Save what it gives as a file and open that."),
    "not-json": mark("The file is damaged or is no Fieldglass document: it is not JSON."),
    "not-a-document": mark("The file is JSON and no Fieldglass document."),
    "document-too-long": mark("The file has {bytes} bytes; a document has at most {most_bytes}."),
    "newer-version": mark(
        "The document has format {version}; this Fieldglass knows up to {newest_known}. "
        "Update Fieldglass."
    ),
    "unknown-keys": mark("Ignored, and left out of the file when it is saved: {keys}."),
    "too-many-operators": mark(
        "The network has {operators} operators; the window shows up to {most}. "
        "On the command line, fieldglass describe and fieldglass diagram take it."
    ),
    "bad-value": mark("The document holds a value that cannot be: {where}."),
    "duplicate-node": mark("The document names a layer twice: {names}."),
    "missing-node": mark("The document reads a layer that is not in it: {names}."),
    "cycle": mark("The layers of the document form a circle: {names}."),
    "disk-full": mark("The disk is full: {path} is not written. The old file is untouched."),
    "read-only-folder": mark("{path} cannot be written here. Choose another folder."),
    "no-folder": mark("There is no folder for {path}. Make it, or choose another."),
    "cannot-write": mark("{path} cannot be written. The old file is untouched."),
    "read-only-file": mark("{path} is read-only. Save under another name."),
    "changed-meanwhile": mark("Another program has changed {path} since it was opened."),
    "weights-not-stored": mark(
        "The weights {file} are gone or damaged in Fieldglass's store, and would not be saved."
    ),
    "image-not-stored": mark(
        "The image {file} is gone or damaged in Fieldglass's store, and would not be saved."
    ),
    "weights-missing": mark("There is no weights file {file}."),
    "weights-damaged": mark("The weights {file} are damaged: they do not match their hash."),
    "image-missing": mark("There is no image file {file}."),
    "image-damaged": mark("The image {file} is damaged: it does not match its hash."),
    "join-of-blind-units": mark(
        "Some units of a branch see nothing, so the box can be larger than what is seen."
    ),
    "channels-selected": mark(
        "An operator on the way takes some channels of a stack. Each channel may see fewer of "
        "these pixels than the stack does."
    ),
    "paths-cut": mark(
        "An operator on the way multiplies by zeros or by numbers that can cancel. It may see "
        "fewer of these pixels than its window holds."
    ),
    "rows-bounded": mark(
        "An operator on the way reads places that its values choose, or no full rows and columns. "
        "It may see fewer of these pixels."
    ),
    "strides-differ": mark(
        "The inputs of this join step by {smallest_jump} and {largest_jump} px along the {axis}, "
        "so its field has no one pattern."
    ),
    "split-approximate": mark(
        "The split is approximate here: {operator} ({node}) is not piecewise linear."
    ),
    "split-statistics-held": mark(
        "Exact only while the statistics of {operator} ({node}) are held at their values for this "
        "image."
    ),
    "split-overflow": mark("The parts of the output grow beyond all numbers in this decoder."),
    "split-rounding": mark(
        "The parts are so much larger than the output that they rebuild it to {error} only."
    ),
    "split-selection-held": mark(
        "Exact only while which values {operator} ({node}) takes is held as it is for this image."
    ),
    "shapley-sampled": mark(
        "{orders} of all orders of {skips} skips were drawn; 95 % intervals say how sure each is."
    ),
    "gradient-gap": mark("In {steps} steps {per_cent} % of what all skips are worth is missing."),
    "device-missing": mark(
        "The device {device} is not on this machine. Networks run on the fastest that is."
    ),
    "device-failed": mark(
        "The device {device} failed ({what}). Networks run on the processor now; "
        "the last picture stays until theirs is there."
    ),
    "out-of-memory": mark(
        "This run needs {bytes_needed} of memory, {bytes_available} are free. "
        "A smaller input works, or the picture in tiles."
    ),
    "outputs-missing": mark("One of the two networks has not run, so there is no difference."),
    "outputs-other-shapes": mark(
        "The outputs have other shapes ({first} and {second}), so they are not compared."
    ),
    "graph-cannot-run": mark("The network cannot run: the layer {node} has a fault ({why})."),
    "output-not-finite": mark(
        "The output is no number ({what}). The first layer that makes it so is {node}."
    ),
    "output-not-finite-weights": mark(
        "The output is no number ({what}), because weights of {node} are none."
    ),
    "weights-not-finite": mark(
        "Weights of {node} are no numbers ({what}). The output does not show it."
    ),
    "no-skips": mark("No skip reaches the output, so there is nothing to share out."),
    "effective-no-map": mark(
        "The effective field is drawn on a map, and {node} has none like the input's."
    ),
    "effective-no-unit": mark("{node} is {size} and has no unit {unit}."),
    "numbers-no-channel": mark(
        "{node} has {channels} channels, counted from 0, and no channel {channel}."
    ),
    "equivariance-no-map": mark(
        "The output is no map of the input's size, so a shift cannot be compared."
    ),
    "numbers-no-run": mark(
        "No image runs through the network, so this layer holds no numbers. Open an image."
    ),
    "numbers-no-unit": mark("{node} is {size} and has no unit {unit}."),
    "numbers-no-window": mark(
        "{node} slides no window over its input. Choose a convolution or a pooling."
    ),
    "numbers-three-axes": mark(
        "{node} works in {axes} dimensions; its arithmetic can be drawn in one or two."
    ),
    "engine-stopped": mark("The engine stopped {times} times in a row. Try a smaller network."),
    "engine-cannot-start": mark("The engine cannot be started: {what}."),
    "engine-ended": mark("The engine ended by itself. It is started again."),
    "engine-loading": mark(
        "PyTorch was not loaded after {seconds} s. The engine is started again."
    ),
    "engine-silent": mark("The engine did not answer for {seconds} s. It is started again."),
    "engine-stuck": mark(
        "The engine stayed in one layer for {seconds} s. It is started again. "
        "A smaller network or input works."
    ),
    "engine-error": mark("The engine met an error of its own ({what})."),
    "values-count": mark("{count} numbers are given; it takes one for all, or {needed}."),
    "input-unknown": mark("There is no input {name} that takes a value. There are: {names}."),
    "input-value": mark(
        "{name} cannot be {value}: it takes a number, or as many as {size} has, as JSON or .npy."
    ),
    "input-file": mark("{name}: {file} cannot be read as a .npy file of numbers or a picture."),
    "input-no-picture": mark(
        "{name}: {file} is a picture, and the input takes {size} numbers that are no map."
    ),
    "input-too-large": mark(
        "{name} takes {size} numbers, and a file is read for {most} at most: open the network for "
        "a smaller size."
    ),
}

OF_NODES = ("split-", "output-not-finite", "weights-not-finite", "train-diverged", "train-patch")
"""How the codes begin whose `node` is a layer of the network, which is called as on the canvas."""

_AXES = {
    1: (mark("length"),),
    2: (mark("height"), mark("width")),
    3: (mark("depth"), mark("height"), mark("width")),
}
_BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


_KINDS = {
    "int": mark("a whole number"),
    "axes": mark("whole numbers, one an axis"),
    "pairs": mark("pairs of whole numbers, one an axis"),
    "scales": mark("numbers, one an axis"),
    "float": mark("a number"),
    "bool": mark("true or false"),
    "choice": mark("one of its choices"),
    "text": mark("a text"),
    "nested": mark("what was recorded from a model"),
}
"""What a setting takes, by the kind of its values."""


def fault_sentence(fault: Fault, axes: int = 2, called: Callable[[str], str] = full_name) -> str:
    """The sentence of a fault in the language in use; `axes` is the network's spatial rank.

    `called` names a layer by its id: as the canvas does, or as the command line does.
    """
    names = NUMBERS.get(fault.code, ())
    sentence = SENTENCES.get(fault.code)
    if fault.code == "too-few-inputs" and fault.numbers[:1] == (0,):
        return tr("Nothing is connected to this operator: draw a wire to it from a port.")
    if sentence is None or len(fault.numbers) < len(names):
        details = ", ".join((fault.code, *map(_plain, fault.numbers)))
        return tr("This cannot work ({details}).", details=details)
    pairs = zip(names, fault.numbers, strict=False)
    values = {placeholder(name): _said(name, number, axes) for name, number in pairs}
    named = dict(zip(names, fault.numbers, strict=False))
    if fault.code.startswith(OF_NODES) and "node" in named:
        values["node"] = called(str(named["node"]))
    return tr(sentence).format(**values)


def layer_sentence(layer: LayerFacts) -> str:
    """The sentence of a layer's fault; else empty."""
    return "" if layer.fault is None else sentence_at(layer.fault, layer.inputs)


def sentence_at(
    fault: Fault,
    inputs: Sequence[Shape],
    axes: int = 2,
    called: Callable[[str], str] = full_name,
) -> str:
    """The sentence of a layer's fault that is given `inputs`: of a join the whole sizes that meet.

    Wherever a layer's fault is said it is this sentence: in its inspector, among the problems, in
    the review.
    """
    port = fault.numbers[-1] if fault.numbers else None
    if fault.code == "join-sizes-differ" and isinstance(port, int) and port < len(inputs):
        first, other = inputs[0][1:], inputs[port][1:]
        said = mark("It joins {a} with {b}: the sizes must be equal.")
        return tr(said, a=number_format.times(first), b=number_format.times(other))
    return fault_sentence(fault, axes, called)


def placeholder(name: str) -> str:
    """How a number's name stands in its sentence."""
    return name.replace(" ", "_")


def axis_name(axis: int, axes: int = 2) -> str:
    """What a spatial axis is called, such as height."""
    names = _AXES.get(axes, ())
    return tr(names[axis]) if axis < len(names) else tr("axis {number}", number=axis + 1)


def _said(name: str, number: object, axes: int) -> str:
    if name == "axis" and isinstance(number, int):
        return axis_name(number, axes)
    if name.startswith("bytes ") and isinstance(number, int):
        return memory_text(number)
    if name == "kind" and number in _KINDS:
        return tr(_KINDS[str(number)])
    if name == "twin":
        return sentence_text(twin_name(str(number)))
    if name == "last line":
        return sentence_text(str(number)).rstrip(".!: ")
    return _plain(number)


def _plain(number: object) -> str:
    if isinstance(number, bool) or number is None:
        return str(number)
    if isinstance(number, int):
        return number_format.grouped(number) if abs(number) >= 10_000 else _signed(number)
    if isinstance(number, float):
        return _signed(f"{number:g}")
    if isinstance(number, Sequence) and not isinstance(number, str):
        return " × ".join(map(_plain, number))
    return sentence_text(str(number))


def _signed(number: int | str) -> str:
    """As it is written, with the sign of minus and no hyphen."""
    return str(number).replace("-", number_format.MINUS)


def memory_text(count: int) -> str:
    """Bytes with the unit that fits, such as 1.9 MB."""
    unit, size = next((entry for entry in _BYTES if count >= entry[1]), ("B", 1))
    said = f"{count / size:.3g}" if count < 1000 * size else _plain(round(count / size))
    return f"{said}\u202f{unit}"
