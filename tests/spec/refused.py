"""The errors of a text that is not a valid pipeline."""

import pytest

from study.errors import PipelineError
from study.spec.load import read_pipeline

PATH = "pipelines/x.toml"


def mistakes(text: str) -> list[str]:
    """Return the errors of a text, without the file's name at their beginning."""
    with pytest.raises(PipelineError) as caught:
        read_pipeline(text, PATH)
    assert all(error.startswith(f"{PATH}: ") for error in caught.value.mistakes)
    return [error.removeprefix(f"{PATH}: ") for error in caught.value.mistakes]
