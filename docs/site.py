"""Lets the site hold pages that stand outside docs/, and leads links to other files to the source.

MkDocs calls `on_files` and `on_page_markdown`. A link is written as a repository's page needs it:
relative to the file that it is in.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

REPOSITORY = Path(__file__).parent.parent
SOURCE = "https://github.com/openlineage-avro/openlineage-avro/blob/main/"
DOCS, OUTSIDE = "docs/", "repository/"
PAGES = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "schemas/README.md")
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#|/)([^)#\s]+)")
CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from outside docs/."""
    for page in PAGES:
        source = str(REPOSITORY / page)
        files.append(File.generated(config, OUTSIDE + page, abs_src_path=source))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return a page's text with its links as they lead on the site."""
    here = page.file.src_uri
    parts = CODE.split(markdown)
    parts[::2] = [LINK.sub(lambda link: _on_site(here, link[1]), text) for text in parts[::2]]
    return "".join(parts)


def _on_site(here: str, link: str) -> str:
    """Return where a link of a page leads on the site; raise PluginError where nothing is."""
    file = here.removeprefix(OUTSIDE) if here.startswith(OUTSIDE) else DOCS + here
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), link))
    if not (REPOSITORY / target).exists():
        raise PluginError(f"{file}: expected a link to a file of the repository, got {link}")
    if target in PAGES:
        place = OUTSIDE + target
    elif target.startswith(DOCS):
        place = target.removeprefix(DOCS)
    else:
        return SOURCE + target
    return posixpath.relpath(place, posixpath.dirname(here) or ".")
