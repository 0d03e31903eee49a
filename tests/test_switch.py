"""The change from one release to the next, without a server."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from kzgraph.problem import Problem
from kzgraph.release import Release, ReleaseDamaged
from kzgraph_server.engine.answer import EngineFailure, EngineState
from kzgraph_server.front import serving
from kzgraph_server.front.serving import Serving, Switch
from kzgraph_server.settings import Settings
from small_release import published


class Operator:
    """Wants nothing unless told."""

    def __init__(self) -> None:
        self.look = False
        self.heard: list[str] = []

    def wants_stop(self) -> bool:
        return False

    def wants_look(self) -> bool:
        wanted, self.look = self.look, False
        return wanted

    def hear_serving(self, version: str) -> None:
        self.heard.append(version)

    def hear_failure(self, reason: str) -> None:
        self.heard.append(reason)


class Engine:
    """Notes whether it was stopped."""

    stopped = False

    def state(self) -> EngineState:
        return EngineState(ready=True)

    async def stop(self, grace: float) -> None:
        self.stopped = True


class Opener:
    """Opens releases, and fails as it is told; notes what it was asked for."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.fail_with: Exception | None = None

    async def __call__(self, path: Path) -> Serving:
        release = Release(path)
        self.opened.append(release.version)
        if self.fail_with is not None:
            raise self.fail_with
        none = cast("Any", None)
        return Serving(release.version, release.path, cast("Any", Engine()), none, none)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_INTERVAL", 0.0)
    monkeypatch.setattr(serving, "_STOP_INTERVAL", 0.001)


def turn(root: Path, release: Release) -> None:
    (root / "next").symlink_to(release.path.name)
    (root / "next").rename(root / "current")


def with_switch(
    root: Path, check: Callable[[Switch, Opener, Operator], Awaitable[None]]
) -> tuple[Opener, Operator]:
    """Run `check` while a switch watches the releases in `root`."""
    opener, operator = Opener(), Operator()

    async def work() -> None:
        switch = Switch(root, opener, Settings(), operator)
        await switch.start()
        try:
            await check(switch, opener, operator)
        finally:
            await switch.stop()

    asyncio.run(work())
    return opener, operator


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.001)


async def some_looks() -> None:
    """Time for more looks than one; a switch that looks less often is not seen to fail here."""
    for _ in range(20):
        await asyncio.sleep(0.002)


def test_the_next_release_takes_over_and_the_one_before_is_stopped(tmp_path: Path) -> None:
    published(tmp_path)

    async def check(switch: Switch, opener: Opener, operator: Operator) -> None:
        first = switch.now
        second = published(tmp_path, 4)
        await until(lambda: switch.now.version == second.version)
        await until(lambda: cast("Engine", first.engine).stopped)

    with_switch(tmp_path, check)


def test_a_damaged_release_is_tried_once_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = published(tmp_path)

    async def check(switch: Switch, opener: Opener, operator: Operator) -> None:
        opener.fail_with = ReleaseDamaged("/somewhere", ["it is torn", "it is old"])
        published(tmp_path, 4)
        await until(lambda: len(opener.opened) == 2)
        await some_looks()
        assert len(opener.opened) == 2
        assert switch.now.version == first.version
        opener.fail_with = None
        operator.look = True
        await until(lambda: switch.now.version != first.version)

    with_switch(tmp_path, check)
    (said,) = caplog.messages
    assert said.startswith("/somewhere: it is torn, and 1 more")
    assert said.endswith(f"; release {first.version} stays")


def test_what_may_pass_is_tried_again_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_RETRY", 0.0)
    first = published(tmp_path)

    async def check(switch: Switch, opener: Opener, operator: Operator) -> None:
        opener.fail_with = EngineFailure(Problem(504, "The query took too long."))
        second = published(tmp_path, 4)
        await until(lambda: len(opener.opened) > 4)
        assert switch.now.version == first.version
        opener.fail_with = None
        await until(lambda: switch.now.version == second.version)

    with_switch(tmp_path, check)
    assert caplog.messages == [f"The query took too long; release {first.version} stays"]


def test_what_is_served_already_is_not_opened_again(tmp_path: Path) -> None:
    first = published(tmp_path)

    async def check(switch: Switch, opener: Opener, operator: Operator) -> None:
        turn(tmp_path, first)
        operator.look = True
        await until(lambda: not operator.look)
        await some_looks()

    opener, _ = with_switch(tmp_path, check)
    assert opener.opened == [first.version]


def test_a_release_put_in_the_same_folder_is_opened(tmp_path: Path) -> None:
    first = published(tmp_path)
    other = published(tmp_path / "elsewhere", 4)

    async def check(switch: Switch, opener: Opener, operator: Operator) -> None:
        first.path.rename(tmp_path / "away")
        shutil.copytree(other.path, first.path)
        await until(lambda: switch.now.version == other.version)

    with_switch(tmp_path, check)


def test_the_operator_hears_why_nothing_can_be_served(tmp_path: Path) -> None:
    published(tmp_path)
    (tmp_path / "current").unlink()
    opener, operator = Opener(), Operator()
    switch = Switch(tmp_path, opener, Settings(), operator)
    with pytest.raises(ReleaseDamaged):
        asyncio.run(switch.start())
    (heard,) = operator.heard
    assert heard == f"{tmp_path}/current: it leads to no folder: No such file or directory"
