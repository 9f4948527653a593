"""The data that templates read, as types: ``page.meta`` is of a class in :mod:`builder.pages.page_data.pages`, one
for each template,
``config.extra`` of the class in :mod:`builder.pages.page_data.site`, and everything in them is made of the others.

A member that has its default is not written: templates find it undefined, which counts as false and prints as nothing. All
strings are HTML text when templates get them. An address that begins with ``/`` is one inside the site; ``meta.root`` comes
before it.
"""
