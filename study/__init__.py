"""The study: from a pipeline file to Parquet and a report."""
