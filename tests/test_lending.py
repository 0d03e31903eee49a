"""Sources join tables of others: what they speak of and these lack comes from the packaged ones."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.build import build
from kzgraph.intake import Change, keep_names, lend
from kzgraph.iri import ID, graph, term, thing
from kzgraph.namespaces import LABEL, SKOS
from kzgraph.resources import folder
from kzgraph.sources.taking import Offer
from official_files import POPULATION, a_file
from small_tables import CONCEPTS, concepts, small, write

_PREF_LABEL = SKOS["prefLabel"]


def store_of(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def test_what_is_lent_is_what_sources_lead_to(tmp_path: Path) -> None:
    note, trust, other = (thing("editorial", name) for name in ("note", "trust", "other"))
    packaged = [
        Quad(note, term("confidence"), trust, graph("editorial")),
        Quad(trust, LABEL, Literal("sure", language="en"), graph("concepts")),
        Quad(other, LABEL, Literal("other", language="en"), graph("concepts")),
        Quad(note, LABEL, Literal("of a document", language="en"), graph("note-2020")),
    ]
    path = tmp_path / "source.nq"
    path.write_text(f"<x:cell> {term('caveat')} {note} {graph('source')} .\n")
    assert lend(Store(), packaged, [path], []) == packaged[:2]
    assert lend(store_of(packaged[0]), packaged, [path], []) == []
    shared = [Quad(NamedNode("x:a"), term("kind"), other, graph("entities"))]
    assert lend(Store(), packaged, [], shared) == packaged[2:3]


def test_a_code_is_called_as_the_tables_call_the_thing() -> None:
    country, concepts = thing("country", "KAZ"), graph("concepts")
    ours = Literal("Republic of Kazakhstan", language="en")
    store = store_of(Quad(country, LABEL, ours, graph("entities")))
    english, russian = Literal("Kazakhstan", language="en"), Literal("Казахстан", language="ru")
    shared = [Quad(country, LABEL, name, graph("entities")) for name in (english, russian)]
    shared += [Quad(country, _PREF_LABEL, name, concepts) for name in (english, russian)]
    assert {(each.predicate, each.object) for each in keep_names(store, shared)} == {
        (LABEL, russian),
        (_PREF_LABEL, ours),
        (_PREF_LABEL, russian),
    }


def test_official_files_join_tables_that_know_nothing_of_them(tmp_path: Path) -> None:
    rows = (POPULATION, "2018,Kazakhstan,KAZ,KAZ,Kazakhstan,KAZ,KAZ,5,0,0,0,0,7690,0,,0")
    licence = "https://creativecommons.org/licenses/by/4.0/"
    treaties = folder("mappings") / "sources" / "data" / "treaties-central-asia.csv"
    files = {"unhcr-population": a_file(tmp_path, rows), "treaties": treaties}
    offers = [Offer(kind, path, path.name, "T", licence, "A") for kind, path in files.items()]
    tables = write(tmp_path / "tables", small() | {CONCEPTS: concepts()})
    release = build(tables, tmp_path / "out", change=Change(offers))
    quads = list(parse(path=release.dumps / "kzgraph.nq", format=RdfFormat.N_QUADS))
    known = {quad.subject for quad in quads}
    assert thing("editorial", "unhcr-masked") in known
    assert thing("instrument", "statelessness-convention-1961") in known
    assert not {
        str(quad)
        for quad in quads
        if isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(ID)
        and quad.object not in known
        and quad.graph_name != graph("shapes")
    }
