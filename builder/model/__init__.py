"""The domain: organization, branch, entry; dates and lengths of time; slugs, paths and addresses."""
