"""The network of satellites and ground nodes: snapshots, routes, outages, shares of capacity."""
