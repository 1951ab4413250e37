"""Card numbers."""


def number_for(name):
    return f"L-{len(name)}"
