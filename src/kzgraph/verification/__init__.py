"""Checking the tables against the source texts: is each fact there, and is all of the text used.

The texts are not part of the project. Anyone who has them can repeat the check that every span of
evidence, every figure and every hedge is where the tables say.

Nothing is imported here: the server reads numbers by one of these modules, and needs no other.
"""
