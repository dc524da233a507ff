"""Public networks, each made by a function without arguments that imports its own package.

They are small in channels and take small pictures, and are whole in everything else: the same
code of the same packages runs. A function's name begins with its package.
"""

from __future__ import annotations

from typing import Any

# ------------------------------------------------------------------------------- MONAI


def monai_unet_2d() -> Any:
    from monai.networks.nets import UNet

    return UNet(
        spatial_dims=2,
        in_channels=1,
        out_channels=2,
        channels=(8, 16, 32, 64),
        strides=(2, 2, 2),
        num_res_units=2,
    )


def monai_unet_3d() -> Any:
    from monai.networks.nets import UNet

    return UNet(
        spatial_dims=3,
        in_channels=1,
        out_channels=2,
        channels=(4, 8, 16, 32),
        strides=(2, 2, 2),
        num_res_units=2,
    )


def monai_basic_unet() -> Any:
    from monai.networks.nets import BasicUNet

    return BasicUNet(spatial_dims=2, in_channels=1, out_channels=2, features=(8, 8, 16, 32, 64, 8))


def monai_basic_unet_plus_plus() -> Any:
    from monai.networks.nets import BasicUNetPlusPlus

    return BasicUNetPlusPlus(
        spatial_dims=2, in_channels=1, out_channels=2, features=(8, 8, 16, 32, 64, 8)
    )


def monai_attention_unet() -> Any:
    from monai.networks.nets import AttentionUnet

    return AttentionUnet(
        spatial_dims=2, in_channels=1, out_channels=2, channels=(8, 16, 32), strides=(2, 2)
    )


def monai_seg_res_net() -> Any:
    from monai.networks.nets import SegResNet

    return SegResNet(spatial_dims=2, init_filters=8, in_channels=1, out_channels=2)


def monai_dyn_unet() -> Any:
    from monai.networks.nets import DynUNet

    return DynUNet(
        spatial_dims=3,
        in_channels=1,
        out_channels=2,
        kernel_size=[3, 3, 3],
        strides=[1, 2, 2],
        upsample_kernel_size=[2, 2],
        filters=[4, 8, 16],
        deep_supervision=False,
    )


def monai_unetr() -> Any:
    from monai.networks.nets import UNETR

    return UNETR(
        in_channels=1,
        out_channels=2,
        img_size=(32, 32),
        feature_size=8,
        hidden_size=48,
        mlp_dim=96,
        num_heads=4,
        spatial_dims=2,
    )


def monai_swin_unetr() -> Any:
    from monai.networks.nets import SwinUNETR

    return SwinUNETR(in_channels=1, out_channels=2, feature_size=12, spatial_dims=2)


def monai_vnet() -> Any:
    from monai.networks.nets import VNet

    return VNet(spatial_dims=2, in_channels=1, out_channels=2, dropout_prob_down=0.5)


# --------------------------------------------------------------------------- diffusers


def diffusers_unet() -> Any:
    from diffusers import UNet2DModel

    return UNet2DModel(
        sample_size=32,
        in_channels=3,
        out_channels=3,
        layers_per_block=1,
        block_out_channels=(32, 64, 64),
        down_block_types=("DownBlock2D", "AttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
    )


def diffusers_autoencoder() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        block_out_channels=(16, 32),
        latent_channels=4,
        norm_num_groups=8,
        sample_size=32,
    )


# --------------------------------------------------------- dynamic-network-architectures


def _nnunet(kind: str, **more: Any) -> Any:
    import torch
    from dynamic_network_architectures.architectures import unet

    return getattr(unet, kind)(
        input_channels=1,
        n_stages=4,
        features_per_stage=(8, 16, 32, 32),
        conv_op=torch.nn.Conv2d,
        kernel_sizes=3,
        strides=(1, 2, 2, 2),
        n_conv_per_stage_decoder=2,
        num_classes=2,
        conv_bias=True,
        norm_op=torch.nn.InstanceNorm2d,
        norm_op_kwargs={"eps": 1e-5, "affine": True},
        nonlin=torch.nn.LeakyReLU,
        nonlin_kwargs={"inplace": True},
        **more,
    )


def nnunet_plain_conv() -> Any:
    return _nnunet("PlainConvUNet", n_conv_per_stage=2)


def nnunet_plain_conv_deep_supervision() -> Any:
    return _nnunet("PlainConvUNet", n_conv_per_stage=2, deep_supervision=True)


def nnunet_residual_encoder() -> Any:
    return _nnunet("ResidualEncoderUNet", n_blocks_per_stage=(1, 2, 2, 2))


# ---------------------------------------------------------- segmentation-models-pytorch


def _smp(kind: str, **more: Any) -> Any:
    import segmentation_models_pytorch as smp

    return getattr(smp, kind)("resnet18", encoder_weights=None, classes=2, **more)


def smp_unet() -> Any:
    return _smp("Unet", decoder_channels=(64, 32, 16, 8, 8))


def smp_unet_plus_plus() -> Any:
    return _smp("UnetPlusPlus", decoder_channels=(64, 32, 16, 8, 8))


def smp_manet() -> Any:
    return _smp("MAnet", decoder_channels=(64, 32, 16, 8, 8), decoder_pab_channels=16)


def smp_linknet() -> Any:
    return _smp("Linknet")


def smp_fpn() -> Any:
    return _smp("FPN", decoder_pyramid_channels=32, decoder_segmentation_channels=32)


def smp_pspnet() -> Any:
    return _smp("PSPNet", psp_out_channels=32)


def smp_pan() -> Any:
    return _smp("PAN")


def smp_deeplab_v3() -> Any:
    return _smp("DeepLabV3", decoder_channels=32)


def smp_deeplab_v3_plus() -> Any:
    return _smp("DeepLabV3Plus", decoder_channels=32)


def smp_upernet() -> Any:
    return _smp("UPerNet", decoder_channels=32)


# -------------------------------------------------------------------------------- timm


def _timm(kind: str) -> Any:
    import timm

    return timm.create_model(kind, pretrained=False, features_only=True)


def timm_resnet() -> Any:
    return _timm("resnet18")


def timm_efficientnet() -> Any:
    return _timm("efficientnet_b0")


def timm_convnext() -> Any:
    return _timm("convnext_atto")


def timm_mobilenet() -> Any:
    return _timm("mobilenetv3_small_050")


# ------------------------------------------------------------------------ by hand


def hand_valid_unet() -> Any:
    """The U-Net of the paper: unpadded convolutions, skips cropped to what came up."""
    import torch
    from torch import nn

    def double(given: int, width: int) -> Any:
        return nn.Sequential(
            nn.Conv2d(given, width, 3), nn.ReLU(), nn.Conv2d(width, width, 3), nn.ReLU()
        )

    class ValidUNet(nn.Module):
        def __init__(self, widths: tuple[int, ...] = (4, 8, 16)) -> None:
            super().__init__()
            pairs = list(zip((1, *widths), widths, strict=False))
            self.down = nn.ModuleList(double(a, b) for a, b in pairs)
            ups = list(zip(widths[1:], widths, strict=False))[::-1]
            self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, 2) for a, b in ups)
            self.merge = nn.ModuleList(double(2 * b, b) for _, b in ups)
            self.pool = nn.MaxPool2d(2)
            self.head = nn.Conv2d(widths[0], 2, 1)

        def forward(self, x: Any) -> Any:
            skips = []
            for number, level in enumerate(self.down):
                x = level(self.pool(x) if number else x)
                skips.append(x)
            skips.pop()
            for up, merge in zip(self.up, self.merge, strict=True):
                x, skip = up(x), skips.pop()
                rows = (skip.shape[2] - x.shape[2]) // 2
                columns = (skip.shape[3] - x.shape[3]) // 2
                skip = skip[:, :, rows : rows + x.shape[2], columns : columns + x.shape[3]]
                x = merge(torch.cat([skip, x], 1))
            return self.head(x)

    return ValidUNet()
