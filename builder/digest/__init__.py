"""Digests: what the people of each branch, and the operator, are told by mail or in a chat group, at most once a day."""
