"""The table of search methods: a name in the pipeline file, and what it stands for."""

from collections.abc import Mapping

from study.samplers.grid import Grid
from study.samplers.method import Make, Method, Option, everything, nothing, numbers, unconditional
from study.samplers.sampler import Sampler, Settings
from study.space import Space, Value


def optuna(name: str, population: str | None = None) -> Make:
    """Return how one of Optuna's samplers is made, by the name of its class.

    `population` is the name of the argument that takes the population's size, if it has one.
    """

    def make(space: Space, fixed: Mapping[str, Value], settings: Settings) -> Sampler:
        from study.samplers.optuna import make

        own = {} if population is None else {population: settings.population}
        return make(name, space, fixed, settings, **own, **settings.options)

    return make


_CROSSING = {
    "crossover_prob": Option(0.9, "how often a child has two parents", high=1),
    "swapping_prob": Option(0.5, "how often it takes a value from the second of them", high=1),
    "mutation_prob": Option(
        0.1, "how often a value of it is drawn anew; default: 1 / parameters", high=1, varies=True
    ),
}

METHODS: dict[str, Method] = {
    "grid": Method(
        make=lambda space, fixed, _: Grid(space, fixed),
        meaning="every combination of the values, once",
        finite=True,
        learns=False,
    ),
    "random": Method(
        make=optuna("RandomSampler"),
        meaning="configurations drawn at random",
        searched=nothing,
        learns=False,
    ),
    "qmc": Method(
        make=optuna("QMCSampler"),
        meaning="values spread evenly over the space (quasi Monte Carlo)",
        searched=unconditional,
        learns=False,
        options={
            "qmc_type": Option("sobol", "the sequence", words=("halton", "sobol")),
            "scramble": Option(default=False, meaning="whether the sequence is scrambled"),
        },
    ),
    "tpe": Method(
        make=optuna("TPESampler"),
        meaning="values that are frequent among good trials and rare among bad ones",
        options={
            "n_startup_trials": Option(10, "so many are drawn at random first"),
            "n_ei_candidates": Option(24, "how many candidates it chooses from", low=1),
            "multivariate": Option(
                default=True,
                varies=True,
                meaning="whether parameters are seen together; default: with one objective",
            ),
            "group": Option(
                default=False, meaning="so too where conditions say which of them occur together"
            ),
            "constant_liar": Option(
                default=True, meaning="whether a batch's trials avoid each other"
            ),
        },
    ),
    "cmaes": Method(
        make=optuna("CmaEsSampler", population="popsize"),
        meaning="a normal distribution of the numbers that moves towards good trials (of hidden "
        "layers their number and the first width)",
        searched=numbers,
        generations=True,
        options={
            "n_startup_trials": Option(1, "so many are drawn at random first"),
            "with_margin": Option(default=False, meaning="whether whole numbers keep a margin"),
        },
    ),
    "nsga2": Method(
        make=optuna("NSGAIISampler", population="population_size"),
        meaning="generations of good trials, crossed and mutated; for several objectives too",
        searched=everything,
        generations=True,
        several=True,
        options=_CROSSING,
    ),
}
