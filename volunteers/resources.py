"""What of voluntary work is kept as an Excel table."""

from orgs.tables.base import table
from orgs.tables.importing import register_importer
from volunteers.table import VolunteerTable

register_importer(table(VolunteerTable))
