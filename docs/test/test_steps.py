"""That a page is not run as it says must be seen."""

import pathlib

import pytest
from sybil import Document

import pages
from output import difference
from shell import Shell
from steps import Step


@pytest.fixture
def shell():
    made = Shell(pathlib.Path(__file__).resolve().parents[2])
    yield made
    made.end()


def steps(text):
    return [region.parsed for region in pages.steps_of(Document(text, "page.md"))]


def test_what_is_seen_must_be_as_the_page_says():
    assert difference("a\n", "a\n") is None
    assert difference("a\n", "b\n") is not None
    assert difference("a\n", "a\nb\n") is not None
    assert difference("a\nb\n", "a\n") is not None
    assert difference("a\n", "") is not None


def test_an_ellipsis_stands_for_what_varies():
    assert difference("fleet … True\n", "fleet   2m31s   True\n") is None
    assert difference("fleet … True\n", "fleet   2m31s   False\n") is not None
    assert difference("a\n…\nz\n", "a\nb\nc\nz\n") is None
    assert difference("a\n…\nz\n", "a\nz\n") is None
    assert difference("a\n…\nz\n", "a\nb\n") is not None
    assert difference("a.c\n", "abc\n") is not None


def test_a_command_that_fails_is_a_failure_unless_the_page_says_so(shell):
    assert "was to succeed" in Step(0, 0, "echo before; false; echo after").run(shell, difference)
    assert not shell.is_alive()


def test_a_command_that_is_to_fail_must(shell):
    assert "was to fail" in Step(0, 0, "true", fails=True).run(shell, difference)
    assert Step(0, 0, "false; true", fails=True).run(shell, difference) is None
    assert "not what the page says" in Step(0, 0, "echo b; false", expected="a\n", fails=True).run(shell, difference)


def test_a_failure_in_a_pipe_counts(shell):
    assert "was to succeed" in Step(0, 0, "false | true").run(shell, difference)


def test_a_variable_lives_on(shell):
    assert Step(0, 0, "x=1; f() { echo $x; }").run(shell, difference) is None
    assert Step(0, 0, "f", expected="1\n").run(shell, difference) is None


def test_a_namespace_that_was_there_is_not_the_pages_to_delete(shell):
    made = "kubectl create namespace one\nkubectl create namespace two"
    says = "kubectl() { [ $3 = %s ] && echo there already && return 1; echo namespace/$3 created; }\n" + made
    step = Step(0, 0, says % "none" + "\nfalse", expected="another", fails=True)
    assert step.made_its_namespaces(step.run(shell, difference))
    step = Step(0, 0, says % "two", expected="another", fails=True)
    problem = step.run(shell, difference)
    assert "there already" in problem
    assert not step.made_its_namespaces(problem)


def test_a_wait_ends(shell):
    assert "not what the page says" in Step(0, 0, "echo b", expected="a\n", within=1).run(shell, difference)
    assert Step(0, 0, "date +%s >>times; wc -l <times", expected="2\n", within=20).run(shell, difference) is None


def test_the_forms_of_a_block():
    found = steps(
        """
```sh
one
```

Then:

```text
first
```

<!-- test: fails -->
```sh
two
```

<!-- test: not run: it needs a registry -->
```sh
three
```

<!-- test: run
four
-->

```console
$ five
fifth
$ six
```

<!-- test: end
seven
-->

## Clean up

```sh
eight
```
"""
    )
    assert [step.commands.strip() for step in found] == ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    assert [step.expected for step in found] == ["first\n", None, None, None, "fifth\n", "", None, None]
    assert [step.fails for step in found] == [False, True, False, False, False, False, False, False]
    assert found[2].not_run == "it needs a registry"
    assert [step.cleans_up for step in found] == [False] * 6 + [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "```text\nof nothing\n```\n",
        "```sh\na\n```\n\n```text\nb\n```\n\n```text\nc\n```\n",
        "<!-- test: perhaps -->\n```sh\na\n```\n",
        "<!-- test: fails -->\n",
        "```console\nno command\n```\n",
    ],
)
def test_a_page_that_does_not_fit_together_is_refused(text):
    with pytest.raises(ValueError):
        steps(text)
