"""Pictures of a plan, as SVG of our own: figures in, text out. Each is readable without colour and has a table beside it on its page."""
