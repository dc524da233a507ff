"""Puts numbers in place of what a program computes from its input's size, at the size at hand.

A traced TorchScript computes sizes with tensors of one number, of which `torch.export` does not
know that they are no pixels.
"""

from __future__ import annotations

from typing import Any


def with_fixed_sizes(module: Any, args: tuple[Any, ...]) -> Any:
    """The graph module with numbers for all that comes of sizes alone. It is changed in place."""
    import torch
    from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
    from torch.fx import Interpreter
    from torch.utils import _pytree as pytree

    mode = FakeTensorMode(allow_non_fake_inputs=True)
    numbers: dict[Any, int | float | bool] = {}

    class _Sizes(Interpreter):
        """Computes with tensors without numbers, and with numbers where no such tensor is given."""

        def run_node(self, n: Any) -> Any:
            if n.op == "call_module":  # a check of the sizes, which are those at hand
                return None
            if n.op != "call_function":
                return super().run_node(n)
            given = pytree.tree_leaves(self.fetch_args_kwargs_from_env(n))
            if any(isinstance(each, FakeTensor) for each in given):
                with mode:
                    found = super().run_node(n)
            else:
                found = super().run_node(n)
            if isinstance(found, int | float):
                numbers[n] = found
            return found

    with torch.no_grad():
        _Sizes(module).run(*(mode.from_tensor(each) for each in args))
    for node in reversed(list(module.graph.nodes)):
        if node.op == "call_function" and "_assert_scalar" in str(node.target):
            module.graph.erase_node(node)
    for node, number in numbers.items():
        _put(node, number)
    module.graph.eliminate_dead_code()
    module.recompile()
    return module


def _put(node: Any, number: float) -> None:
    from torch.fx.node import map_arg

    def read(each: Any) -> Any:
        return number if each is node else each

    for user in list(node.users):
        user.args, user.kwargs = map_arg(user.args, read), map_arg(user.kwargs, read)
