"""The parent of the drawing processes, before it loads libraries: what it does without."""

import gc
import sys
import warnings

from study.process import COLLECT

APART = "multiprocessing.forkserver" in " ".join(sys.orig_argv)
"""Whether this is that process."""

UNUSED = "scipy", "mpl_toolkits.mplot3d"
"""Slow to load, and no figure needs them: seaborn and matplotlib do without."""

if APART:
    gc.set_threshold(COLLECT)
    warnings.filterwarnings("ignore", "Unable to import Axes3D")
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # importing it is then an error
