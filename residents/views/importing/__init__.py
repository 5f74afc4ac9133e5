"""The pages of the roster import: jobs, rows, columns, conflicts, people who are missing."""
