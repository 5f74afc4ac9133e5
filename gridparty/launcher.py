"""Starts child processes, waits until they serve, watches them, and ends them all together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

POLL_SECONDS = 0.2
STOP_SECONDS = 15.0


class LaunchError(Exception):
    """Something that keeps the processes from running; the message is for the user."""


@dataclass(frozen=True)
class Program:
    """A child to run: its Chinese name and its command line."""

    name: str
    command: Sequence[str]


class Launcher:
    """Runs programs in the foreground until a signal, a death, or the end of a check.

    Each child leads a process group of its own: Ctrl-C reaches only this process, which then
    ends the children in order, and no grandchild can survive.
    """

    def __init__(
        self, programs: Sequence[Program], directory: Path, env: Mapping[str, str]
    ) -> None:
        self.programs = programs
        self.directory = directory
        self.env = env
        self.children: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self.stopping = threading.Event()

    def run(
        self,
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None],
        ready_within: float,
        check_only: bool = False,
    ) -> None:
        """Start all, call `when_ready` once `is_ready` holds, stay until told to stop.

        Raises LaunchError when a child dies or nothing is ready within `ready_within` seconds.
        With `check_only` it stops right after `when_ready`.
        """
        previous = {number: signal.signal(number, self._stop) for number in _stop_signals()}
        try:
            for program in self.programs:
                self.children.append((program, self._start(program)))
            self._wait_until_ready(is_ready, ready_within)
            if not self.stopping.is_set():
                when_ready()
            while not (check_only or self.stopping.wait(POLL_SECONDS)):
                self._require_alive()
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        no_input = subprocess.DEVNULL
        if sys.platform == "win32":
            group = subprocess.CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(
                program.command,
                cwd=self.directory,
                env=self.env,
                stdin=no_input,
                creationflags=group,
            )
        return subprocess.Popen(
            program.command,
            cwd=self.directory,
            env=self.env,
            stdin=no_input,
            start_new_session=True,
        )

    def _wait_until_ready(self, is_ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.stopping.wait(POLL_SECONDS):
            self._require_alive()
            if is_ready():
                return
            if time.monotonic() > deadline:
                raise LaunchError(f"等了 {seconds:.0f} 秒服务仍未就绪，已停止。原因见上面的输出。")

    def _require_alive(self) -> None:
        for program, process in self.children:
            if (code := process.poll()) is not None:
                raise LaunchError(
                    f"{program.name}意外退出（代码 {code}），已停止全部进程。原因见上面的输出。"
                )

    def _end_all(self) -> None:
        """Ask each child to end, last started first; kill what is left after STOP_SECONDS."""
        for _, process in reversed(self.children):
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for _, process in self.children:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _kill_group(process.pid)
        self.children.clear()


def _stop_signals() -> list[signal.Signals]:
    """Ctrl-C, a service manager's stop, and a closed terminal where the system knows that."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _kill_group(leader: int) -> None:
    """End grandchildren whose parent died before them."""
    if sys.platform != "win32":
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            pass


def require_free_port(host: str, port: int) -> None:
    """Raise LaunchError with advice when the address cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise LaunchError(f"HOST={host} 不是本机的地址，请改为 127.0.0.1 或 0.0.0.0。") from error
    with socket.socket(family, kind, protocol) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise LaunchError(f"没有权限使用端口 {port}，请换一个：PORT=8001 make run。") from error
        except OSError as error:
            if answers(host, port):
                raise LaunchError(
                    f"端口 {port} 上已有一个网格党建平台在运行：http://{browse_host(host)}:{port}/ 。"
                    f"要另开一个，请换端口：PORT={port + 1} make run。"
                ) from error
            raise LaunchError(
                f"端口 {port} 已被其他程序占用，请换一个：PORT={port + 1} make run。"
            ) from error


def browse_host(host: str) -> str:
    """Return the name under which this machine reaches a server listening on `host`."""
    if host in ("", "0.0.0.0", "127.0.0.1"):  # noqa: S104
        return "127.0.0.1"
    if host in ("::", "::1"):
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """Tell whether our own web server answers there with 200."""
    connection = http.client.HTTPConnection(browse_host(host).strip("[]"), port, timeout=5)
    try:
        # "localhost" is always an allowed host name, whatever address the server listens on.
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
