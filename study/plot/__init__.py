"""Figures: tidy frame in, matplotlib Figure out; nothing here computes a statistic."""
