"""Commands about any Rasa project: chat, run, data validate, test, train (`--project DIR`)."""
