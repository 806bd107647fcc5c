"""No flipped byte of a file is read as data, wherever in it: page, page header or footer."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from study.errors import ResultsError
from study.store.checksum import UNSIGNED, signed, verified
from study.store.files import write_table
from study.store.filtered import read_filtered
from study.store.stored import part_path, read_part
from tests.store.made import made, stored


def flipped(content: bytes, at: int) -> bytes:
    """Return a file with one of its bytes another."""
    return content[:at] + bytes([content[at] ^ (1 << at % 8)]) + content[at + 1 :]


def test_any_flipped_byte_is_found_or_changes_nothing(tmp_path: Path) -> None:
    """The pages' own checksums miss what is in the footer: a statistic, a name, a type."""
    path = tmp_path / "a.parquet"
    write_table(pd.DataFrame({"lr": [0.1, 0.2, 0.3], "optimizer": ["adam", "sgd", None]}), path)
    content, table = path.read_bytes(), read_part(path)
    missed = []
    for at in range(0, len(content), 7):
        path.write_bytes(flipped(content, at))
        try:
            assert read_part(path).equals(table)
        except OSError:
            continue
        missed.append(at)
    place = content.index(UNSIGNED[:-8].encode())
    assert set(missed) <= set(range(place, place + len(UNSIGNED)))


@pytest.mark.parametrize("place", [0.3, 0.9, 0.999])
@pytest.mark.parametrize("name", ["metrics", "predictions"])
def test_a_flipped_byte_is_not_read_through_a_filter_either(
    tmp_path: Path, name: str, place: float
) -> None:
    path = part_path(stored(tmp_path, [made(0), made(1)]), name, "part-000000.parquet")
    content = path.read_bytes()
    path.write_bytes(flipped(content, int(place * len(content))))
    with pytest.raises(ResultsError, match=rf"{name}.parquet.part-000000.parquet is damaged"):
        read_filtered(tmp_path, name, ["part-000000.parquet"], where=[{"epoch": 1}])


def test_a_file_without_a_checksum_is_not_read(tmp_path: Path) -> None:
    """Anybody can write a table again, with other numbers and with pages that are whole."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"lr": [0.1, 0.2]}), path, write_page_checksum=True)
    with pytest.raises(OSError, match="it has no checksum"):
        read_part(path)


def test_the_content_of_a_file_is_not_mistaken_for_its_checksum() -> None:
    twice = f"{UNSIGNED} and {UNSIGNED}".encode()
    whole = signed(twice)
    assert whole.startswith(UNSIGNED.encode())
    assert whole.endswith(verified(whole).encode())
    with pytest.raises(OSError, match="its checksum is wrong"):
        verified(whole.replace(b"and", b"or "))
