//! Weather over time: rain gauges and evaporation.
