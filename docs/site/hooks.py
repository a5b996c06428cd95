"""What the site needs beyond its pages: files of the repository that pages link to, decisions in the navigation, a search that works from files."""

import pathlib
import posixpath
import re

from mkdocs.structure.files import File, InclusionLevel

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<=\]\()(\.\./[^)#\s]+)")
# Longer ones are given as they are: nobody reads them page by page.
MOST_LINES = 1000
# What the theme would fetch from elsewhere, and what stands for it here.
SHIM = "https://unpkg.com/iframe-worker/shim"
WORKER = "assets/worker.js"


def on_config(config):
    names = (path.name for path in (ROOT / "docs/decisions").glob("*.md"))
    decisions = sorted(names, key=lambda name: (name != "README.md", name))
    expand(config.nav, "decisions/*", [f"decisions/{name}" for name in decisions])
    return config


def expand(nav, placeholder, pages):
    for entry in nav:
        for title, content in entry.items() if isinstance(entry, dict) else ():
            if content == placeholder:
                entry[title] = pages
            elif isinstance(content, list):
                expand(content, placeholder, pages)


def outside(page, link):
    """The file or folder of the repository that a link of a page names, or None where it stays inside docs/ or names nothing."""
    target = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link))
    if target.startswith("docs/") or not (ROOT / target).exists():
        return None
    return target


def place(target):
    """Where the site has it."""
    path = ROOT / target
    return f"repository/{target}" if path.is_file() and lines(path) > MOST_LINES else f"repository/{target}.md"


def lines(path):
    return path.read_text().count("\n")


def on_files(files, config):
    targets = set()
    for page in [file for file in files if file.is_documentation_page()]:
        targets.update(outside(page.src_uri, link) for link in LINK.findall(page.content_string))
    for target in sorted(filter(None, targets)):
        content = shown(target) if place(target).endswith(".md") else (ROOT / target).read_text()
        files.append(File.generated(config, place(target), content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    worker = (ROOT / "docs/site/worker.js").read_text()
    files.append(File.generated(config, WORKER, content=worker))
    return files


def shown(target):
    path = ROOT / target
    parts = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    text = f"# {target}\n"
    for part in parts:
        name = part.relative_to(ROOT)
        language = {".yaml": "yaml", ".sh": "sh"}.get(part.suffix, "sh" if part.read_text().startswith("#!") else "text")
        heading = f"\n## {name}\n" if part != path else ""
        text += f"{heading}\n~~~~{language}\n{part.read_text().rstrip()}\n~~~~\n"
    return text


def on_page_markdown(markdown, page, config, files):
    here = page.file.src_uri

    def moved(match):
        target = outside(here, match[1])
        return posixpath.relpath(place(target), posixpath.dirname(here) or ".") if target else match[1]

    return LINK.sub(moved, markdown)


def on_post_page(output, page, config):
    return output.replace(SHIM, posixpath.relpath(WORKER, posixpath.dirname(page.url) or "."))


def on_post_template(output, template_name, config):
    return output.replace(SHIM, "/" + WORKER)


def on_page_content(html, page, config, files):
    # The path of a field breaks at its dots.
    html = re.sub(r"(?<=<td><code>)[^<]+", lambda path: path[0].replace(".", ".<wbr>"), html)
    return f'<div class="fields">{html}</div>' if page.file.src_uri == "reference.md" else html
