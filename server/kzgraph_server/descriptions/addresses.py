"""The addresses in descriptions: absolute, and never made from a request.

A client can forge the Host field. A description made from it would, from a shared cache, send
everybody to an address of that client's choice.
"""

from dataclasses import dataclass

from pyoxigraph import NamedNode


@dataclass(frozen=True)
class Addresses:
    """The public addresses of the service; `base` does not end in a slash."""

    base: str

    def at(self, path: str = "") -> NamedNode:
        """The address of `path`, which starts without a slash."""
        return NamedNode(f"{self.base.rstrip('/')}/{path}")

    @property
    def sparql(self) -> NamedNode:
        """The endpoint."""
        return self.at("sparql")

    @property
    def service(self) -> NamedNode:
        """The service itself, as a thing that is not the address at which it answers."""
        return self.at("sparql#service")

    @property
    def void(self) -> NamedNode:
        """The VoID description."""
        return self.at(".well-known/void")

    @property
    def catalog(self) -> NamedNode:
        """The DCAT description."""
        return self.at("catalog")

    def dump(self, name: str) -> NamedNode:
        """The file `name` of the dumps."""
        return self.at(f"dumps/{name}")
