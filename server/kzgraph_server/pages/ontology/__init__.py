"""`/ontology`: the vocabulary, as RDF or as a page: diagram, terms, shapes, code lists."""

from kzgraph_server.pages.ontology.vocabulary_page import blueprint

__all__ = ["blueprint"]
