"""Samplers: they propose the next configurations and receive their results, in batches."""
