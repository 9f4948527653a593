"""Inspections: the contribution of one site to the audit, and the faults in its files and pages.

A build inspects what it reads and publishes for the first time, so that the first audit need not do it. Nothing is imported
here: builds that have nothing to inspect start without all this.
"""
