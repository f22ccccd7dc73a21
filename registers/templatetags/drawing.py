"""The drawings as SVG: attributes and classes only, the colours are in the stylesheet."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from registers import scale
from registers import sparkline as sparklines
from registers.sparkline import Sparkline, number

register = template.Library()


@register.simple_tag
def spark(line: Sparkline, kind: str = scale.RISK) -> SafeString:
    """A sparkline of `registers.sparkline`."""
    parts = []
    if line.residual_y is not None:
        y = number(line.residual_y)
        parts.append(
            f'<line class="t" x1="{number(sparklines.LEFT)}" x2="{number(sparklines.RIGHT)}" '
            f'y1="{y}" y2="{y}"/>'
        )
    if line.path:
        parts.append(f'<path class="s" d="{line.path}"/>')
    if line.dot:
        x, y = map(number, line.dot)
        parts.append(f'<circle class="d" cx="{x}" cy="{y}" r="3"/>')
    return format_html(
        '<svg class="spark{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        " spark-opp" if kind == scale.OPPORTUNITY else "",
        sparklines.WIDTH,
        sparklines.HEIGHT,
        line.label,
        mark_safe("".join(parts)),
    )
