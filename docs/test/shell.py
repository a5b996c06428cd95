"""One bash for a page: what a step sets is there in the next."""

import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import time

# Not the caller's files, nor the way in which it answers.
PROLOGUE = "set -euo pipefail\n"


class Shell:
    """A bash in a folder of its own that looks like the repository, with a kubeconfig of its own: its namespace may be changed."""

    def __init__(self, root):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="docs-"))
        self.folder = self.work / "mqtt-operator"
        self.folder.mkdir()
        for entry in root.iterdir():
            if not entry.name.startswith("."):
                (self.folder / entry.name).symlink_to(entry)
        kubeconfig = self.work / "kubeconfig"
        shutil.copyfile(os.environ["KUBECONFIG"], kubeconfig)
        kubeconfig.chmod(0o600)
        read, write = os.pipe()
        self.statuses = read
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-s", str(write)],
            cwd=self.folder,
            env={**os.environ, "KUBECONFIG": str(kubeconfig), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[write],
            start_new_session=True,
            text=True,
        )
        os.close(write)
        self._tell(PROLOGUE)

    def is_alive(self):
        return self.bash.poll() is None

    def run(self, commands, apart, limit):
        """The status, None where there is none in time, and what was written. `apart`: in a shell below this one, which outlives it."""
        script, output = self.work / "commands", self.work / "output"
        script.write_text(commands + "\n")
        source = f'source "{script}" >"{output}" 2>&1 </dev/null'
        if apart:
            self._tell(f"set +e; ({PROLOGUE.strip()}; {source}); echo $? >&$1; set -e\n")
        else:
            self._tell(f"{source}\necho 0 >&$1\n")
        status = self._status(limit)
        # A background process may still write: what it writes is no answer to these commands.
        seen = output.read_text(errors="replace") if output.exists() else ""
        return status, seen

    def _tell(self, text):
        self.bash.stdin.write(text)
        self.bash.stdin.flush()

    def _status(self, limit):
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.statuses], [], [], min(left, 0.2))[0]:
                line = os.read(self.statuses, 16)
                if line:
                    return int(line)
            # A process in the background may hold the pipe open when the shell is gone.
            if not self.is_alive():
                return self.bash.wait()
        self.end()
        return None

    def end(self):
        """Ends it with all that it has started."""
        try:
            os.killpg(self.bash.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.bash.wait()
        shutil.rmtree(self.work, ignore_errors=True)
