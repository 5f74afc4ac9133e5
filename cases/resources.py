"""The transfer sheets as import jobs."""

from cases.order_table import HotlineTable, YiwangqingTable
from orgs.tables.importing import register_importer

register_importer(HotlineTable)
register_importer(YiwangqingTable)
