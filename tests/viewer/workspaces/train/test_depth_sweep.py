"""The sweep over depth fills a chart, and its note says what was measured."""

from __future__ import annotations

from PySide6.QtCore import QTextBoundaryFinder

from analysis.training.recipe import Evaluation, Twin
from viewer.text.number_format import decimal
from viewer.text.translation import language
from viewer.workspaces.train.charts.of_log import side_by_side
from viewer.workspaces.train.foot.panel import FootPanel
from viewer.workspaces.train.results.depth_view import DepthView
from viewer.workspaces.train.results.preview_heads import LINE, Head, PreviewHeads
from viewer.workspaces.train.results.previews import PreviewGrid


def twins() -> tuple[Twin, ...]:
    return tuple(
        Twin(f"{depth} {skip} {start}", skip=skip, settings={"layers": depth}, initialisation=start)
        for depth in (6, 4)
        for start in ("default", "he")
        for skip in ("add", "none")
    )


def test_scores_stand_by_depth_and_the_note_has_their_differences(train):
    desk, lab, here = train
    view = desk.window.findChild(DepthView)
    assert not view.isVisible()
    lab.set_recipe(
        model="symmetric_denoiser:layers=4,base=4,size=16", twins=twins(), steps=2,
        evaluate=Evaluation(every=2),
    )  # fmt: skip
    assert view.isVisible()
    lab.start()
    assert view.note.text() == "", "nothing is said of networks that have not learnt yet"
    here.turn(2)
    assert lab.log.state == "done"
    score = lab.log.last_score
    gaps = [score(f"6 add {how}") - score(f"6 none {how}") for how in ("default", "he")]
    said = view.note.text()
    assert said.startswith("Measured after 2 steps at 6 layers")
    assert f"{decimal(gaps[0])} dB (PyTorch's default); {decimal(gaps[1])} dB (He)" in said
    assert ("move what skips add" in said) == (abs(gaps[0] - gaps[1]) >= 1)
    entries = view.legend.text().split("   ")
    assert not any(" " in each for each in entries), "lines end between variants only"
    said = [each.replace("\N{NO-BREAK SPACE}", " ") for each in entries]
    assert sum("with skips" in each for each in said) == 2
    assert said[0].startswith("A with skips"), "the deepest one's letter"
    assert side_by_side(lab.log, None) == (0, 1, 2, 3), "those of the first one's layers"
    assert side_by_side(lab.log, 6) == (4, 5, 6, 7)
    foot = desk.window.findChild(FootPanel)
    lab.set_view(only=6)
    assert foot.said.text().startswith("E, F, G, H: norm at step 2")


def test_lines_of_the_legend_end_between_variants_in_chinese_too(train):
    desk, lab, _ = train
    language.use("zh_CN")
    lab.set_recipe(
        model="symmetric_denoiser:layers=4,base=4,size=16", twins=twins(), steps=2,
        evaluate=Evaluation(every=2),
    )  # fmt: skip
    lab.start()
    legend = desk.window.findChild(DepthView).legend
    text = legend.text()
    assert "有跳跃连接" in text.replace("\N{WORD JOINER}", "")
    boundaries = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    ends = []
    while (at := boundaries.toNextBoundary()) >= 0:
        ends.append(at)
    variants = text.split("   ")
    assert len(variants) == 4
    assert len(ends) == len(variants)


def test_of_many_networks_the_first_are_shown_and_all_are_measured(train):
    desk, lab, here = train
    lab.set_recipe(steps=1, twins=tuple(Twin(f"number {at}") for at in range(12)))
    lab.start()
    here.turn(1)
    assert lab.log.last_score("number 11") is not None
    assert desk.window.findChild(PreviewGrid).columns == 8 + 2
    assert len(lab.log.previews.pictures[0].seen) == 8
    assert lab.log.previews.pictures[0].seen.keys() == {f"number {at}" for at in range(8)}
    heads = desk.window.findChild(PreviewGrid)._heads(400)
    said = [each.words for row in heads.legend for each in row]
    assert said == [f"{'ABCDEFGH'[at]} number {at}" for at in range(8)]


def test_names_that_do_not_fit_over_their_pictures_stand_whole_above_them(qtbot):
    heads = [Head("given", "muted"), *(Head(f"{at} 30 without he", "muted", at) for at in "ABC")]
    assert PreviewHeads(heads, 168, 700).legend == []
    narrow = PreviewHeads(heads, 50, 260)
    assert [[each.short for each in row] for row in narrow.legend] == [["A", "B"], ["C"]]
    assert narrow.height == PreviewHeads(heads, 168, 700).height + 2 * LINE
