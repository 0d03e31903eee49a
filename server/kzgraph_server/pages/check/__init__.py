"""`/check`: what the sources have for a number or a sentence that somebody pasted."""

from kzgraph_server.pages.check.check_page import blueprint

__all__ = ["blueprint"]
