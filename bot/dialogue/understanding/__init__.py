"""From words to intent and entities: the NLU pipeline of config.yml, by Rasa's component names."""
