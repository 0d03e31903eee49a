"""Tools for assistants, over the Model Context Protocol: https://modelcontextprotocol.io.

Each tool asks the addresses that the server has for everybody (`site_access`), and answers in words
and in JSON (`outcomes`), with text from data marked as such (`marking`).
"""
