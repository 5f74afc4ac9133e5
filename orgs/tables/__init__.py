"""Small reference tables in both directions by Excel: template, preview, import, export.

A table says its columns, how a row finds its record, and which services write it; everything else
is here. Register one with `@table` in `<app>/resources.py`.
"""
