"""Applications of the course, a folder each."""
