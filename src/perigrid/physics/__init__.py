"""Arrays in, arrays out: orbit, Sun, power, heat, contacts, links. SI units, shapes stated."""
