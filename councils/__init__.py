"""议事: two-level councils, their meetings, and topics (五彩风车) from the first question to the last look."""
