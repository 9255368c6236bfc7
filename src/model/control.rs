//! Control rules, as data.

/// The rules of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Controls {}
