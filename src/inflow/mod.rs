//! What enters the network besides runoff: direct and dry-weather inflow.
