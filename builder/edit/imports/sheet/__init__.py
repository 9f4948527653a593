"""Spreadsheets: what can be seen of them, as a table, as a file to download, or as an entry for each row."""
