"""Sentences about files of weights that give none: why, and what would do."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "weights-unreadable": mark("{file} holds no weights that can be read. Use safetensors."),
    "weights-cut-off": mark(
        "{file} is cut off: its end is missing. Copy it or download it once more."
    ),
    "weights-pickled": mark(
        "{file} holds a whole module, which could only be read by running its code. Where you "
        "trust it, make safetensors of it with "
        'model = torch.load("{file}", weights_only=False); '
        'safetensors.torch.save_file(model.state_dict(), "weights.safetensors").'
    ),
    "weights-plain-pickle": mark(
        "{file} is a plain pickle, not a file of torch.save, and could only be read by running "
        "code that it names. Where you trust it, write it anew with "
        'state = pickle.load(open("{file}", "rb")); torch.save(state, "weights.pth").'
    ),
    "weights-protocol": mark(
        "{file} was written with pickle protocol {protocol}, which cannot be read without running "
        "code that it may name. Where you trust it, write it anew with "
        'state = torch.load("{file}", weights_only=False); torch.save(state, "weights.pth").'
    ),
    "weights-torchscript": mark(
        "{file} is a TorchScript program, which could only be read by running it. Where you trust "
        'it, make safetensors of it with model = torch.jit.load("{file}"); '
        'safetensors.torch.save_file(model.state_dict(), "weights.safetensors").'
    ),
    "weights-old-tar": mark(
        "{file} has the format of PyTorch before 0.4, which could only be read by running its "
        "code. Where you trust it, write it anew with "
        'state = torch.load("{file}", weights_only=False); torch.save(state, "weights.pth").'
    ),
    "weights-fit-nothing": mark(
        "No tensor of {file} fits: it holds {tensors}, and the network wants {wanted} of other "
        "names or shapes."
    ),
}
