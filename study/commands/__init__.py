"""What each command does: from what is typed to what is printed, and an exit code."""
