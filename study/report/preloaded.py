"""What the parent of the drawing processes loads: seaborn, and a first figure."""

import gc

import pandas as pd

from study.plot.axes import label, legend, logarithmic, panels
from study.plot.image import POINTS, picture
from study.plot.lines import median
from study.plot.texts import as_written
from study.report.apart import APART


def warm() -> None:
    """Draw a small figure in vectors and as a bitmap: each fork finds seaborn and fonts loaded."""
    for epochs in (2, 20 * POINTS):
        figure, ((axes,),) = panels(1, 1, height=1.0)
        rows = pd.DataFrame({"epoch": range(1, epochs + 1), "median": 1.0})
        with as_written():
            median(axes, rows, "black", "loss")
            logarithmic(axes, "y", 0.1, 10)
            label(axes, title="loss", x="epoch", y="loss")
            legend(axes)
            picture(figure)


if APART:
    warm()
    gc.freeze()
