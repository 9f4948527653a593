"""The audit: outdated and broken content by the rules of a profile, and who has to act.

Nothing is imported here: a build that changes nothing loads of the audit what tells it so, and no more.
"""
