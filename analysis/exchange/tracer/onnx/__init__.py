"""Reads an ONNX file as a torch module that computes the same: no code of the file runs."""
