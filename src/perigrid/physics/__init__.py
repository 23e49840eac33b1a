"""Arrays in, arrays out: orbits, light, power, heat, contacts, links, radiation. SI units."""
