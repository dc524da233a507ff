"""nnU-Net's two networks in torch, with the names that its checkpoints have, and plans for them.

As in the package dynamic-network-architectures: every layer of a convolution block is registered
twice, and the encoder is a part of the decoder too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import nn

LABELS = {"background": 0, "liver": 1, "tumour": 2, "ignore": 3}
CONVS = {2: nn.Conv2d, 3: nn.Conv3d}
NORMS = {2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
POOLS = {2: nn.AvgPool2d, 3: nn.AvgPool3d}
UPS = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}


class Block(nn.Module):
    def __init__(self, width, channels, kernel, stride, bias=True, active=True):
        super().__init__()
        axes = len(kernel)
        padding = [(side - 1) // 2 for side in kernel]
        self.conv = CONVS[axes](width, channels, kernel, stride, padding, bias=bias)
        self.norm = NORMS[axes](channels, affine=True)
        layers = [self.conv, self.norm]
        if active:
            self.nonlin = nn.LeakyReLU(inplace=True)
            layers.append(self.nonlin)
        self.all_modules = nn.Sequential(*layers)

    def forward(self, x):
        return self.all_modules(x)


class Stacked(nn.Module):
    def __init__(self, count, width, channels, kernel, stride):
        super().__init__()
        one = [1] * len(kernel)
        self.convs = nn.Sequential(
            *(Block(channels if n else width, channels, kernel, one if n else stride)
              for n in range(count))
        )  # fmt: skip

    def forward(self, x):
        return self.convs(x)


class Residual(nn.Module):
    def __init__(self, width, channels, kernel, stride):
        super().__init__()
        one = [1] * len(kernel)
        self.conv1 = Block(width, channels, kernel, stride)
        self.conv2 = Block(channels, channels, kernel, one, active=False)
        self.nonlin2 = nn.LeakyReLU(inplace=True)
        beside = [POOLS[len(kernel)](stride, stride)] if stride != one else []
        if width != channels:
            beside.append(Block(width, channels, one, one, bias=False, active=False))
        self.skip = nn.Sequential(*beside)

    def forward(self, x):
        return self.nonlin2(self.conv2(self.conv1(x)) + self.skip(x))


class ResidualStage(nn.Module):
    def __init__(self, count, width, channels, kernel, stride):
        super().__init__()
        one = [1] * len(kernel)
        self.blocks = nn.Sequential(
            *(Residual(channels if n else width, channels, kernel, one if n else stride)
              for n in range(count))
        )  # fmt: skip

    def forward(self, x):
        return self.blocks(x)


class Encoder(nn.Module):
    def __init__(self, kwargs: dict[str, Any], width: int, residual: bool):
        super().__init__()
        features, kernels = kwargs["features_per_stage"], kwargs["kernel_sizes"]
        counts = kwargs["n_blocks_per_stage" if residual else "n_conv_per_stage"]
        self.stem = nn.Identity()
        if residual:
            self.stem = Stacked(1, width, features[0], kernels[0], [1] * len(kernels[0]))
            width = features[0]
        stages: list[nn.Module] = []
        for s, channels in enumerate(features):
            made = (ResidualStage if residual else Stacked)(
                counts[s], width, channels, kernels[s], kwargs["strides"][s]
            )
            stages.append(made if residual else nn.Sequential(made))
            width = channels
        self.stages = nn.Sequential(*stages)

    def forward(self, x):
        x, found = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            found.append(x)
        return found


class Decoder(nn.Module):
    def __init__(self, encoder: Encoder, kwargs: dict[str, Any], classes: int):
        super().__init__()
        self.encoder = encoder
        features, strides, kernels = (kwargs[k] for k in (
            "features_per_stage", "strides", "kernel_sizes"))  # fmt: skip
        axes = len(kernels[0])
        self.stages, self.transpconvs, self.seg_layers = (nn.ModuleList() for _ in range(3))
        for s in range(1, len(features)):
            below, here = features[-s], features[-s - 1]
            self.transpconvs.append(UPS[axes](below, here, strides[-s], strides[-s]))
            count, one = kwargs["n_conv_per_stage_decoder"][s - 1], [1] * axes
            self.stages.append(Stacked(count, 2 * here, here, kernels[-s - 1], one))
            self.seg_layers.append(CONVS[axes](here, classes, 1))

    def forward(self, skips):
        x = skips[-1]
        for s, stage in enumerate(self.stages):
            x = stage(torch.cat((self.transpconvs[s](x), skips[-s - 2]), 1))
        return self.seg_layers[-1](x)


class UNet(nn.Module):
    def __init__(self, kwargs: dict[str, Any], width: int, classes: int, residual: bool):
        super().__init__()
        self.encoder = Encoder(kwargs, width, residual)
        self.decoder = Decoder(self.encoder, kwargs, classes)
        for parameter in self.parameters():
            nn.init.normal_(parameter, 0, 0.2)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def arguments(axes: int, residual: bool) -> dict[str, Any]:
    """The arguments of a network of three levels, as plans have them."""
    strides = {2: [[1, 1], [2, 2], [1, 2]], 3: [[1, 1, 1], [1, 2, 2], [2, 2, 2]]}[axes]
    kernels = {2: [[3, 3], [3, 3], [1, 3]], 3: [[1, 3, 3], [3, 3, 3], [3, 3, 3]]}[axes]
    return {
        "n_stages": 3,
        "features_per_stage": [4, 8, 10],
        "conv_op": f"torch.nn.modules.conv.Conv{axes}d",
        "kernel_sizes": kernels,
        "strides": strides,
        ("n_blocks_per_stage" if residual else "n_conv_per_stage"): [1, 2, 2],
        "n_conv_per_stage_decoder": [2, 1],
        "conv_bias": True,
        "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{axes}d",
        "norm_op_kwargs": {"eps": 1e-05, "affine": True},
        "dropout_op": None,
        "dropout_op_kwargs": None,
        "nonlin": "torch.nn.LeakyReLU",
        "nonlin_kwargs": {"inplace": True},
    }


def configuration(axes: int, residual: bool) -> dict[str, Any]:
    """One configuration, for two channels."""
    name = "ResidualEncoderUNet" if residual else "PlainConvUNet"
    return {
        "patch_size": {2: [16, 32], 3: [4, 16, 16]}[axes],
        "normalization_schemes": ["ZScoreNormalization", "ZScoreNormalization"],
        "architecture": {
            "network_class_name": f"dynamic_network_architectures.architectures.unet.{name}",
            "arch_kwargs": arguments(axes, residual),
            "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
        },
    }


def write(folder: Path, plans: dict[str, Any], labels: dict[str, Any] | None = None) -> Path:
    """Plans of these configurations, and the labels beside them."""
    path = folder / "plans.json"
    told = {"dataset_name": "Dataset001_Toy", "plans_name": "nnUNetPlans", "configurations": plans}
    path.write_text(json.dumps(told))
    (folder / "dataset.json").write_text(json.dumps({"labels": labels or LABELS}))
    return path


def write_checkpoint(folder: Path, model: nn.Module) -> Path:
    """A checkpoint as a trainer leaves it."""
    path = folder / "fold_0" / "checkpoint_final.pth"
    path.parent.mkdir()
    held = {"network_weights": model.state_dict(), "current_epoch": 1000, "_best_ema": 0.9,
            "trainer_name": "nnUNetTrainer", "init_args": {"configuration": "2d"}}  # fmt: skip
    torch.save(held, path)
    return path
