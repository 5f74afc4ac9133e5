"""党建: what Party organisations do each month, quarter and year, and its proof."""
