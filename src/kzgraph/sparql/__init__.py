"""SPARQL queries: reading their text, and putting them to a store."""
