"""The reading corridor: from stored results to tables and one self-contained page."""
