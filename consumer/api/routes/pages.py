"""The web application: its page at /, and what that loads."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)

HEADERS = {
    # The names of what the page loads change with every build, the page's own does not.
    "Cache-Control": "no-cache",
    # Nothing comes from elsewhere; data: and blob: are graphs that are exported.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:;"
    " style-src 'self' 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lineage: not built</title>
<h1>The web application is not built</h1>
<p>The API works: <a href="docs">its pages</a> say what can be asked.</p>
<p>In a clone of the repository, <code>make web</code> builds the application into
<code>web/dist</code>; it needs Node 20 or later. The wheel holds it already.</p>
</html>
"""


@cache
def bundle() -> Path:
    """Return the folder of the built application: the wheel's, else the repository's."""
    package = Path(__file__).parents[2]
    packaged = package / "web_application"
    return packaged if packaged.exists() else package.parent / "web" / "dist"


@router.get("/")
def get_page() -> Response:
    """Return the application's page; where it is not built, what to do."""
    page = bundle() / "index.html"
    if not page.exists():
        return HTMLResponse(NOT_BUILT, 503)
    return FileResponse(page, headers=HEADERS)


def add_pages(app: FastAPI) -> None:
    """Have an API serve the application."""
    app.include_router(router)
    app.mount("/assets", StaticFiles(directory=bundle() / "assets", check_dir=False))
