"""The table of all blueprints."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints.blueprint import Blueprint
from analysis.blueprints.classifier import CLASSIFIER
from analysis.blueprints.convolutional_autoencoder import (
    CONVOLUTIONAL_AUTOENCODER,
    VARIATIONAL_AUTOENCODER,
)
from analysis.blueprints.dense_autoencoder import DENSE_AUTOENCODER
from analysis.blueprints.encoder_decoder import ENCODER_DECODER
from analysis.blueprints.fcn import FCN
from analysis.blueprints.linknet import LINKNET
from analysis.blueprints.pix2pix import PATCH_DISCRIMINATOR, PIX2PIX
from analysis.blueprints.plain_chain import PLAIN_CHAIN
from analysis.blueprints.red_net import RED_NET
from analysis.blueprints.residual_unet import RESIDUAL_UNET
from analysis.blueprints.resnet import RESNET
from analysis.blueprints.symmetric_denoiser import SYMMETRIC_DENOISER
from analysis.blueprints.u2net import U2NET
from analysis.blueprints.unet import UNET
from analysis.blueprints.unet_plus_plus import UNET_PLUS_PLUS
from analysis.blueprints.unet_variants import ATTENTION_UNET, RECURRENT_RESIDUAL_UNET
from analysis.blueprints.vgg import VGG

BLUEPRINTS: Mapping[str, Blueprint] = {
    blueprint.name: blueprint
    for blueprint in (
        UNET,
        ENCODER_DECODER,
        ATTENTION_UNET,
        UNET_PLUS_PLUS,
        U2NET,
        RESIDUAL_UNET,
        RECURRENT_RESIDUAL_UNET,
        LINKNET,
        FCN,
        RED_NET,
        SYMMETRIC_DENOISER,
        PLAIN_CHAIN,
        PIX2PIX,
        DENSE_AUTOENCODER,
        CONVOLUTIONAL_AUTOENCODER,
        VARIATIONAL_AUTOENCODER,
        CLASSIFIER,
        VGG,
        RESNET,
        PATCH_DISCRIMINATOR,
    )
}
"""By name, in the order in which they are listed."""
