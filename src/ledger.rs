//! The ledger: columns into which every stage books each cubic metre.
