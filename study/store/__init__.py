"""Rows ↔ Parquet: what a study stores, written whole or not at all."""
