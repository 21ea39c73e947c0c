"""Studies: which runs a comparison needs, running them side by side, and what is made of them."""
