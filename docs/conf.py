"""Configuration of the documentation. Nothing here is fetched: the build works offline."""

from __future__ import annotations

import sys
from pathlib import Path

from openward import __version__

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "openward"
author = "The openward developers"
copyright = author
release = version = __version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "mathml",
    "generated_pages",
]
exclude_patterns = ["_build", "_ext", "jupyter_execute", "**.ipynb_checkpoints"]

html_theme = "furo"
html_math_renderer = "mathml"
html_title = f"openward {release}"
html_static_path = ["_static"]

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_in_temp = True
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
numpydoc_show_class_members = False

# Two rooms may give a class the same name; a type in a docstring then has two targets, which is no fault.
suppress_warnings = ["ref.python"]
