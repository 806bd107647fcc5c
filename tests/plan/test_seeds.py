"""Seeds: the same description, the same numbers; another one, others; nothing global moves."""

import numpy as np

from study.plan import seeds


def test_every_stream_depends_on_all_of_its_description() -> None:
    described = [
        *(seeds.data(s, d, r) for s in (0, 1) for d in ("linear", "xor") for r in (0, 1, None)),
        *(
            draw(0, "xor", r, shape, i)
            for draw in (seeds.weights, seeds.biases)
            for r in (0, 1)
            for shape in ("a", "b")
            for i in "ab"
        ),
        *(seeds.order(0, "xor", r, block) for r in (0, 1) for block in (0, 1)),
    ]
    first = [float(rng.random()) for rng in described]
    assert len(set(first)) == len(first)
    assert first[0] == float(seeds.data(0, "linear", 0).random())


def test_a_stream_is_the_same_on_every_machine() -> None:
    assert seeds.data(0, "linear", 0).random() == GOLDEN


def test_the_global_state_is_untouched() -> None:
    before = repr(np.random.get_state())  # noqa: NPY002  # the state that must not move
    seeds.weights(0, "xor", 0, "[2, 1]", "he").random(100)
    assert before == repr(np.random.get_state())  # noqa: NPY002


GOLDEN = 0.1275666489955849
