"""The command called in this process, as a shell would."""

import pytest

from study.cli import main


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Call the command; return its exit code, its output and its errors."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    output = capsys.readouterr()
    return int(left.value.code or 0), output.out, output.err
