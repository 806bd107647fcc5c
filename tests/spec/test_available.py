"""What the grammar knows and this version lacks is said as that, not as a slip of the pen."""

import pytest

from study.errors import PipelineError
from study.spec.load import read_pipeline

SMALL = 'name = "x"\ndatasets.a.generator = "xor"\n'
ABSENT = "is not available in this version"

UNAVAILABLE = {
    "[search]\nconfirm = 5": f"search.confirm: {ABSENT}",
    '[search]\ncompare_with = "random"': f"search.compare_with: {ABSENT}",
    '[search.pruner]\nmethod = "successive_halving"\nrungs = [100, 500]\nfactor = 3': (
        f"search.pruner: {ABSENT}"
    ),
    '[[search.objectives]]\n[[search.objectives]]\nmetric = "seconds"': (
        f"search.objectives: {ABSENT}, which has one [search.objective]"
    ),
    '[execution]\nexecutor = "tcp://node:8786"': (
        f"execution.executor: 'tcp://…' {ABSENT}, which has inline, processes"
    ),
    **{
        f'[search]\nmethod = "{method}"\ntrials = 200\nbatch = 8\n[search.options]\nn = 1': (
            f"search.method: '{method}' {ABSENT}, which has grid"
        )
        for method in ("random", "qmc", "tpe", "cmaes", "nsga2")
    },
}


@pytest.mark.parametrize(("text", "expected"), UNAVAILABLE.items())
def test_what_this_version_lacks_is_said_as_that(text: str, expected: str) -> None:
    with pytest.raises(PipelineError) as caught:
        read_pipeline(SMALL + text, "x.toml")
    assert caught.value.mistakes == (f"x.toml: {expected}",)


def test_all_that_is_lacking_is_told_at_once_and_in_the_order_of_the_file() -> None:
    texts = list(UNAVAILABLE)
    method = next(text for text in texts if "tpe" in text)
    pruner = next(text for text in texts if "pruner" in text)
    executor = next(text for text in texts if "executor" in text)
    found = [executor, method, pruner]
    text = "\n".join([executor, method.replace("\n[search.options]\nn = 1", ""), pruner])
    with pytest.raises(PipelineError) as caught:
        read_pipeline(SMALL + text, "x.toml")
    assert caught.value.mistakes == tuple(f"x.toml: {UNAVAILABLE[each]}" for each in found)
