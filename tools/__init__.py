"""What builds the course; run as ``python -m tools.NAME``. No lecture imports it."""
