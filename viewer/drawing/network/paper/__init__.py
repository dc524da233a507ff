"""The figure in the style of the U-Net paper: feature maps as boxes, operations as arrows."""
