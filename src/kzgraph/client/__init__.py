"""The graph in Python: a release as an rdflib data set, and an endpoint as rows or frames."""
