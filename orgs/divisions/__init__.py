"""Loading division codes: regions, and the two upper tiers of the party trees from them."""
