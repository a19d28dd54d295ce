"""A score and a plan as pictures with their words and numbers: Altair charts that need no network and no script.

The only package that imports Altair. May not know widgets, score, or look for answers.
"""

from mlops_widgets.charts.figure import Chart
from mlops_widgets.charts.gantt import gantt
from mlops_widgets.charts.gap import gap
from mlops_widgets.charts.heatmap import heatmap
from mlops_widgets.charts.radar import radar

__all__ = ["Chart", "gantt", "gap", "heatmap", "radar"]
