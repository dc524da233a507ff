"""Writes a network as PyTorch code that runs alone, with its weights beside it."""

from analysis.exchange.torch_code.files import CodeError, check, holds_keys_of, wanted, write_code
from analysis.exchange.torch_code.source import source_of

__all__ = ["CodeError", "check", "holds_keys_of", "source_of", "wanted", "write_code"]
