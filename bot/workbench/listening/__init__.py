"""How well what families write is understood: labelled messages, the figures over them, and the weights learned from them."""
