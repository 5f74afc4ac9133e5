"""网格: grids, compounds, buildings, entrances, teams, legacy codes of other systems."""
