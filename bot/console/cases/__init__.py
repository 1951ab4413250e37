"""Cases on pages: the list, one case, its moves, and a first one step by step."""
