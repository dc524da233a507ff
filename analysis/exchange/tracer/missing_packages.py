"""What to install where an import fails: packages whose import goes by another name."""

from __future__ import annotations

from collections.abc import Mapping

PACKAGES: Mapping[str, str] = {
    "Crypto": "pycryptodome",
    "PIL": "pillow",
    "attr": "attrs",
    "box": "python-box",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "git": "gitpython",
    "hydra": "hydra-core",
    "lightning_fabric": "lightning",
    "pl_bolts": "lightning-bolts",
    "pywt": "PyWavelets",
    "segmentation_models_pytorch": "segmentation-models-pytorch",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Import name → name on PyPI, where they differ."""
OF_THE_SAME_NAME = frozenset(
    (
        *("albumentations", "basicsr", "diffusers", "einops", "fvcore", "h5py", "imageio"),
        *("kornia", "lightning", "lpips", "matplotlib", "monai", "nibabel", "numpy", "omegaconf"),
        *("pandas", "peft", "pydicom", "pytorch_lightning", "rasterio", "scipy", "seaborn"),
        *("tensorboard", "thop", "torchio", "torchmetrics", "torchvision", "tqdm", "transformers"),
        *("wandb", "timm", "xformers", "yacs", "mmcv", "SimpleITK", "tensorboardX"),
    )
)
"""Well-known packages that are installed by the name under which they are imported."""


def package_of(module: str) -> str | None:
    """The package that brings a module, None for a name that is no well-known package's."""
    top = module.partition(".")[0]
    return PACKAGES.get(top) or (top.replace("_", "-") if top in OF_THE_SAME_NAME else None)
