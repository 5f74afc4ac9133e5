"""专项排查: door-to-door rounds with questions of their own, and the cadres sent down for them."""
