"""Messages to people: problems and audit rules, their texts in both languages, and their output formats."""
