//! Comparisons of runs as tables and pictures.
