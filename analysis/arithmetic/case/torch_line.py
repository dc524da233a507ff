"""Writes a case as the line of PyTorch that constructs the same operation."""

from __future__ import annotations

from analysis.arithmetic.case.case import Case, Size


def torch_line(case: Case) -> str:
    """`nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2, bias=False)`: only what differs from
    PyTorch's own defaults, one number where the axes agree."""
    name = _name(case)
    if case.kind == "pool":
        return f"nn.{name}({', '.join(_pooling(case))})"
    inside, outside = case.channels
    parts = [str(inside), str(outside), f"kernel_size={_sizes(case.kernel)}"]
    parts += _settings(case, {"stride": 1, "padding": 0})
    if case.kind == "transposed":
        parts += _settings(case, {"output_padding": 0})
    if case.groups != 1:
        parts.append(f"groups={case.groups}")
    if not case.bias:
        parts.append("bias=False")
    parts += _settings(case, {"dilation": 1})
    return f"nn.{name}({', '.join(parts)})"


def _name(case: Case) -> str:
    if case.kind == "pool":
        return f"{'Max' if case.mode == 'max' else 'Avg'}Pool{case.rank}d"
    return f"Conv{'Transpose' if case.kind == 'transposed' else ''}{case.rank}d"


def _pooling(case: Case) -> list[str]:
    parts = [f"kernel_size={_sizes(case.kernel)}"]
    if case.stride != case.kernel:
        parts.append(f"stride={_sizes(case.stride)}")
    parts += _settings(case, {"padding": 0, "dilation": 1})
    if case.ceil_mode:
        parts.append("ceil_mode=True")
    if case.mode == "average" and not case.count_include_pad:
        parts.append("count_include_pad=False")
    return parts


def _settings(case: Case, defaults: dict[str, int]) -> list[str]:
    given = {name: getattr(case, name) for name in defaults}
    return [
        f"{name}={_sizes(value)}"
        for name, value in given.items()
        if any(each != defaults[name] for each in value)
    ]


def _sizes(values: Size) -> str:
    if len(set(values)) == 1:
        return str(values[0])
    return f"({', '.join(map(str, values))})"
