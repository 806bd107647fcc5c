"""A checksum of a whole Parquet file, kept in its footer; page checksums omit the footer."""

import zlib

KEY = "checksum"
_MARK, _ZERO = b"crc32 of all but this number: ", b"00000000"
UNSIGNED = (_MARK + _ZERO).decode()
"""What the footer's metadata hold under `KEY` until the file is signed."""


def signed(content: bytes) -> bytes:
    """Return a file with its checksum in the place of the last `UNSIGNED` in it."""
    at = content.rindex(_MARK) + len(_MARK)
    return b"".join((content[:at], _checksum(content, at), content[at + len(_ZERO) :]))


def verified(content: bytes) -> str:
    """Return a file's checksum. OSError if the file has none, or was changed after signing.

    >>> verified(signed(UNSIGNED.encode()))
    '8c159583'
    """
    at = content.rfind(_MARK) + len(_MARK)
    if at < len(_MARK):
        raise OSError("it has no checksum")
    checksum = content[at : at + len(_ZERO)]
    if checksum != _checksum(content, at):
        raise OSError("its checksum is wrong")
    return checksum.decode()


def _checksum(content: bytes, at: int) -> bytes:
    """Return the bytes at this place of a signed file."""
    view = memoryview(content)
    before = zlib.crc32(_ZERO, zlib.crc32(view[:at]))
    return b"%08x" % zlib.crc32(view[at + len(_ZERO) :], before)
