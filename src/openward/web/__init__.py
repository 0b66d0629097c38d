"""The local workbench: look up a rate, edit the law, see the impact. Thin; the rooms below compute."""
