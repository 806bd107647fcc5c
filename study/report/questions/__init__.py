"""The report's questions, a file each: table, finding, figure, and the code that redraws it."""
