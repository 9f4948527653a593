"""What people are told: problems and audit rules, their words in both languages, and the formats they are written in."""
