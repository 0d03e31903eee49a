"""The ASGI front: what stands between the network and the Flask application."""
