"""Values in, bytes out: HTML (MkDocs, Material), feeds, calendars, search index, sitemaps, headers. Knows nothing of branches."""
