"""The drawing kit: from bpmath objects to mobjects and animations."""
