"""Files that are whole or not there. Until then they have a random name and are made exclusively, so that nobody can have laid a link in the way."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft(path):
    """An empty file beside path, with its extension, for its own account only. At the end it takes path's place, where it replaces a link; it goes if that fails."""
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=f".part{path.suffix}")
    os.close(handle)
    try:
        yield Path(name)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path, text):
    with draft(path) as unfinished:
        unfinished.write_text(text)
