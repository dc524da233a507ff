"""The style sheet of the report, in the window's colours, for light, dark and paper."""

from __future__ import annotations

from string import Template

from viewer.look.tokens import Mode, tokens

_TOKENS = ("canvas", "surface", "text", "muted", "border", "error", "errbg", "warn", "warnbg")


def _colours(mode: Mode) -> str:
    colours = tokens()[mode]
    return "".join(f"--{name}:{colours[name]};" for name in _TOKENS)


STYLE = Template("""
:root{$light}
img.light{display:block}img.dark{display:none}
@media screen and (prefers-color-scheme:dark){:root{$dark}
 img.dark{display:block}img.light{display:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--text);
 font:14px/1.5 Inter,system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:1040px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 16px}
h2{font-size:16px;margin:32px 0 8px}
h3{font-size:14px;margin:0}
p{margin:4px 0}
small{color:var(--muted);font-size:12px}
figure{margin:0;padding:16px;background:var(--surface);border:1px solid var(--border);
 border-radius:6px}
@media screen and (prefers-color-scheme:dark){figure{background:var(--canvas)}}
figure img{max-width:100%;max-height:560px;margin:0 auto}
figure.chart img{width:100%;max-height:none}
section{background:var(--surface);border:1px solid var(--border);border-radius:6px;
 padding:12px 16px;margin:8px 0;break-inside:avoid}
section.warning{background:var(--warnbg);border-color:transparent}
section.error{background:var(--errbg);border-color:transparent}
section.warning small,section.error small{color:inherit}
div{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:13px}
th,td{padding:4px 12px 4px 0;text-align:right;border-bottom:1px solid var(--border);
 vertical-align:top}
th:first-child,th[scope=row]{text-align:left;font-weight:400;overflow-wrap:anywhere;
 min-width:9em}
thead th{color:var(--muted);font-weight:600!important;white-space:nowrap}
tfoot th,tfoot td{font-weight:600!important}
tr{break-inside:avoid}
@media print{body{background:none}main{padding:0;max-width:none}table{font-size:11px}
 section,figure{border:1px solid #999!important}thead{display:table-header-group}
 tfoot{display:table-row-group}
 h2,h2+p{break-after:avoid}figure{break-inside:avoid}
 figure.chart img{width:auto;max-height:220mm}}
""").substitute(light=_colours("light"), dark=_colours("dark"))
