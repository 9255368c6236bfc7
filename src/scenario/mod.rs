//! What the engineer asks for, as plain data.

pub mod storm;
