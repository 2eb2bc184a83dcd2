"""Fresh proofs: asked for before what weighs much."""
