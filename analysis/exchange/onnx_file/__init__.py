"""Writes a network as an ONNX file, operator by operator, with its names, groups and weights."""

from analysis.exchange.onnx_file.file import OnnxError, check, write_onnx

__all__ = ["OnnxError", "check", "write_onnx"]
