"""What a search method is: how its sampler is made, and what it can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from study.samplers.sampler import Sampler, Settings
from study.space import Space, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A row of METHODS.

    A `finite` method tries every cell once and knows that beforehand; others go on until they are
    stopped, and take `ranges`.
    """

    make: Callable[[Space, Mapping[str, Value], Settings], Sampler]
    finite: bool
    ranges: bool = True
    generations: bool = False
    several: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
