"""Inspections: what one site contributes to the audit of the whole, and what is wrong with its files and pages.

A build inspects what it reads and publishes for the first time, so that the first audit need not do it. Nothing is imported
here: builds that have nothing to inspect start without all this.
"""
