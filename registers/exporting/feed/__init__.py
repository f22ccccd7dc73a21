"""The feed for reporting tools: flat rows that one person may read, as JSON and as CSV.

facts      what a row says, by name: the columns of the CSV and the properties of the JSON
sources    the registers, editions, entries and actions that a person may read, a page at a time
"""
