"""Calls `torch.export` on a model: at a size that goes through, quickly, or along one path."""
