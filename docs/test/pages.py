"""Runs the commands of a page as somebody who follows it to the letter, and compares what the page says one sees.

A pytest plugin: Sybil finds the blocks, and each is a test. The forms of a block are in CONTRIBUTING.md, under "Pages".
"""

import os
import pathlib
import re

import pytest
from sybil import Region, Sybil
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer, FencedCodeBlockLexer

from output import difference
from shell import Shell
from steps import Step, pair

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCKS = FencedCodeBlockLexer("sh|text|console")
REMARKS = DirectiveInHTMLCommentLexer("test")
CLEAN_UP = re.compile(r"^## Clean up$", re.MULTILINE)


def steps_of(document):
    """The steps of a page, as regions. A page whose blocks do not fit together is an error, whatever is run of it."""
    found = [(region.start, region.end, region.lexemes) for lexer in (BLOCKS, REMARKS) for region in lexer(document)]
    clean_up = CLEAN_UP.search(document.text)
    for step in pair(sorted(found, key=lambda each: each[0])):
        step.cleans_up |= clean_up is not None and step.start > clean_up.start()
        yield Region(step.start, step.end, step, evaluate)


def evaluate(example):
    step: Step = example.parsed
    state = example.namespace
    place = f"{pathlib.Path(example.path).relative_to(ROOT)}:{example.line}"
    if step.not_run:
        pytest.skip(f"{place}: {step.not_run}")
    if state.get("failed") and not step.cleans_up:
        pytest.skip(f"{place}: not tried, since an earlier step of this page failed")
    if state.get("not_ours"):
        pytest.skip(f"{place}: not tried, since this page could not make its namespaces: they may be somebody's")
    if "shell" not in state or not state["shell"].is_alive():
        end(state)
        state["shell"] = Shell(ROOT)
    problem = step.run(state["shell"], difference)
    state["failed"] = state.get("failed", False) or problem is not None
    state["not_ours"] = state.get("not_ours", False) or not step.made_its_namespaces(problem)
    return problem


def end(state):
    if "shell" in state:
        state["shell"].end()


pytest_collect_file = Sybil(parsers=[steps_of], patterns=["*.md"], path=str(ROOT), teardown=end).pytest()


def pytest_configure():
    if not os.environ.get("KUBECONFIG"):
        raise pytest.UsageError("KUBECONFIG names no cluster: start this by docs/test/run")
