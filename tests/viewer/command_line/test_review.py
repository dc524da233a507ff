"""`review`: its JSON, its table, and the exit status that stands in somebody's CI."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.review import Subject, review
from analysis.review.rules import RULES
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from analysis.storage.document_file import save
from viewer.command_line.main import main

KEYS = {"code", "severity", "layers", "numbers", "text", "repair"}


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["review", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_has_the_keys_of_the_interface(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "red_net:base=4", "--size", "3,64,64")
    assert {"model", "input", "findings", "rules", "not_tried"} <= set(answer)
    assert answer["input"] == [3, 64, 64]
    assert all(set(each) == KEYS for each in answer["findings"])
    uneven = next(each for each in answer["findings"] if each["code"] == "uneven-overlap")
    assert uneven["severity"] == "warning"
    assert uneven["numbers"]["contrast_percent"] == 60.0
    assert "60" in uneven["text"]
    assert "4" in uneven["repair"]


def test_every_rule_is_tried_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "unet:depth=2,base=4,size=64")
    assert answer["findings"] == []
    assert set(answer["rules"]) | set(answer["not_tried"]) == set(RULES)
    assert "--object" in answer["not_tried"]["field-below-object"]


def test_an_object_larger_than_the_field(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(capsys, "unet:depth=2,base=4,size=128", "--object", "100")
    [found] = answer["findings"]
    assert found["code"] == "field-below-object"
    assert found["numbers"]["object"] == 100
    assert "field-below-object" in answer["rules"]


@pytest.mark.parametrize(
    ("model", "severity", "status"),
    [
        ("red_net:base=4", "warning", 1),
        ("red_net:base=4", "error", 0),
        ("unet:depth=2,base=4,size=66", "error", 1),
        ("vgg:size=64", "warning", 0),
        ("vgg:size=64", "note", 1),
        ("unet:depth=2,base=4,size=64", "note", 0),
    ],
)
def test_the_exit_status_is_the_severity_asked_for(
    model: str, severity: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", model, "--fail-on", severity]) == status
    assert "rules tried" in capsys.readouterr().out


def test_what_cannot_run_is_an_error_with_its_layer_and_repair(capsys) -> None:
    found = answered(capsys, "unet:depth=2,base=4,size=67")["findings"][0]
    assert (found["code"], found["severity"], found["layers"]) == ("cannot-run", "error", ["join2"])
    assert found["numbers"] == {
        "axes": 2, "axis": 0, "size": 32, "other_size": 33, "other_port": 1
    }  # fmt: skip
    assert "32 × 32 with 33 × 33" in found["text"]
    assert found["repair"] == "Use input 68²"


TRACED = """
from torch import nn

class Clash(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.dense = nn.Conv2d(3, 4, 3), nn.Linear(5, 3)
    def forward(self, x):
        return self.dense(self.conv(x))

class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, 3), nn.InstanceNorm2d(4)
    def forward(self, x):
        return x * self.norm(self.conv(x).mean((2, 3), keepdim=True))
"""


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [("Clash", "cannot-run", "line 9"), ("Norm", "norm-of-one-value", "line 16")],
)
def test_a_forward_that_fails_fails_the_review(name, code, says, tmp_path, capsys) -> None:
    (tmp_path / "net.py").write_text(TRACED)
    call = ["review", f"{tmp_path}/net.py:{name}", "--trust", "--size", "3,16,16"]
    assert main([*call, "--fail-on", "error", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"][0]
    assert (found["code"], found["severity"]) == (code, "error")
    assert says in found["text"]


def test_the_share_that_sees_padding_is_told_of_each_layer(capsys) -> None:
    model = ("plain_chain:layers=9,channels=4", "--size", "3,16,16")
    [found] = [f for f in answered(capsys, *model)["findings"]
               if f["code"] == "padding-reaches-centre"]  # fmt: skip
    shares = [n for name, n in found["numbers"].items() if name.startswith("percent:")]
    grown = [100 * (1 - (max(0, 16 - 2 * layers) / 16) ** 2) for layers in range(10)]
    assert sorted(set(shares)) == pytest.approx(sorted(set(grown)), abs=0.05)
    assert main(["review", *model]) == 0
    assert "Units that see padding: " in capsys.readouterr().out


def test_the_table_says_what_why_and_what_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "red_net:base=4"]) == 0
    said = capsys.readouterr().out
    assert "warning  uneven-overlap" in said
    assert "checkerboard" in said
    assert "Repair: Kernel 4" in said
    assert "  field-below-object\n      It needs the size" in said
    assert "vanishing-gradient, exploding-gradient" in said  # with one reason, said once


@pytest.mark.parametrize(
    "given", [("--object", "0"), ("--object", "x"), ("--object", "3,4"), ("--fail-on", "all")]
)
def test_what_cannot_be_is_refused_in_one_line(
    given: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "unet", *given]) == 2
    said = capsys.readouterr().err
    assert said.startswith("fieldglass: ")
    assert said.count("\n") == 1


def test_random_inputs_tell_of_the_gradient(capsys: pytest.CaptureFixture[str]) -> None:
    model = "plain_chain:layers=20,channels=8,size=16"
    answer = answered(capsys, model, "--signal")
    [found] = [each for each in answer["findings"] if each["code"] == "vanishing-gradient"]
    assert found["layers"] == ["layer1.conv", "head"]
    assert found["numbers"]["times"] > 1000
    assert "vanishing-gradient" in answered(capsys, model)["not_tried"]


def test_an_image_is_looked_at(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np
    from PIL import Image

    values = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(values).save(tmp_path / "noise.png")
    answer = answered(capsys, "unet:depth=2,base=4,size=32", "--image", str(tmp_path / "noise.png"))
    assert "not trained" in answer["not_tried"]["dead-channel"]
    assert main(["review", "unet", "--image", str(tmp_path / "none.png")]) == 2
    lines = ("from torch import nn", "def build():",
             "    return nn.Sequential(nn.Conv2d(3, 1, 3, padding=1), nn.Softmax(1))")  # fmt: skip
    (tmp_path / "one.py").write_text("\n".join(lines), encoding="utf-8")
    model = (f"{tmp_path / 'one.py'}:build", "--trust", "--size", "3,32,32")
    answer = answered(capsys, *model, "--image", str(tmp_path / "noise.png"))
    for code in ("shift-sensitive", "field-barely-used"):
        assert "one value everywhere" in answer["not_tried"][code]


def test_thick_slices_are_told_of_by_the_volume_or_by_hand(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    import numpy as np

    model = ("unet:axes=3,depth=1,base=2,size=16",)
    path = tmp_path / "scan.npz"
    values = np.random.default_rng(0).random((16, 16, 16), dtype=np.float32)
    np.savez(path, volume=values, spacing=np.array([4.0, 1.0, 1.0]))
    for given in (("--spacing", "4,1,1"), ("--image", str(path))):
        findings = {each["code"]: each for each in answered(capsys, *model, *given)["findings"]}
        assert findings["spacing-ignored"]["numbers"]["times"] == 4.0
    assert "--spacing" in answered(capsys, *model)["not_tried"]["spacing-ignored"]
    for wrong in ("1,1", "a", "0,1,1"):
        assert main(["review", *model, "--spacing", wrong]) == 2
        assert capsys.readouterr().err.startswith("fieldglass: --spacing")


def test_what_the_document_ignores_is_counted_and_does_not_fail(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = BLUEPRINTS["red_net"].build({"base": 4})
    keys = [each.key for each in review(Subject(analyse(graph))).findings]
    store = BlobStore(tmp_path / "blobs")
    for name, ignored in (("all", ()), ("less", tuple(keys))):
        save(tmp_path / f"{name}.fieldglass", Document(graph, ignored=ignored), {}, store)
    assert keys
    assert main(["review", str(tmp_path / "all.fieldglass"), "--fail-on", "warning"]) == 1
    assert main(["review", str(tmp_path / "less.fieldglass"), "--fail-on", "warning"]) == 0
    assert "1 more ignored in the document" in capsys.readouterr().out
    assert answered(capsys, str(tmp_path / "less.fieldglass"))["ignored"] == 1


def test_options_of_an_image_without_one_are_said_to_have_no_effect(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ("unet:depth=2,base=4,size=32",)
    assert main(["review", *small, "--page", "2", "--channels", "first"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("fieldglass: --page and --channels: of use with --image only.")
    assert "rules tried" in said.out
    assert main(["review", *small, "--weights", str(tmp_path / "none.safetensors")]) == 2
    assert main(["review", *small]) == 0
    assert "--image only" not in capsys.readouterr().err


def test_the_page_of_a_preset_is_called_by_its_name(tmp_path) -> None:
    page = tmp_path / "net.html"
    assert main(["review", "resnet50_2016", "--format", "html", "-o", str(page)]) == 0
    assert "<h1>resnet50_2016</h1>" in page.read_text(encoding="utf-8")


def test_one_repair_of_several_findings_is_offered_once(capsys) -> None:
    assert main(["review", "residual_unet:base=4,size=64"]) == 0
    said = capsys.readouterr().out
    repairs = [line.strip() for line in said.splitlines() if "Repair: Even" in line]
    assert len(repairs) == 3
    assert repairs[1:] == [repairs[0].replace(".", ", as above.")] * 2


@pytest.mark.parametrize("form", ["table", "json", "html"])
def test_the_answer_is_in_the_language_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """English unless --lang says otherwise, whatever the system speaks, as scripts expect."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = {}
    for lang, options in {"en": [], "zh": ["--lang", "zh"]}.items():
        out = tmp_path / f"{lang}.{form}"
        given = ["red_net:base=4,size=64", *options, "--format", form, "-o", str(out)]
        assert main(["review", *given]) == 0
        capsys.readouterr()
        said[lang] = out.read_text(encoding="utf-8")
    assert not re.search("[一-鿿]", said["en"])
    assert re.search("[一-鿿]", said["zh"])
    assert "contrast" in said["en"]
    assert "contrast of" not in said["zh"]
    if form == "html":
        assert '<html lang="en">' in said["en"]
        assert '<html lang="zh">' in said["zh"]
    if form == "json":
        codes = [[each["code"] for each in json.loads(said[lang])["findings"]] for lang in said]
        assert codes[0] == codes[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--object", "9" * 5000), "; it goes from 1 to 2147483648."),
        (("--object", "0"), "--object is 0; it goes from 1 to 2147483648."),
        (("--object", "3,4"), "it takes one whole number of pixels, such as 64."),
        (("--spacing", "1"), "--spacing has 1 number; the input has 2 axes."),
        (("--spacing", "1,nan"), "a positive number for each axis"),
        (("--fail-on", "uneven-overlap"), "choose from 'note', 'warning', 'error'"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(capsys, arguments, said) -> None:
    assert main(["review", "unet:depth=2,base=4,size=64", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == 1


def test_an_empty_name_is_called_so(capsys) -> None:
    assert main(["review", ""]) == 2
    assert capsys.readouterr().err.startswith("fieldglass: An empty name is no model: ")
