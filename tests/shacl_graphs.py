"""Shapes and data as Turtle without the prefixes."""

from pyoxigraph import Quad, RdfFormat, parse

PREAMBLE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def quads_of(turtle: str) -> list[Quad]:
    return list(parse(PREAMBLE + turtle, format=RdfFormat.TURTLE))
