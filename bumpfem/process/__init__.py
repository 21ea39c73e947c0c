"""How a joint is made and how it serves: materials of a cell, its loading, thermal cycling."""
