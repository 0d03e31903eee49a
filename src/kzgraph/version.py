"""The version of the code, which the package and every release carry."""

VERSION = "0.1.0"
