"""Descriptions of the data set and its service, for the programs and people that look for them."""
