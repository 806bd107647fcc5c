"""A checksum of a whole Parquet file, kept in its footer, which those of pages leave out."""

import zlib

KEY = "checksum"
_MARK, _ZERO = b"crc32 of all but this number: ", b"00000000"
UNSIGNED = (_MARK + _ZERO).decode()
"""What the footer's metadata hold under `KEY` until the file is signed."""


def signed(content: bytes) -> bytes:
    """Return a file with its checksum in the place of the last `UNSIGNED` in it."""
    at = content.rindex(_MARK) + len(_MARK)
    return b"".join((content[:at], _checksum(content, at), content[at + len(_ZERO) :]))


def intact(content: bytes) -> bool | None:
    """Say whether a file is as it was signed; None where it was not, by an older version.

    >>> intact(signed(UNSIGNED.encode())), intact(b"another file")
    (True, None)
    """
    at = content.rfind(_MARK) + len(_MARK)
    if at < len(_MARK):
        return None
    return content[at : at + len(_ZERO)] == _checksum(content, at)


def _checksum(content: bytes, at: int) -> bytes:
    """Return what stands at this place of a signed file."""
    view = memoryview(content)
    before = zlib.crc32(_ZERO, zlib.crc32(view[:at]))
    return b"%08x" % zlib.crc32(view[at + len(_ZERO) :], before)
