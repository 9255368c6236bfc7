//! Cases with a known answer: closed forms and ordinary differential equations against what the
//! whole program computes, from the model's text to the binary results.
//!
//! `cargo test --test validation -- --nocapture` prints every comparison. With `PAILAO_FIGURES`
//! set to a folder the figures are written there. With `PAILAO_ENGINE` set to a program that takes
//! `IN RPT OUT`, such as EPA's `runswmm`, that engine is judged instead.
//!
//! Gravity is 9.81 m/s² here and 32.2 ft/s² in the dynamic wave (0.05 % more); Manning's constant
//! is 1 here and EPA's 1.486 ft^(1/3)/s there (0.006 % more).

mod basins;
mod catchments;
mod comparison;
mod engine;
mod figure;
mod integration;
mod pressure;
mod profiles;
mod uniform;

/// Gravity of the closed forms, m/s².
const GRAVITY: f64 = 9.81;
