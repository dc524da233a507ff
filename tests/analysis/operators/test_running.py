"""What running an operator must and must not do: modes, and overloads that may not be called."""

import pytest
import torch

from analysis import operators as ops


def test_batch_norm_in_evaluation_uses_the_stored_statistics_and_in_training_the_batch():
    picture = torch.rand(2, 3, 4, 4, dtype=torch.float64)
    stored = {
        "weight": torch.ones(3, dtype=torch.float64),
        "bias": torch.zeros(3, dtype=torch.float64),
        "running_mean": torch.full((3,), 2.0, dtype=torch.float64),
        "running_var": torch.full((3,), 4.0, dtype=torch.float64),
    }
    before = {name: tensor.clone() for name, tensor in stored.items()}
    norm = ops.BatchNorm(eps=1e-14)
    torch.testing.assert_close(norm.apply([picture], stored), (picture - 2) / 2)
    trained = norm.apply([picture], stored, training=True)
    torch.testing.assert_close(trained.mean((0, 2, 3)), torch.zeros(3, dtype=torch.float64))
    assert all(torch.equal(stored[name], before[name]) for name in stored)


def test_dropout_is_the_same_tensor_unless_training():
    picture = torch.ones(1, 2, 50)
    assert ops.Dropout(0.5).apply([picture], {}) is picture
    torch.manual_seed(0)
    assert set(ops.Dropout(0.5).apply([picture], {}, training=True).unique().tolist()) == {0, 2}


@pytest.mark.parametrize(
    "target",
    [
        "aten.from_file.default",
        "aten.__getitem__.int",
        "aten._print.default",
        "aten.relu",
        "aten.relu.default.__globals__",
        "prim.device.default",
        "torch.load",
        "builtins.eval.default",
        "aten.set_data.default",
        "aten.no_such_operator.default",
        "aten.name.default",
        "aten._sparse_coo_tensor_unsafe.default",
        "aten._nested_view_from_buffer.default",
        "aten._embedding_bag_dense_backward.default",
        "aten.set_.source_Tensor",
    ],
)
def test_an_overload_that_may_not_be_called_is_refused(target):
    with pytest.raises(ValueError, match=r"not allowed|unknown operator"):
        ops.Opaque(target).apply([torch.zeros(1)], {})


def test_an_overload_that_writes_leaves_the_inputs_as_they_were():
    picture = torch.full((1, 3), -1.0)
    negated = ops.Opaque("aten.neg_.default", output=(3,)).apply([picture], {})
    assert negated.tolist() == [[1.0, 1.0, 1.0]]
    assert picture.tolist() == [[-1.0, -1.0, -1.0]]


def test_a_template_names_types_and_devices_without_evaluating_text():
    cast = ops.Opaque(
        "aten._to_copy.default",
        (
            ("input", 0),
            ("keyword", "dtype", ("torch", "float64")),
            ("keyword", "device", ("device", "cpu")),
        ),
        (1,),
    )
    assert cast.apply([torch.zeros(1, 1)], {}).dtype == torch.float64
    wrong = ops.Opaque("aten._to_copy.default", (("input", 0), ("torch", "load")), (1,))
    with pytest.raises(ValueError, match="not a dtype"):
        wrong.apply([torch.zeros(1, 1)], {})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("weights", (("w: exit()", (1,)),)),
        ("weights", (3,)),
        ("weights", (("w", (-1,)),)),
        ("template", (("weight", "exit()"),)),
        ("template", (("input", 1),)),
        ("template", (("torch", "load('x')"),)),
        ("template", (("keyword", "a=exit()", ("value", 1)),)),
        ("template", (("list", (("keyword", "dim", ("value", 1)),)),)),
        ("template", (3, ("value",))),
    ],
)
def test_a_template_that_no_recording_makes_is_a_fault(setting, value):
    written = ops.Opaque("aten.relu.default", output=(1,), **{setting: value})
    fault = written.shape([(1,)])
    assert isinstance(fault, ops.Fault)
    assert (fault.code, fault.numbers[0]) == ("bad-setting", setting)


def test_a_weight_called_by_its_number_becomes_a_variable():
    scaled = ops.Opaque(
        "aten.mul.Tensor", (("input", 0), ("weight", "0")), (3,), weights=(("0", (3,)),)
    )
    assert scaled.shape([(3,)]) == (3,)
    function = eval(scaled.torch_line([(3,)]), {"torch": torch})  # noqa: S307
    assert function(torch.ones(3), torch.arange(3.0)).tolist() == [0.0, 1.0, 2.0]


def test_a_held_tensor_is_a_buffer_and_comes_after_the_trained_ones():
    template = (("input", 0), ("weight", "mask"), ("weight", "scale"))
    weights = (("mask", (3,)), ("scale", (3,)))
    turned = ops.Opaque("aten.addcdiv.default", template, (3,), weights=weights, held=("mask",))
    assert dict(turned.parameters([(3,)])) == {"scale": (3,)}
    assert dict(turned.buffers([(3,)])) == {"mask": (3,)}
    function = eval(turned.torch_line([(3,)]), {"torch": torch})  # noqa: S307
    ours = turned.apply(
        [torch.ones(3)], {"mask": torch.full((3,), 6.0), "scale": torch.ones(3) * 2}
    )
    assert function(torch.ones(3), torch.ones(3) * 2, torch.full((3,), 6.0)).tolist() == [4.0] * 3
    assert ours.tolist() == [4.0] * 3
    unknown = ops.Opaque("aten.relu.default", output=(3,), held=("nothing",))
    assert unknown.shape([(3,)]).code == "bad-setting"
