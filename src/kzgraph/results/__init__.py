"""The rows of SELECT results, in every format that they are asked for."""
