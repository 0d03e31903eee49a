"""Descriptions of the data set and its service, for the programs and people that look for them."""

from kzgraph_server.descriptions.blueprint import blueprint, service_triples
from kzgraph_server.descriptions.service import service_description

__all__ = ["blueprint", "service_description", "service_triples"]
