"""居民: households, residency, roster import, care library."""
