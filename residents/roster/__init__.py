"""The roster import: a community's household list (居民花名册) from a spreadsheet into the register.

Pure, no database: `sheets` (file → cells), `columns` (header → fields), `values` and `dates`
(cell → value), `rows` (row → person or skip), `places` (which building is meant), `household`
(who lives together, who is in the file twice), `parse` (all of it in one call).
"""
