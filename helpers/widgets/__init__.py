"""What lives in a page: explorer, sliders, heat map, each with its script and style beside it.

Imported by lectures. Imports `helpers.data` for the explorer's weights.
"""

from helpers.widgets.explorer import FIRST_EXAMPLES, LSTMExplorer, javascript_source
from helpers.widgets.heatmap import HeatMap
from helpers.widgets.sliders import NeuronSliders

__all__ = ["FIRST_EXAMPLES", "HeatMap", "LSTMExplorer", "NeuronSliders", "javascript_source"]
