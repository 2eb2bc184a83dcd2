"""Fresh proofs: who does what weighs much proves once more who they are."""
