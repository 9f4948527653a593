"""The live content: the version of each document that counts, and the data that branches share with each other."""
