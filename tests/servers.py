"""Web servers and other programs that tests run as operators do: brought from Debian's packages where that can be.

As a program, it installs what is missing; ``PROGRAM_TESTS=required`` makes it an error that something could not be had.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from programs import are_required, run

PACKAGES = {
    "nginx": "nginx-light",
    "apache2": "apache2-bin",
    "caddy": "caddy",
    "rsync": "rsync",
    "sshd": "openssh-server",
}
"""The Debian package that brings each program."""
_SECONDS = 15.0


def find(program: str) -> str:
    """Return the path of a program; empty if it is not on this machine."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def bring(required: bool) -> int:
    """Install the programs that are missing; returns the status to end with."""
    missing = [package for program, package in PACKAGES.items() if not find(program)]
    if missing and shutil.which("apt-get"):
        apt = ["apt-get"] if os.geteuid() == 0 else ["sudo", "-n", "apt-get"]
        print(f"Installing {', '.join(missing)} for the tests / 正在安装测试用的程序 …", file=sys.stderr, flush=True)
        for command in ([*apt, "update", "-qq"], [*apt, "install", "-y", "-qq", "--no-install-recommends", *missing]):
            # Packages start their servers, and the tests start their own.
            run(["env", "RUNLEVEL=1", *command])
    left = [program for program in PACKAGES if not find(program)]
    if left:
        print(f"Not found, so their tests are skipped / 没有找到，有关测试跳过: {', '.join(left)}", file=sys.stderr)
    return 1 if left and required else 0


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, log: Path) -> Iterator[str]:
    """Run a server until the end of the block; yields its address without a slash once it answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{command[0]} did not start:\n{log.read_text('utf-8')}") from None
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def nginx(folder: Path, root: Path, sites: Path) -> Iterator[str]:
    """Serve ``root`` by nginx with the settings that a build wrote into ``sites``; its own files lie in ``folder``."""
    port, headers = free_port(), sites / "hub/headers"
    settings = f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root;
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    include {headers}/nginx-maps.conf;
    server {{ listen 127.0.0.1:{port}; root {root}; include {headers}/nginx.conf; }}
}}
"""
    if os.geteuid() != 0:
        settings = settings.replace("user root;", "")
    (folder / "nginx.conf").write_text(settings, "utf-8")
    command = [find("nginx"), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf", "-p", str(folder)]
    with running(command, port, folder / "nginx.log") as address:
        yield address


@contextmanager
def apache(folder: Path, root: Path, sites: Path) -> Iterator[str]:
    """Serve ``root`` by Apache, likewise."""
    port, modules = free_port(), Path("/usr/lib/apache2/modules")
    names = "mpm_event authz_core authz_host unixd dir mime alias headers filter deflate".split()
    loads = [
        f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names if (modules / f"mod_{name}.so").is_file()
    ]
    settings = "\n".join(
        [
            *loads,
            f"ServerRoot {folder}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {folder}/apache.pid",
            f"ErrorLog {folder}/apache-error.log\nTypesConfig /dev/null\nMutex posixsem\nStartServers 1",
            f"<VirtualHost *:{port}>\nDocumentRoot {root}\n<Directory />\nRequire all granted\nOptions FollowSymLinks",
            f"</Directory>\nInclude {sites}/hub/headers/apache.conf\n</VirtualHost>\n",
        ]
    )
    (folder / "apache.conf").write_text(settings, "utf-8")
    command = [find("apache2"), "-f", f"{folder}/apache.conf", "-D", "FOREGROUND"]
    with running(command, port, folder / "apache.log") as address:
        yield address


@contextmanager
def caddy(folder: Path, root: Path, sites: Path) -> Iterator[str]:
    """Serve ``root`` by Caddy, likewise."""
    port = free_port()
    settings = f"""{{
    admin off
    auto_https off
    storage file_system {folder}/caddy
}}
http://127.0.0.1:{port} {{
    root * {root}
    import {sites}/hub/headers/caddy.conf
}}
"""
    (folder / "Caddyfile").write_text(settings, "utf-8")
    command = [find("caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]
    with running(command, port, folder / "caddy.log") as address:
        yield address


@contextmanager
def ssh_host(folder: Path) -> Iterator[Path]:
    """Run an ssh server for this user; yields settings for ssh in which it is called ``host``."""
    port = free_port()
    keys = {}
    for name in ("host_key", "user_key"):
        keys[name] = folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys[name])], check=True)
    (folder / "authorized").write_bytes((folder / "user_key.pub").read_bytes())
    (folder / "sshd.conf").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {keys['host_key']}\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/sshd.pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n"
        # Keys are exchanged in the cheapest way; a shell that is not the first one does not read this user's own settings.
        "KexAlgorithms curve25519-sha256\nSetEnv SHLVL=1\n",
        "utf-8",
    )
    settings = folder / "ssh.conf"
    settings.write_text(
        f"Host host\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {keys['user_key']}\n  IdentitiesOnly yes\n"
        f"  StrictHostKeyChecking no\n  UserKnownHostsFile {folder}/known\n  LogLevel ERROR\n",
        "utf-8",
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with running([find("sshd"), "-D", "-e", "-f", f"{folder}/sshd.conf"], port, folder / "sshd.log"):
        yield settings


if __name__ == "__main__":
    sys.exit(bring(are_required(os.environ, "PROGRAM")))
