"""Analysis: tidy frame in, tidy frame out; nothing here reads a file or draws."""
