"""Every source file states its purpose in its first line."""

import pytest

from tests.map import main, purposes


@pytest.mark.parametrize("folder", ["nn_core", "study", "tests"])
def test_every_file_states_its_purpose_in_one_short_line(folder: str) -> None:
    purpose_of = dict(purposes(folder))
    assert [path for path, line in purpose_of.items() if not 0 < len(line) <= 90] == []


def test_no_two_source_files_have_the_same_purpose() -> None:
    lines = [line for _, line in purposes("nn_core", "study")]
    assert len(set(lines)) == len(lines)


def test_the_map_names_the_files_of_both_packages(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    printed = capsys.readouterr().out.splitlines()
    line = next(line for line in printed if line.startswith("nn_core/linear.py"))
    assert line.split(maxsplit=1)[1] == "The affine layer y = x·W + b."
    assert [line.split()[0] for line in printed] == [
        path for path, _ in purposes("nn_core", "study")
    ]
