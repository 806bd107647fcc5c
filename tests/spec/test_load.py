"""A file that cannot be read has one sentence; one that can is read without heavy libraries."""

import subprocess
import sys
from pathlib import Path

import pytest

from study.errors import PipelineError
from study.spec.load import load_pipeline, read_pipeline

RIGHT = 'name = "x"\ndatasets.a.generator = "xor"\n'

BROKEN = {
    "name = 1\nlr == 2": "line 2, column 5: invalid value",
    'name = "x"\nname = "y"': "line 2, column 11: this key or table is already defined above",
    'name = "x': "line 1, column 10: unterminated string",
    "a = " + "[" * 5000: "lists or tables are nested too deeply",
    "a = " + "9" * 5000: "a number has more than 4,300 digits",
}


def mistake(path: Path) -> str:
    """Return the error of a file, without its path."""
    with pytest.raises(PipelineError) as caught:
        load_pipeline(path)
    [line] = caught.value.mistakes
    start = f"{path}: "
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.mark.parametrize(("text", "expected"), BROKEN.items())
def test_a_broken_toml_file_is_reported_with_line_and_column(
    text: str, expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert mistake(path) == expected


def test_a_file_that_is_not_utf_8_is_reported_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(RIGHT.encode("utf-16"))
    assert mistake(path) == "is not UTF-8 text: byte 1 is 0xff"


def test_a_missing_file_is_reported_with_the_nearest_name(tmp_path: Path) -> None:
    hint = "`study init` copies an example to start from"
    assert mistake(tmp_path / "x.toml") == f"no such file; {hint}"
    (tmp_path / "lab.toml").touch()
    assert mistake(tmp_path / "lba.toml") == f"no such file (did you mean {tmp_path / 'lab.toml'}?)"


def test_a_folder_is_no_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[project]\nname = "another"\n', encoding="utf-8")
    (tmp_path / "b.toml").mkdir()
    assert mistake(tmp_path) == "is a folder; a pipeline is a TOML file"
    (path := tmp_path / "lab.toml").write_text("[datasets.xor]\n", encoding="utf-8")
    assert mistake(tmp_path) == f"is a folder; a pipeline is a TOML file, such as {path}"


def test_a_path_through_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert mistake(tmp_path / "file" / "x.toml") == "cannot be read: Not a directory"


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    assert load_pipeline(path).name == "x"
    assert load_pipeline(str(path)) == load_pipeline(path)


def test_the_text_of_a_pipeline_reads_as_the_pipeline() -> None:
    pipeline = read_pipeline(RIGHT, "x.toml", ["search.repetitions=3"])
    assert pipeline.search.repetitions == 3
    assert read_pipeline(pipeline.text, "x.toml") == pipeline


HEAVY = {"optuna", "seaborn", "matplotlib", "pandas", "pyarrow", "scipy", "tomlkit"}


def test_reading_a_pipeline_loads_no_heavy_library() -> None:
    code = f"""
import sys
from study.spec.load import read_pipeline
read_pipeline({RIGHT!r}, "x.toml")
print(*sorted({HEAVY!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
