"""Sentences of why a line of the tensor pad is refused."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "pad-empty": mark("The line is empty. torch.arange(6) is one that works."),
    "pad-line-too-long": mark("The line has {characters} characters; up to {most} are read."),
    "pad-sign": mark("The sign {sign} means nothing here."),
    "pad-unclosed": mark("The bracket {bracket} is not closed."),
    "pad-syntax": mark("The line cannot be read from character {place} on."),
    "pad-assignment": mark(
        "A line here keeps no variables: leave out the = and what stands before it."
    ),
    "pad-not-allowed": mark(
        "{part} has no place here: a line holds tensors, numbers, sizes and torch's functions."
    ),
    "pad-unknown": mark("Nothing here is called {given}."),
    "pad-unknown-near": mark("Nothing here is called {given}. Is {nearest} meant?"),
    "pad-without-brackets": mark("{name} is a function: write {name}(…) with brackets."),
    "pad-method-only": mark(
        "{name} belongs to a tensor: write it behind one, as in arange(6).{name}(…)."
    ),
    "pad-function-only": mark("{name} makes a tensor or takes a list: write torch.{name}(…)."),
    "pad-keyword": mark("{name} takes no {keyword} here. It takes {keywords}."),
    "pad-too-deep": mark("More than {most} parts stand inside each other."),
    "pad-too-many-steps": mark("The line has more than {most} steps. Two lines work."),
    "pad-too-large": mark("This would make {elements} elements; up to {most} are made here."),
    "pad-too-much-work": mark(
        "This would take {products} multiplications; up to {most} are done here."
    ),
    "pad-number-too-large": mark("This number is past what 64 bits hold."),
    "pad-division-by-zero": mark("A plain number is divided by 0. A tensor would give inf."),
    "pad-numbers-matmul": mark("@ multiplies matrices, and these are plain numbers. Use *."),
    "pad-complex": mark("Complex numbers are not shown here."),
    "pad-no-tensor": mark("{name} needs a tensor before it, and there is none."),
    "pad-no-operand": mark(
        "{operator} takes tensors and numbers. A list becomes a tensor with tensor([…])."
    ),
    "pad-index-kind": mark("In brackets stand whole numbers, slices, None and …; no tensors here."),
    "pad-several": mark(
        "The line comes to several tensors. Choose one with [0], or join them with cat."
    ),
    "pad-arguments": mark("{name} does not take these arguments."),
    "pad-torch": mark("torch refuses {name} here; its own words say why."),
    "pad-view-size": mark(
        "The tensor has {elements} elements, and {sizes} holds {wanted}. Both must be equal."
    ),
    "pad-view-unknown": mark(
        "−1 cannot be worked out: {elements} elements do not divide by {known}."
    ),
    "pad-two-unknown": mark("Only one size can be −1, because it follows from the others."),
    "pad-view-strides": mark(
        "view moves nothing in memory, and no strides read {shape} with strides {strides} as "
        "{wanted}. reshape(…) copies where it must; contiguous() copies first."
    ),
    "pad-negative-size": mark("A size cannot be {size}."),
    "pad-expand": mark(
        "expand repeats axes of size 1 only; axis {dim} has {size} and cannot become {wanted}. "
        "repeat copies."
    ),
    "pad-expand-axes": mark(
        "The tensor has {axes} axes and {given} are given. There must be at least as many."
    ),
    "pad-permute-count": mark(
        "permute takes every axis once: the tensor has {axes}, and {given} are given."
    ),
    "pad-permute-twice": mark("Axis {dim} is named twice; permute takes every axis once."),
    "pad-broadcast": mark(
        "{first} and {second} do not fit: from the right, axis {dim} is {size} and "
        "{other_size}. Sizes must be equal, or one of them 1."
    ),
    "pad-rows": mark("Rows must be equally long: one has {length}, another {other}."),
    "pad-cat-list": mark("cat and stack take a list of tensors: cat([a, b])."),
    "pad-cat-scalar": mark("cat needs tensors with at least one axis. stack joins single numbers."),
    "pad-cat-axes": mark(
        "cat needs as many axes everywhere: the first tensor is {first}, number {number} is "
        "{other}."
    ),
    "pad-cat-sizes": mark(
        "cat joins along axis {along}, so all others must be equal: axis {dim} is {size} in "
        "the first tensor and {other_size} in number {number}."
    ),
    "pad-stack-sizes": mark(
        "stack needs equal shapes: the first tensor is {first}, number {number} is {other}."
    ),
    "pad-matmul": mark(
        "{first} @ {second}: the last axis of the first, {columns}, must equal the one before "
        "the last of the second, {rows}."
    ),
    "pad-matmul-vector": mark(
        "{first} @ {second}: the last axis of the first, {columns}, must equal the only axis of "
        "the second, {length}."
    ),
    "pad-matmul-scalar": mark(
        "A matrix product needs tensors with axes. For a single number use *."
    ),
    "pad-matmul-dtypes": mark(
        "A matrix product needs one dtype, and these are {first} and {second}. float() makes "
        "them equal."
    ),
    "pad-dimension": mark(
        "There is no axis {dim}: the tensor has {axes}, counted from 0, or from the end with −1."
    ),
    "pad-index": mark("There is no index {index} on axis {dim}, which has {size}, counted from 0."),
    "pad-many-indices": mark("{indices} indices are given, and the tensor has {axes} axes."),
    "pad-two-ellipses": mark("… stands for all axes that are left, so it can stand there once."),
    "pad-negative-step": mark(
        "A step of {step} is refused: strides cannot be negative in torch. flip(0) turns an "
        "axis round by copying."
    ),
    "pad-step-zero": mark("A step of 0 never arrives."),
    "pad-step-sign": mark("From {start} a step of {step} never comes to {end}. Turn its sign."),
    "pad-mean-integers": mark(
        "A mean of {dtype} is refused, because it would not be whole. float() first, or "
        "dtype=torch.float32."
    ),
    "pad-normal-std": mark("A standard deviation cannot be negative."),
    "pad-normal-integers": mark(
        "normal makes fractions, and this tensor holds {dtype}. Write arange(1., 6.) with points, "
        "or float() behind it."
    ),
    "pad-normal-size": mark(
        "With two numbers normal needs a size: normal(0, 1, (2, 3)). With a tensor each "
        "element has its own."
    ),
    "pad-nothing": mark("The tensor has no elements, so there is no largest or smallest."),
}
