"""The years that a text names in digits."""

#: A pattern of a year in four digits; what else may not touch it, its place decides.
PATTERN = r"(?:19|20)\d\d"
