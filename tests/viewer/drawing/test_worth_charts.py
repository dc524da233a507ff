"""The charts of what outputs are worth against their targets, as a study's report draws them."""

from __future__ import annotations

from viewer.drawing.report.study.chart_look import ChartLook
from viewer.drawing.report.study.worth_charts import scores

MEAN = {"mean": 0.5, "low": 0.4, "high": 0.6, "images": 3}


def test_each_score_is_told_by_the_title_of_its_chart() -> None:
    kinds = ("psnr", "ssim", "iou")
    answer = {
        "scores": dict.fromkeys(kinds, MEAN),
        "scores_without_skips": dict.fromkeys(kinds, MEAN),
        "skips": [{"name": "skip1", "off": dict.fromkeys(kinds, MEAN)}],
    }
    figure = scores(answer, {}, ChartLook())
    assert figure is not None
    assert [axes.get_title() for axes in figure.axes] == [
        "PSNR against the target",
        "SSIM against the target",
        "IoU against the target",
    ]
