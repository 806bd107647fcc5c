"""What the grammar knows and this version lacks is said as that, not as a slip of the pen."""

import pytest

from study.errors import PipelineError
from study.spec.load import read_pipeline


def test_what_this_version_lacks_is_said_as_that() -> None:
    text = 'name = "x"\ndatasets.a.generator = "xor"\n[execution]\nexecutor = "tcp://node:8786"'
    with pytest.raises(PipelineError) as caught:
        read_pipeline(text, "x.toml")
    says = "'tcp://…' is not available in this version, which has inline, processes"
    assert caught.value.mistakes == (f"x.toml: execution.executor: {says}",)
