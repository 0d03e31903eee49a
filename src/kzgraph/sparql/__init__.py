"""SPARQL queries: parsing, analysis and evaluation."""
