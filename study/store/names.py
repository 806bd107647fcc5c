"""The names in a study's folder: its files, its locks, and what may be removed."""

PIPELINE = "pipeline.toml"
"""The file that declares the study."""

CERTIFICATE = "certificate.parquet"
"""The file of its certificate."""

FINISHED, REPORTED, FIGURES = "finished.cache", "report.cache", "figures.cache"
"""Records of a finished study and of its report, and its figures. All may be removed."""

PAGE, TABLES = "report.html", "tables"
"""The report, and the folder of its tables."""

DAMAGED = "damaged"
"""The folder for entries that a study sets aside."""

STUDY_LOCK, REPORT_LOCK = "study.lock", "report.lock"
"""Held while a study writes its folder, and while its report is written."""

UNFINISHED = ".unfinished"
"""The ending of a file that is being written; its name begins with a dot, so readers skip it."""
