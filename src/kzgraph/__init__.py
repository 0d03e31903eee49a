"""A linked-data knowledge graph of UNHCR's operation in Kazakhstan.

Facts move in one direction: tables, mapping, reasoning, validation, release, server.
"""

__version__ = "0.1.0"
