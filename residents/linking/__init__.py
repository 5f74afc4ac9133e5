"""Which red corridor head keeps in touch with which households (domain brief §4E). Pure."""

from residents.linking.engine import assign
from residents.linking.values import Change, Home, Keeper, Plan, Rules

__all__ = ["Change", "Home", "Keeper", "Plan", "Rules", "assign"]
