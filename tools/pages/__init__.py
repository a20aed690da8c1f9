"""What makes the built pages light: Sphinx's pages and files in, the site's out."""

from tools.pages.finish import finish

__all__ = ["finish"]
