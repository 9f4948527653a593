"""What is live, in which version, and what every branch knows of the others."""
