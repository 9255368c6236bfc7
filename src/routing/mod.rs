//! Water in pipes and rivers.
