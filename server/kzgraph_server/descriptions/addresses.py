"""The addresses in descriptions: absolute, and never made from a request.

A client can forge the Host field. A description made from it would, from a shared cache, send
everybody to an address of that client's choice.
"""

from pyoxigraph import NamedNode


class Addresses:
    """The public addresses of the service.

    Args:
        base: of all of them.

    Attributes:
        sparql: the endpoint.
        service: the service itself, as a thing that is not the address at which it answers.
        void: the VoID description.
        catalog: the DCAT description.
    """

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self.sparql = self.at("sparql")
        self.service = self.at("sparql#service")
        self.void = self.at(".well-known/void")
        self.catalog = self.at("catalog")

    def at(self, path: str = "") -> NamedNode:
        """The address of `path`, which starts without a slash."""
        return NamedNode(f"{self._base}/{path}")

    def dump(self, name: str) -> NamedNode:
        """The file `name` of the dumps."""
        return self.at(f"dumps/{name}")
