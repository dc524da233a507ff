"""Writes a network as a program of torch.export (`.pt2`), which runs without Fieldglass."""

from analysis.exchange.program_file.file import ProgramError, Taken, check, write_program
from analysis.exchange.program_file.recorded_class import MODULES_OF

__all__ = ["MODULES_OF", "ProgramError", "Taken", "check", "write_program"]
