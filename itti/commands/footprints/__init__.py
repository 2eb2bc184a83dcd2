"""``itti footprint`` and ``itti factors``: footprints of inventories, and the factors that count them."""
