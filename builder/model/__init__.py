"""What everything speaks of: organization, branch, entry; dates and lengths of time; slugs, paths and addresses."""
