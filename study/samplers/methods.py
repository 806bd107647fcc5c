"""The table of search methods: a name in the pipeline file, and how to make its sampler."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from study.samplers.grid import Grid
from study.samplers.sampler import Sampler
from study.space import Space, Value

Make: TypeAlias = Callable[[Space, Mapping[str, Value]], Sampler]
"""(searched space, fixed values) → a sampler that has not been asked yet."""

METHODS: dict[str, Make] = {"grid": Grid}
