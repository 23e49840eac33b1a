"""SGP4 and SDP4 over many satellites: prepare a set once, propagate it many times."""
