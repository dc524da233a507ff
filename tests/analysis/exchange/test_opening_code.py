"""What people type and bring: calls with literals, repositories, and where an error arose."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.exchange.model_offers import Offer, Parameter
from analysis.exchange.torch_module import Choosing, Traced, TraceError, trace, trace_importable
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import load

HEAD = "import torch\nfrom torch import nn\n"
UNET = """
class Double(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, padding=1)
    def forward(self, x):
        return self.conv(x)
class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, widths: tuple = (4,), bias=True):
        super(UNet, self).__init__()
        self.first = Double(n_channels, widths[0])
        self.last = nn.Conv2d(widths[0], n_classes, 1, bias=bias)
    def forward(self, x):
        return self.last(self.first(x))
"""


def opened(folder: Path, source: str, name: str | Choosing | None = None, **more: object) -> Traced:
    path = folder / "net.py"
    path.write_text(source)
    return trace(path, name, **more)  # type: ignore[arg-type]


def refused(folder: Path, source: str, name: str | Choosing | None = None) -> TraceError:
    with pytest.raises(TraceError) as caught:
        opened(folder, source, name)
    return caught.value


def written(folder: Path, **files: str) -> None:
    """Files of a repository, each named by its path with `__` for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


# ------------------------------------------------------------------- calls with arguments


def test_a_call_of_literals_makes_the_model(tmp_path: Path) -> None:
    found = opened(tmp_path, HEAD + UNET, "UNet(1, 5, widths=(6, 7), bias=False)", size=(1, 8, 8))
    assert analyse(found.graph).parameters == 6 * 9 + 6 + 5 * 6
    assert found.name == "UNet"


def test_the_whole_network_is_named_with_what_it_needs(tmp_path: Path) -> None:
    error = refused(tmp_path, HEAD + UNET)
    call = "UNet(n_channels=…, n_classes=…)"
    assert error.fault.code == "model-needs-arguments"
    assert error.fault.numbers == ("net.py", "UNet", "n_channels, n_classes", call)
    assert error.offers == (
        Offer(
            "UNet",
            (
                Parameter("n_channels"),
                Parameter("n_classes"),
                Parameter("widths", "(4,)", "tuple"),
                Parameter("bias", "True"),
            ),
        ),
    )


def test_a_part_that_needs_nothing_is_not_taken_for_the_network(tmp_path: Path) -> None:
    source = HEAD + UNET.replace("self, i, o", "self, i=3, o=4")
    assert refused(tmp_path, source).fault.code == "model-needs-arguments"


def test_a_function_that_makes_the_network_goes_before_its_class(tmp_path: Path) -> None:
    source = f"{HEAD}{UNET}\ndef build():\n    return UNet(3, 2)\n"
    assert analyse(opened(tmp_path, source).graph).parameters == 4 * 27 + 4 + 2 * 4 + 2


def test_arguments_that_do_not_fit_are_said_with_what_it_takes(tmp_path: Path) -> None:
    fault = refused(tmp_path, HEAD + UNET, "UNet(1, 2, classes=3)").fault
    assert fault.code == "model-arguments-differ"
    assert "classes" in str(fault.numbers[2])
    assert fault.numbers[3] == "UNet(n_channels=…, n_classes=…, widths=(4,), bias=True)"


@pytest.mark.parametrize(
    ("call", "part"),
    [
        ("UNet(print('ran'), 2)", "print('ran')"),
        ("UNet(x, 2)", "x"),
        ("UNet(*(1, 2))", "*(1, 2)"),
        ("UNet(**{'a': 1})", "**{'a': 1}"),
        ("UNet(1)(2)", "UNet(1)(2)"),
        ("UNet(1", "UNet(1"),
        ("UNet([[" + "[" * 300 + "]" * 302 + ")", None),
    ],
)
def test_nothing_but_literals_is_taken_and_nothing_runs(
    tmp_path: Path, call: str, part: str | None
) -> None:
    place = tmp_path / "ran"
    fault = refused(tmp_path, f"open({str(place)!r}, 'w')", call).fault
    assert fault.code == "model-call-not-literal"
    assert part is None or fault.numbers == (call, part)
    assert not place.exists()


def test_a_call_in_an_importable_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path, nets__small=HEAD + UNET)
    monkeypatch.chdir(tmp_path)
    graph = trace_importable("nets.small", "UNet(2, 3)", (2, 8, 8)).graph
    assert graph["last"].operator.channels == 3


# ---------------------------------------------------------------------------- repositories

USER = "import models.parts as P\nfrom torch import nn\ndef build():\n    return P.part()\n"
PART = "from torch import nn\ndef part():\n    return nn.Conv2d(3, 1, 3)\n"


def test_the_root_of_a_repository_is_found_by_its_imports(tmp_path: Path) -> None:
    written(tmp_path, repository__models__parts=PART, repository__models__net=USER)
    assert trace(tmp_path / "repository" / "models" / "net.py", None).graph


def test_imports_of_what_is_imported_are_found_too(tmp_path: Path) -> None:
    written(
        tmp_path,
        top__models__net="from .near import part\ndef build():\n    return part()\n",
        top__models__near="from lib.deep import part\n",
        top__lib__deep=PART,
    )
    assert trace(tmp_path / "top" / "models" / "net.py", None).graph


def test_a_file_of_the_root_takes_no_name_of_the_standard_library(tmp_path: Path) -> None:
    written(
        tmp_path,
        top__colorsys="raise RuntimeError('mine')\n",
        top__models__parts=PART,
        top__models__colorsys="raise RuntimeError('mine')\n",
        top__models__net=f"import colorsys\ncolorsys.rgb_to_hsv\n{USER}",
    )
    assert trace(tmp_path / "top" / "models" / "net.py", None).graph


def test_a_package_that_is_called_like_another_is_read_as_its_own(tmp_path: Path) -> None:
    net = "from .parts import part\ndef build():\n    return part()\n"
    written(tmp_path, torch__parts=PART, torch__net=net)
    assert trace(tmp_path / "torch" / "net.py", None).graph


def test_a_module_that_is_nowhere_is_named_with_what_would_do(tmp_path: Path) -> None:
    fault = refused(tmp_path, "\nimport nowhere.parts\n").fault
    whole = f"{tmp_path.name}.net:…"
    assert fault.code == "model-needs-module"
    assert fault.numbers == ("net.py", "net.py", 2, "nowhere", "nowhere", whole)


# --------------------------------------------------------------------------- where it arose


@pytest.mark.parametrize(
    ("module", "package"),
    [("cv2", "opencv-python"), ("bs4.element", "beautifulsoup4"), ("albumentations", None)],
)
def test_a_missing_package_is_named_as_it_is_installed(
    tmp_path: Path, module: str, package: str | None
) -> None:
    fault = refused(tmp_path, f"\n\nimport {module}\n").fault
    top = module.partition(".")[0]
    assert fault.code == "model-needs-package"
    assert fault.numbers == ("net.py", "net.py", 3, top, package or top)


def test_an_error_of_another_file_names_that_file(tmp_path: Path) -> None:
    written(tmp_path, parts="x = 1\n" * 40 + "y = (\n")
    fault = refused(tmp_path, "\nimport parts\n").fault
    assert fault.code == "model-raised-at"
    assert fault.numbers[1:3] == ("parts.py", 41)
    assert "line" not in str(fault.numbers[3])


PARSED = "import argparse\np = argparse.ArgumentParser()\np.add_argument('data')\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [(f"{PARSED}p.parse_args()", 4), ("import sys\nprint(sys.argv[1])", 2)],
)
def test_arguments_that_are_read_at_import_are_said(tmp_path: Path, source: str, line: int) -> None:
    fault = refused(tmp_path, source).fault
    assert (fault.code, fault.numbers) == ("model-reads-arguments", ("net.py", "net.py", line))


def test_arguments_with_defaults_are_no_fault(tmp_path: Path) -> None:
    source = PARSED.replace("'data'", "'--data'") + f"p.parse_args()\n{HEAD}{UNET}"
    assert opened(tmp_path, source, "UNet(1, 1)", size=(1, 8, 8)).graph


@pytest.mark.parametrize("where", ["__init__", "forward"])
def test_asking_for_cuda_is_said(tmp_path: Path, where: str) -> None:
    lines = {"__init__": "", "forward": ""} | {where: "torch.zeros(1).cuda()"}
    source = f"""{HEAD}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 1, 3); {lines["__init__"]}
    def forward(self, x):
        {lines["forward"]}; return self.c(x)
""".replace("        ; return", "        return")
    fault = refused(tmp_path, source).fault
    line = 7 if where == "__init__" else 9
    assert (fault.code, fault.numbers) == ("model-needs-cuda", ("net.py", "net.py", line))


def test_an_error_of_the_forward_has_the_line_it_arose_at(tmp_path: Path) -> None:
    written(tmp_path, parts="import torch\ndef join(a, b):\n    return torch.cat([a, b], 1)\n")
    source = f"""{HEAD}import parts
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 1, 3)
    def forward(self, x):
        return parts.join(x, self.c(x))
"""
    (tmp_path / "model.py").write_text(source)
    fault = trace(tmp_path / "model.py", None).failed
    assert fault is not None
    assert fault.code == "model-forward-raised"
    assert fault.numbers[1:3] == ("parts.py", 3)
    assert "Sizes of tensors must match" in str(fault.numbers[3])


# ------------------------------------------------------------------------------ one path

DECIDES = f"""{HEAD}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 2, 3, padding=1)
    def forward(self, x):
        if x.mean() > 0.5:
            x = 1 - x
        for _ in range(int(x.amax() * 2) + 1):
            x = torch.relu(x)
        return self.c(x) * x.max().item()
def build():
    return Net()
def scripted():
    return torch.jit.script(nn.Sequential(nn.Conv2d(3, 1, 3), nn.ReLU()))
"""


def test_a_forward_that_decides_by_values_is_told_with_its_line(tmp_path: Path) -> None:
    fault = refused(tmp_path, DECIDES, "build").fault
    assert (fault.code, fault.numbers) == ("model-by-values-at", ("net.py", "net.py", 9))


@pytest.mark.parametrize("level", [0.2, 0.8])
def test_the_path_of_a_picture_is_what_the_model_does_with_it(tmp_path: Path, level: float) -> None:
    picture = np.full((3, 8, 8), level, np.float32)
    chosen = Choosing("build", one_path=True, picture=picture)
    found = opened(tmp_path, DECIDES, chosen, size=(3, 8, 8), seed=3)
    image = torch.from_numpy(picture)[None]
    scope = runpy.run_path(str(tmp_path / "net.py"))
    torch.manual_seed(3)
    with torch.inference_mode():
        wanted = scope["build"]()(image)
        ours = Network(found.graph, load(found.weights)).run(image)[found.graph.output.id]
    torch.testing.assert_close(ours, wanted, rtol=1e-5, atol=1e-5)
    assert found.decided == (("net.py", 9), ("net.py", 11), ("net.py", 13))
    assert "c.weight" in load(found.weights)


def test_a_forward_that_never_looks_at_values_is_no_single_path(tmp_path: Path) -> None:
    chosen = Choosing("UNet(1, 1)", one_path=True)
    assert opened(tmp_path, HEAD + UNET, chosen, size=(1, 8, 8)).decided == ()


def test_a_scripted_module_opens_under_the_names_of_its_weights(tmp_path: Path) -> None:
    found = opened(tmp_path, DECIDES, "scripted", size=(3, 8, 8))
    assert [node.operator.key for node in found.graph.nodes] == ["input", "conv", "relu", "output"]
    assert set(load(found.weights)) == {"0.weight", "0.bias"}


def test_a_scripted_module_that_decides_by_values_is_refused(tmp_path: Path) -> None:
    source = (
        DECIDES.split("def build", maxsplit=1)[0]
        + """
def build():
    return torch.jit.script(Net())
"""
    )
    source = source.replace("range(int(x.amax() * 2) + 1)", "range(2)").replace(
        " * x.max().item()", ""
    )
    assert refused(tmp_path, source, "build").fault.code == "model-scripted-by-values"


def test_an_onnx_file_that_is_a_link_to_a_program_does_not_run_it(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "evil.py").write_text(f"open({str(ran)!r}, 'w').write('x')\n")
    (tmp_path / "net.onnx").symlink_to(tmp_path / "evil.py")
    with pytest.raises(TraceError) as caught:
        trace(tmp_path / "net.onnx", None)
    assert caught.value.fault.code.startswith("onnx")
    assert not ran.exists()


@pytest.mark.parametrize(
    ("raised", "place"),
    [
        ("raise ImportError('please install einopsx')", ("net.py", 3)),
        ("raise RuntimeError('cannot load') from sys.exc_info()[1]", ("net.py", 3)),
        ("import bs4y", ("net.py", 5)),
        ("from torch.nn import Nothing", ("net.py", 5)),
    ],
)
def test_a_package_missing_behind_another_error_is_named_with_its_line(
    tmp_path: Path, raised: str, place: tuple[str, int]
) -> None:
    source = f"import sys\ntry:\n    import einopsx\nexcept ImportError:\n    {raised}\n"
    fault = refused(tmp_path, source).fault
    assert fault.numbers[1:3] == place
    if raised.startswith("from"):
        assert fault.code == "model-raised-at"
        assert "Nothing" in str(fault.numbers[3])
    else:
        missing = "bs4y" if raised.startswith("import") else "einopsx"
        assert (fault.code, fault.numbers[3]) == ("model-needs-module", missing)


def test_a_module_that_is_nowhere_is_said_to_be_so() -> None:
    with pytest.raises(TraceError) as caught:
        trace_importable("no_such_package.net", "Net")
    assert caught.value.fault.code == "model-module-missing"
    assert caught.value.fault.numbers[1] == "no_such_package"


LONG = """
from torch import nn
class Long(nn.Module):
    def forward(self, x):
        for _ in range(12):
            x = x.relu()
        return x
"""


def test_a_forward_of_too_many_calls_is_refused_before_it_is_a_graph(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert len(opened(tmp_path, LONG, Choosing(most_calls=12)).graph) == 14
    monkeypatch.setattr("analysis.exchange.torch_module.read_answer", None)
    error = refused(tmp_path, LONG, Choosing(most_calls=11))
    assert error.fault.code == "model-too-long"
    assert error.fault.numbers[1:] == (12, 11)
