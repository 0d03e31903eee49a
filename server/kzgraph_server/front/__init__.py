"""The ASGI front, between the network and the Flask application."""
