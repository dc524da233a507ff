"""The workspace Live: the picture, the skips and their shares, every feature map."""
