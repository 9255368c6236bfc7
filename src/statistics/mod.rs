//! Statistics: columns into which every stage books each extreme.

pub mod subcatchment;
