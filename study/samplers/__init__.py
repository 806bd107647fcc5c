"""Samplers: which configurations to try next, asked and told in batches."""
