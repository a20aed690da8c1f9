"""What the lectures import: data, downloads, plots, checks. No lecture logic, no build logic."""
