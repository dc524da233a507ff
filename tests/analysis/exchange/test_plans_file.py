"""Plans of nnU-Net become the network that they describe, which takes its checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from analysis.exchange.plans_file import (
    PlansError,
    configurations,
    network_of,
    read_plans,
    trained_files,
)
from analysis.facts import analyse
from analysis.inference.held_plans import holds_plans, main
from analysis.network import Network
from analysis.network.weights import fitted
from tests.analysis.exchange.nnunet_modules import (
    LABELS,
    UNet,
    arguments,
    configuration,
    write,
    write_checkpoint,
)


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])
@pytest.mark.parametrize("axes", [2, 3])
def test_the_network_gives_what_nnunets_gives(tmp_path, axes, residual):
    path = write(tmp_path, {"3d_fullres": configuration(axes, residual)})
    torch.manual_seed(0)
    model = UNet(arguments(axes, residual), 2, 3, residual).eval()
    write_checkpoint(tmp_path, model)
    planned = network_of(read_plans(path), "3d_fullres", path)
    facts = analyse(planned.graph)
    own = sum(parameter.numel() for parameter in model.parameters())
    assert facts.parameters + planned.unused_parameters == own
    weights, report = fitted(trained_files(path).checkpoint, facts)
    assert report.loaded == report.wanted
    assert report.unexpected == ("decoder.seg_layers.0.weight", "decoder.seg_layers.0.bias")
    picture = torch.randn(2, 2, *planned.graph.inputs[0].operator.size)
    ours = Network(planned.graph, weights).run(picture)["output"]
    with torch.no_grad():
        torch.testing.assert_close(ours, model(picture), rtol=1e-5, atol=1e-5)


def test_older_plans_give_the_same_network(tmp_path):
    newer = write(tmp_path, {"2d": configuration(2, False)})
    wanted = network_of(read_plans(newer), "2d", newer).graph
    given = arguments(2, False)
    older = {
        "patch_size": [16, 32],
        "normalization_schemes": ["a", "b"],
        "UNet_class_name": "PlainConvUNet",
        "UNet_base_num_features": 4,
        "unet_max_num_features": 10,
        "n_conv_per_stage_encoder": given["n_conv_per_stage"],
        "n_conv_per_stage_decoder": given["n_conv_per_stage_decoder"],
        "conv_kernel_sizes": given["kernel_sizes"],
        "pool_op_kernel_sizes": given["strides"],
    }
    path = write(tmp_path, {"2d": older})
    assert network_of(read_plans(path), "2d", path).graph == wanted


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ({"background": 0, "a": 1, "b": 2}, 3),
        ({"background": 0, "a": 1, "ignore": 2}, 2),
        ({"background": 0, "whole": [1, 2, 3], "core": [2, 3], "enhancing": [3]}, 3),
    ],
)
def test_classes_are_counted_as_nnunet_counts_them(tmp_path, labels, classes):
    path = write(tmp_path, {"2d": configuration(2, False)}, labels)
    assert analyse(network_of(read_plans(path), "2d", path).graph).shapes["output"][0] == classes


def test_a_cascade_takes_the_maps_of_its_first_stage_too(tmp_path):
    second = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}
    path = write(tmp_path, {"3d_fullres": configuration(3, False), "3d_cascade": second})
    plans = read_plans(path)
    assert configurations(plans, path) == ("3d_fullres", "3d_cascade")
    assert network_of(plans, "3d_fullres", path).graph.inputs[0].operator.channels == 2
    assert network_of(plans, "3d_cascade", path).graph.inputs[0].operator.channels == 4


def test_a_folder_of_results_names_its_configuration(tmp_path):
    folder = tmp_path / "nnUNetTrainer__nnUNetPlans__2d"
    folder.mkdir()
    path = write(folder, {"3d_fullres": configuration(3, False), "2d": configuration(2, False)})
    assert configurations(read_plans(path), path) == ("2d",)


def changed(**arch: object) -> dict:
    made = configuration(2, False)
    made["architecture"]["arch_kwargs"] |= arch
    return made


@pytest.mark.parametrize(
    ("made", "code", "named"),
    [
        (changed(norm_op="torch.nn.GroupNorm"), "plans-setting", "norm_op"),
        (changed(nonlin="os.system"), "plans-setting", "nonlin"),
        (changed(kernel_sizes=[[3, 3]]), "plans-setting", "kernel_sizes"),
        (changed(n_stages=10**9), "plans-setting", "n_stages"),
        (changed(features_per_stage=[4, 8, -1]), "plans-setting", "features_per_stage"),
        (changed(conv_op="torch.nn.modules.conv.Conv3d"), "plans-setting", "conv_op"),
        ({"patch_size": [16, 32]}, "plans-setting", "architecture"),
        ({"patch_size": "large"}, "plans-setting", "patch_size"),
        ({"patch_size": [8, 8], "architecture": {"network_class_name": "a.b.Primus",
          "arch_kwargs": {}}}, "plans-architecture", "Primus"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_is_named(tmp_path, made, code, named):
    path = write(tmp_path, {"2d": made})
    with pytest.raises(PlansError) as refused:
        network_of(read_plans(path), "2d", path)
    assert refused.value.fault.code == code
    assert named in refused.value.fault.numbers


@pytest.mark.parametrize("text", ["", "[", "[1]", "{}", '{"configurations": []}', "[" * 99_999])
def test_a_damaged_file_is_said(tmp_path, text):
    path = tmp_path / "plans.json"
    path.write_text(text)
    with pytest.raises(PlansError) as refused:
        read_plans(path)
    assert refused.value.fault.code == "plans-damaged"


def test_without_its_labels_the_classes_are_not_guessed(tmp_path):
    path = write(tmp_path, {"2d": configuration(2, False)})
    (tmp_path / "dataset.json").unlink()
    with pytest.raises(PlansError) as refused:
        network_of(read_plans(path), "2d", path)
    assert refused.value.fault.code == "plans-classes"
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": {"a": []}}))
    with pytest.raises(PlansError) as refused:
        network_of(read_plans(path), "2d", path)
    assert refused.value.fault.code == "plans-damaged"


def test_plans_are_taken_out_of_a_checkpoint_that_holds_them_without_running_it(tmp_path):
    plans = {"configurations": {"2d": configuration(2, False)}}
    model = UNet(arguments(2, False), 2, 3, False)
    made_with = {"plans": plans, "configuration": "2d", "dataset_json": {"labels": LABELS}}
    held = {"network_weights": model.state_dict(), "logging": Path("of its own")}
    torch.save(held | {"init_args": made_with}, tmp_path / "mine.pth")
    assert holds_plans(tmp_path / "mine.pth")
    main(str(tmp_path / "mine.pth"), str(tmp_path))
    planned = network_of(read_plans(tmp_path / "plans.json"), "2d", tmp_path / "plans.json")
    keys = {e.key for each in analyse(planned.graph).tensors.values() for e in each}
    assert keys <= model.state_dict().keys()
    torch.save({"state_dict": model.state_dict()}, tmp_path / "plain.pth")
    assert not holds_plans(tmp_path / "plain.pth")
    assert not holds_plans(tmp_path / "plans.json")
