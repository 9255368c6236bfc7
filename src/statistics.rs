//! Statistics: columns into which every stage books each extreme.
