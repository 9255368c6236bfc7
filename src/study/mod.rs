//! Many runs: storms x options x horizons, in parallel, cached, resumable.
