//! Statistics: columns into which every stage books each extreme.

pub mod flow_class;
pub mod subcatchment;
