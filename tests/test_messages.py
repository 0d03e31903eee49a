"""The catalogues of messages have every message of the pages, whole, and nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from messages import CATALOGUES, TRANSLATED, extract, read, write

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


@pytest.fixture(scope="module")
def messages() -> set[tuple[str | None, str | tuple[str, ...]]]:
    return {_key(each) for each in extract() if each.id}


def _key(message: Message) -> tuple[str | None, str | tuple[str, ...]]:
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_no_other(
    language: str, messages: set[tuple[str | None, str | tuple[str, ...]]]
) -> None:
    found = {_key(each): each for each in read(language) if each.id}
    assert set(found) == messages, "`make messages` brings the catalogues up to date"
    forms = {key: _forms(each.string) for key, each in found.items()}
    assert [key for key, strings in forms.items() if not all(strings)] == []
    assert not any(each.fuzzy for each in found.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for each in read(language):
        meant = [_placeholders(form) for form in _forms(each.id)]
        for form in _forms(each.string):
            # "One thing" may leave out the number, in either language.
            assert _placeholders(form) in meant or not each.id, each.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_adds_no_markup(language: str) -> None:
    for each in read(language):
        if each.id:
            meant = {tag for form in _forms(each.id) for tag in re.findall(r"<[^>]*>?", form)}
            for form in _forms(each.string):
                assert set(re.findall(r"<[^>]*>?", form)) <= meant, each.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_written_as_it_stands(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, name = read(language), f"{language}.po"
    monkeypatch.setattr("messages.CATALOGUES", tmp_path)
    write(language, catalogue)
    assert (tmp_path / name).read_text("utf-8") == (CATALOGUES / name).read_text("utf-8")


def _forms(found: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found or ("",))


def _placeholders(form: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(form))
