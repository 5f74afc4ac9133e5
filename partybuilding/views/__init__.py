"""Pages of Party work."""
