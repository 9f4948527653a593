"""The audit: what has gone stale, what is broken, whose turn it is, by the rules of a profile.

Nothing is imported here: a build that changes nothing loads of the audit what tells it so, and no more.
"""
