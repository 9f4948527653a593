"""Word documents: the pass over what Word writes, before a converter reads it."""
