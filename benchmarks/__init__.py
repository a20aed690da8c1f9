"""Speed and memory of the class's four models. Never part of the tests; see README.md."""
