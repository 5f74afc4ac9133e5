"""Pages of campaigns: the list and its drafts, progress, doors, the worker's round, deployments."""
