"""Every limit of the server is a setting, read from the environment, checked and described."""

import pytest

from kzgraph.settings import CommandSettings, SettingsError, documentation
from kzgraph_server.settings import Settings


def test_the_environment_sets_what_it_names() -> None:
    found = Settings.from_environment({"KZGRAPH_HTML_ROWS": "7", "KZGRAPH_WORKERS": " ", "X": "1"})
    assert found.html_rows == 7
    assert found.workers == Settings().workers


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "1e3", "٣"])
def test_a_bad_value_is_named_in_one_line(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"KZGRAPH_MAX_QUERY_BYTES": value})
    assert "KZGRAPH_MAX_QUERY_BYTES" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("WORKERS", 0, 1000), ("SPARE_WORKERS", 1, 1000), ("LONG_QUERIES", 0, 1000),
     ("CLIENT_LONG_QUERIES", 1, 1000), ("ENGINE_CONNECTIONS", 1, 1000), ("THREADS", 1, 1000),
     ("QUERY_TIMEOUT", 1, 1_000_000), ("SEND_TIMEOUT", 1, 1_000_000), ("GRACE", 1, 1_000_000),
     ("CACHE_MIB", 1, 10**9), ("MAX_ROWS", 0, 10**9), ("MAX_URL_BYTES", 1, 65_000)],
)  # fmt: skip
def test_a_value_out_of_range_is_named_in_one_line_with_the_range(
    name: str, least: int, most: int
) -> None:
    variable = f"KZGRAPH_{name}"
    for number in (least, most):
        assert getattr(Settings.from_environment({variable: str(number)}), name.lower()) == number
    for value in (str(least - 1), str(most + 1), "9" * 5000):
        said = f"{variable} must be .* from {least} to {most},"
        with pytest.raises(SettingsError, match=said) as caught:
            Settings.from_environment({variable: value})
        assert len(str(caught.value)) < 200


def test_the_public_address_is_taken_without_its_last_slash() -> None:
    found = Settings.from_environment({"KZGRAPH_PUBLIC_URL": "http://127.0.0.1:8000/graph/"})
    assert found.public_url == "http://127.0.0.1:8000/graph"


@pytest.mark.parametrize(
    "value",
    ["kzgraph.org", "ftp://a.org", "https://", "https://a b.org", "https://a.org/?q=1",
     "https://a.org/#x", "https://u:p@a.org", 'https://a.org/">', "javascript:alert(1)", "7"],
)  # fmt: skip
def test_a_public_address_that_is_none_is_named_in_one_line(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"KZGRAPH_PUBLIC_URL": value})
    assert "KZGRAPH_PUBLIC_URL" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", [CommandSettings, Settings])
def test_every_setting_has_a_line_of_explanation(
    kind: type[CommandSettings] | type[Settings],
) -> None:
    for name, default, doc in documentation(kind):
        assert name.startswith("KZGRAPH_")
        assert default not in ("``", "`None`")
        assert doc.endswith(".")
        assert "\n" not in doc


def test_no_variable_has_two_meanings() -> None:
    names = [name for kind in (CommandSettings, Settings) for name, _, _ in documentation(kind)]
    assert len(names) == len(set(names))
