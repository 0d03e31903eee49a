"""The graph from Python: a release as a data set of rdflib, and an endpoint as rows or frames."""
