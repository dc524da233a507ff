"""Opens what nnU-Net v2 writes of a network: its plans (`plans.json`), beside them a checkpoint.

The plans say in numbers which network it is, so that it is built here, without the package and
without running anything. Format: https://github.com/MIC-DKFZ/nnUNet
(`documentation/explanation_plans_files.md`).
"""

from analysis.exchange.plans_file.configurations import PlansError, configurations, read_plans
from analysis.exchange.plans_file.folder import trained_files
from analysis.exchange.plans_file.network import network_of

__all__ = ["PlansError", "configurations", "network_of", "read_plans", "trained_files"]
