"""Debian's nginx and Apache, started with the project's files on free ports of the loopback."""

import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from layers import ROOT
from processes import PATIENCE, until
from running import free_port

DEPLOY = ROOT / "deploy"

_NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""

_APACHE = """\
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
ErrorLog /dev/stderr
User www-data
Group www-data
{modules}
DocumentRoot {folder}/site
<Directory {folder}/site>
    AllowOverride All
    Require all granted
</Directory>
"""
_APACHE_MODULES = Path("/usr/lib/apache2/modules")


@contextmanager
def nginx(site: str, backend: str) -> Iterator[str]:
    """nginx with a site's configuration, whose port and backend are made this test's own.

    Args:
        site: the text of the configuration.
        backend: the address of the server, in place of the one in the text.
    """
    program = _program("nginx", "nginx")
    port = free_port()
    site = re.sub(r"\blisten 80;", f"listen 127.0.0.1:{port};", site)
    site = site.replace("http://127.0.0.1:8000", backend)
    assert f":{port};" in site
    assert f"proxy_pass {backend}" in site
    with _folder() as folder:
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder))
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        with _running(command, port, folder) as url:
            yield url


@contextmanager
def apache(redirects: Path, name: str, **replaced: str) -> Iterator[str]:
    """Apache with the folder `redirects` as its folder `name`, in which texts are replaced.

    It allows that folder's `.htaccess` what w3id.org allows.
    """
    program = _program("apache2", "apache2-bin")
    port = free_port()
    modules = "\n".join(
        f"LoadModule {each}_module {_APACHE_MODULES}/mod_{each}.so"
        for each in ("mpm_event", "authz_core", "dir", "headers", "rewrite")
    )
    with _folder() as folder:
        shutil.copytree(redirects, folder / "site" / name)
        file = folder / "site" / name / ".htaccess"
        text = file.read_text("utf-8")
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        file.write_text(text)
        conf = folder / "apache.conf"
        conf.write_text(_APACHE.format(folder=folder, port=port, modules=modules))
        with _running([program, "-D", "FOREGROUND", "-f", str(conf)], port, folder) as url:
            yield url


def _program(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the user of the program's workers may read, unlike a test's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[str]:
    log = folder / "said.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)

    def listens() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens, f"{command[0]} does not listen")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)
