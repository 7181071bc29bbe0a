"""Speaks to printers: straight IPP, to a printer itself or to a queue of a CUPS server."""
