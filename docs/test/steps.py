"""What a page asks its reader to do, and what it says is then seen."""

import re
import shlex
import time
from dataclasses import dataclass

WITHIN = re.compile(r"within (\d+) s")
NAMESPACE = re.compile(r"^\s*kubectl create namespace (\S+)", re.MULTILINE)
LIMIT = 600


@dataclass
class Step:
    """Commands that are pasted together.

    expected: what is seen, or None where the page does not say; fails: whether they are to fail; within: for how many
    seconds they are tried again until what is seen is as said; not_run: why nobody runs them here.
    """

    start: int
    end: int
    commands: str
    expected: str | None = None
    fails: bool = False
    any_status: bool = False
    within: int = 0
    not_run: str = ""
    cleans_up: bool = False

    def run(self, shell, difference):
        """What is wrong, or None."""
        deadline = time.monotonic() + self.within
        while True:
            status, output = shell.run(self.commands, apart=self.fails or self.any_status or self.within > 0, limit=LIMIT)
            problem = self._problem(status, output, difference)
            if problem is None or time.monotonic() >= deadline or not shell.is_alive():
                return problem
            time.sleep(1)

    def made_its_namespaces(self, problem):
        """Whether those that it creates were not there before, so that the page may delete them."""
        return problem is None or all(f"namespace/{name} created" in problem for name in NAMESPACE.findall(self.commands))

    def _problem(self, status, output, difference):
        said = f"{self.commands}\nended with {status} and said:\n{output}"
        if status is None:
            return f"did not end within {LIMIT} s: {said}"
        if not self.any_status and (status != 0) != self.fails:
            return f"was to {'fail' if self.fails else 'succeed'}: {said}"
        if self.expected is None:
            return None
        other = difference(self.expected, output)
        return other and f"{other}\n{said}"


def pair(found):
    """Makes steps of a page's blocks and remarks, which come as (start, end, lexemes) in their order."""
    steps = []
    remark = None
    for start, end, lexemes in found:
        source = str(lexemes["source"])
        language = lexemes.get("language")
        if language is None:
            if remark is not None:
                raise ValueError(f"two remarks for one block: {remark}")
            remark = (lexemes["arguments"] or "").strip()
            if remark in ("run", "end"):
                steps.append(Step(start, end, source, cleans_up=remark == "end"))
                remark = None
        elif language == "sh":
            steps.append(remarked(Step(start, end, source), remark))
            remark = None
        elif language == "console":
            steps.extend(transcript(start, end, source, remark))
            remark = None
        else:
            if not steps or steps[-1].expected is not None or remark is not None:
                raise ValueError(f"output of no command: {source}")
            steps[-1].expected = source
    if remark is not None:
        raise ValueError(f"a remark without a block: {remark}")
    return steps


def remarked(step, remark):
    if remark is None:
        return step
    if remark == "fails":
        step.fails = True
    elif remark.startswith("not run: "):
        step.not_run = remark.removeprefix("not run: ")
    elif within := WITHIN.fullmatch(remark):
        step.within = int(within[1])
    else:
        raise ValueError(f"unknown remark: test: {remark}")
    return step


def transcript(start, end, source, remark):
    """A session as a terminal shows it: `$ command`, then its output; whatever it ends with."""
    if not source.startswith("$ "):
        raise ValueError(f"a console block begins with '$ ': {source}")
    for number, part in enumerate(re.split(r"^\$ ", source, flags=re.MULTILINE)[1:]):
        command, _, output = part.partition("\n")
        shlex.split(command)  # An unclosed quote is a mistake of the page.
        # Regions must not overlap: all but the first stand at the end of the block.
        place = (start, start + 1) if number == 0 else (start + number, start + number + 1)
        step = remarked(Step(*place, command, output), remark)
        step.any_status = True
        yield step
