"""The annex of signers' names: who is in it, and how they stand on its pages."""
