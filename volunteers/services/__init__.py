"""The writes of voluntary work, as verbs: check, do, tell."""
