"""The drawing kit and the drawings of ``lectures/figures/``."""
