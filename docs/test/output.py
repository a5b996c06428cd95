"""Compares what is seen with what a page says is seen."""

import difflib
import re

ANY = "…"


def difference(expected, seen):
    """How they differ, or None. `…` stands for anything in a line, alone in a line for any lines; how wide a gap between words is
    does not count, since the columns of a table are as wide as their contents."""
    wanted, lines = normal(expected), normal(seen)
    if matches(wanted, lines):
        return None
    changes = difflib.unified_diff(wanted, lines, "as the page says", "as it is", lineterm="")
    return "what is seen is not what the page says:\n" + "\n".join(changes)


def normal(text):
    return [" ".join(line.split()) for line in text.strip("\n").splitlines()]


def matches(wanted, lines):
    pattern = "".join("(?:.*\n)*?" if line == ANY else line_pattern(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(line + "\n" for line in lines)) is not None


def line_pattern(line):
    return ".*".join(re.escape(part) for part in line.split(ANY))
