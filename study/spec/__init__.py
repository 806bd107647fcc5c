"""What the user declares: the pipeline file, its rules, and sentences for its mistakes."""
