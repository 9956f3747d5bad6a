"""docs/numpy.md is what the tables say."""

import importlib.util
from pathlib import Path

WRITER = Path(__file__).parent.parent / "docs" / "write.py"


def test_the_page_is_what_the_tables_say():
    spec = importlib.util.spec_from_file_location("write", WRITER)
    assert spec is not None and spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    again = "write it again: python docs/write.py --write"
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), again
