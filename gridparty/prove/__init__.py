"""The scope prover: walks every address as every role and looks for one row too many."""
