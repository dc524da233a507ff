"""Sentences about models of Python files that could not be opened: why, where, what would do."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "model-not-found": mark("There is no model file {file}."),
    "model-raised": mark("{file} stopped with an error: {last_line}."),
    "model-raised-at": mark("{file} stopped with an error in line {line} of {place}: {last_line}."),
    "model-reads-arguments": mark(
        "{file} cannot be imported: arguments of a command line are read in line {line} of "
        "{place}, and there are none. Move that under `if __name__ == '__main__':`."
    ),
    "model-exits": mark("{file} ends the program in line {line} of {place}."),
    "model-needs-cuda": mark(
        "{file} asks for a CUDA device in line {line} of {place}, and models are read on the "
        "processor. `.to(device)` with torch.cuda.is_available() works everywhere."
    ),
    "model-needs-package": mark(
        "{file} needs {module}, which is not installed (line {line} of {place}). "
        "`pip install {package}` installs it."
    ),
    "model-module-missing": mark(
        "{file} cannot be imported: there is no module {module}, neither installed nor in the "
        "folder that this runs in."
    ),
    "model-needs-module": mark(
        "{file} needs {module}, which is neither installed nor in a folder above it (line {line} "
        "of {place}). `pip install {package}` installs a package; what belongs to the same "
        "repository is found from its root, as {call}."
    ),
    "model-scripted-by-values": mark(
        "{file} is a TorchScript module with a branch or a loop in its forward, so that no one "
        "graph holds for every image. Give the nn.Module that it was scripted from, or record "
        "what it does for one image with torch.jit.trace(module, image) and save that."
    ),
    "model-scripted": mark(
        "{file} gives a TorchScript module, of which no graph can be read. Give the nn.Module "
        "that it was made from."
    ),
    "model-by-values": mark(
        "The network of {file} decides by the values it sees, so that no one graph holds for "
        "every image."
    ),
    "model-by-values-at": mark(
        "The network of {file} decides by the values it sees (line {line} of {place}), so that no "
        "one graph holds for every image."
    ),
    "model-forward-raised": mark(
        "The forward of {file} fails in line {line} of {place}: {last_line}."
    ),
    "forward-failed": mark("The forward fails here, in line {line} of {place}: {said}."),
    "model-size-other": mark(
        "The forward of {file} fails for an input of {size}, in line {line} of {place}: "
        "{last_line}. {works} works."
    ),
    "model-size-fails": mark(
        "The forward of {file} fails for an input of {size}, in line {line} of {place}: "
        "{last_line}."
    ),
    "model-too-slow": mark("{file} did not finish within {seconds} s and was ended."),
    "model-too-large": mark("{file} needed more than {megabytes} MB of memory and was ended."),
    "model-too-long": mark(
        "The forward of {file} makes {calls} calls of torch; the window reads up to {most}. "
        "On the command line, fieldglass describe and fieldglass diagram take it."
    ),
    "model-cancelled": mark("Opening {file} was cancelled."),
    "model-ended": mark("{file} ended its process (status {status}) before the model was read."),
    "model-none": mark(
        "{file} holds no model: no nn.Module class or function that needs no arguments."
    ),
    "model-several": mark("{file} holds several models: {names}. Name one."),
    "model-unknown-name": mark("{file} holds no {name}. It holds {names}."),
    "model-needs-arguments": mark("{name} needs {names}: write {file}:{call}."),
    "model-several-need-arguments": mark(
        "{file} holds {names}, which need arguments: write {file}:{call}."
    ),
    "model-arguments-differ": mark(
        "{call} of {file} is given arguments that do not fit: {last_line}. It takes {signature}."
    ),
    "model-call-not-literal": mark(
        "{part} in {call} is no literal. Numbers, text in quotes, True, False, None, and lists, "
        "tuples and dictionaries of them can be given."
    ),
    "model-no-module": mark("{name} of {file} gives no nn.Module."),
    "model-size-refused": mark(
        "The model of {file} does not take an input of {size}: {last_line}."
    ),
    "model-export-failed": mark("torch.export cannot trace the model of {file}: {last_line}."),
    "model-inputs": mark("The model of {file} takes {inputs} inputs: nothing can be given to it."),
    "model-arguments": mark(
        "The model of {file} takes {names}, and no value that was tried goes through: {last_line}. "
        "Each may be a number, a list of numbers or an .npy file."
    ),
    "model-unknown-input": mark("The model of {file} has no input {name}. It takes {names}."),
    "model-no-picture": mark("Every input of {file} has a value: none is left for the image."),
    "model-archive-damaged": mark("{file} cannot be loaded by torch: {last_line}."),
    "model-archive-cut": mark("{file} is cut off or no archive of torch."),
    "model-no-code": mark(
        "{file} is no Python program: it holds bytes that are no text, or is far too long."
    ),
}
