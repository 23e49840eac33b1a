"""The pictures of the report, each a function from figures or frames to SVG."""
