//! Rain to runoff: losses, infiltration, overland flow.
