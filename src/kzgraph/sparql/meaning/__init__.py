"""What the columns of a SELECT hold, as far as the text of the query tells.

A column comes by its values as objects of properties. What is known of them is where they stand:
the properties that lead there, what the query says of the things on the way, the language that it
asks for, and the aggregate over them. Nothing is looked up in the data, and nothing is guessed:
what is computed has no meaning here unless it keeps that of its argument.
"""

from kzgraph.sparql.meaning.meanings import Claims, Facts, Meaning, Step
from kzgraph.sparql.meaning.walk import find_meanings

__all__ = ["Claims", "Facts", "Meaning", "Step", "find_meanings"]
