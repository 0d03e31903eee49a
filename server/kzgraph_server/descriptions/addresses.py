"""The addresses in descriptions: absolute, and never made from what a request says.

A Host field is the client's word. A description made from it would, out of a shared cache, send
everybody to wherever one client liked.
"""

from dataclasses import dataclass

from pyoxigraph import NamedNode


@dataclass(frozen=True)
class Addresses:
    """Where the public finds the parts of the service; `base` has no slash at its end."""

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
