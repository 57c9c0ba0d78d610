"""Pictures of values in time, as accessible SVG: what is drawn, where, and in which words.

Everything here is computed from small values (``model``) without clock, network or storage; the
templates in ``templates/charts`` only write it down. Positions are SVG attributes, because the
content security policy forbids inline style; colours are CSS classes (``static/css/charts.css``).
Each picture says in words what it shows and stands beside a table of the same values (WCAG 2.2,
1.1.1 and 1.4.1). Carnet shows, it does not diagnose: values, bounds and marks as reported, the
change against last time; never "good" or "bad".
"""

from carnet.portal.charts.bounds import RangeBar, range_bar
from carnet.portal.charts.lifeline import LifeLine, life_line
from carnet.portal.charts.model import Document, Episode, Point, Pressure, Source
from carnet.portal.charts.pressure import PressureChart, pressure
from carnet.portal.charts.sparkline import Sparkline, sparkline
from carnet.portal.charts.speech import Speech, ambient
from carnet.portal.charts.trend import Trend, trend
from carnet.portal.charts.zoom import Zoom, zoom_from

__all__ = [
    "Document",
    "Episode",
    "LifeLine",
    "Point",
    "Pressure",
    "PressureChart",
    "RangeBar",
    "Source",
    "Sparkline",
    "Speech",
    "Trend",
    "Zoom",
    "ambient",
    "life_line",
    "pressure",
    "range_bar",
    "sparkline",
    "trend",
    "zoom_from",
]
