"""The table of search methods: a name in the pipeline file, and how to make its sampler."""

from study.samplers.grid import Grid
from study.samplers.method import Method

METHODS: dict[str, Method] = {
    "grid": Method(make=lambda space, fixed, _: Grid(space, fixed), finite=True, ranges=False),
}
