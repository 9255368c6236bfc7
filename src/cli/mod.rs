//! The command line: arguments become calls on the modules above.
