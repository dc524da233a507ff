"""The stage: pictures of the case, the sum written out, and the transport."""
