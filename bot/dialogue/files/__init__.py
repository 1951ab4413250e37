"""Reading a Rasa project's YAML: every value keeps its file and line, so that whatever is refused can be found."""
