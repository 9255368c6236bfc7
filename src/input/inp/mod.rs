//! SWMM 5.2 `.inp` text.

pub mod controls;
