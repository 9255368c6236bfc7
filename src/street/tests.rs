//! Claims about grounds and streets.
