"""The server: a Flask application, the ASGI front before it, and the engine behind both.

A worker process of the engine imports this package too and must stay small: it imports nothing.
"""
