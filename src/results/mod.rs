//! Result files: one module a format, written and read.
