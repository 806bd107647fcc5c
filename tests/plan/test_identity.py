"""A run's id is the hash of its description, however it is put together."""

import hashlib
import json

from study.plan.identity import NUMERICS, Identity
from study.plan.trials import planned
from study.space import PARAMETERS
from tests.pipelines import small


def test_an_id_is_the_sha_256_of_the_sorted_json_of_all_that_determines_a_runs_numbers() -> None:
    pipeline = small("training.momentum=0.5", "search.seed=7", "datasets.linear.test_fraction=0.2")
    tables = {
        name: {
            key: value
            for key, value in getattr(pipeline, name).model_dump(mode="json").items()
            if key not in {*PARAMETERS, "layers"}
        }
        for name in ("model", "training")
    }
    for run in planned(pipeline).runs:
        description = {
            "numerics": NUMERICS,
            "dataset": [run.dataset, pipeline.datasets[run.dataset].model_dump(mode="json")],
            **tables,
            "configuration": dict(run.configuration),
            "seed": 7,
            "repetition": run.repetition,
        }
        text = json.dumps(description, sort_keys=True)
        assert run.run_id == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_a_repetition_has_one_id_among_whichever_others_it_is_asked_for() -> None:
    pipeline = small()
    configuration = planned(pipeline).trials[0].configuration
    identity = Identity(pipeline, "xor")
    all_of_them = list(identity.names(configuration, range(12)))
    assert len(set(all_of_them)) == 12
    assert list(identity.names(configuration, [11])) == all_of_them[11:]
