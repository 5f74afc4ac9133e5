"""组织: the party tree, people, units, users, roles, scope, audit, import jobs."""
