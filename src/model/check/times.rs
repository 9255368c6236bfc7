//! Dates and steps.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::options::{Options, RoutingMethod};

/// Shortest routing step, s.
const SHORTEST_STEP: f64 = 0.001;
/// Links for each thread, below which EPA's engine runs on one thread.
const LINKS_FOR_A_THREAD: usize = 4;

/// Dates in order; a reporting step within the simulation and not below the routing step.
pub(super) fn check_dates(model: &mut Model, found: &mut Vec<Diagnostic>) {
    let options = &mut model.options;
    options.report_start = options.report_start.max(options.start);
    if options.end <= options.start {
        found.push(
            Diagnostic::error(
                191,
                format!("the simulation ends at {}, not after its start at {}", options.end, options.start),
            )
            .help("set END_DATE and END_TIME after START_DATE and START_TIME"),
        );
    } else if options.end <= options.report_start {
        found.push(
            Diagnostic::error(
                193,
                format!("results start at {}, not before the end at {}", options.report_start, options.end),
            )
            .help("set REPORT_START_DATE and REPORT_START_TIME before the end of the simulation"),
        );
    } else {
        let duration = options.end.seconds_since(options.start).floor();
        if f64::from(options.report_step) > duration {
            options.report_step = duration as u32;
        }
        if f64::from(options.report_step) < options.routing_step {
            found.push(
                Diagnostic::error(
                    195,
                    format!(
                        "results every {} s are more frequent than routing steps of {} s",
                        options.report_step, options.routing_step
                    ),
                )
                .help("lower ROUTING_STEP, or raise REPORT_STEP or the duration of the simulation"),
            );
        }
    }
}

/// Runoff in dry weather no finer than in wet weather, routing no coarser than runoff.
pub(super) fn check_steps(model: &mut Model, found: &mut Vec<Diagnostic>) {
    let options = &mut model.options;
    if options.dry_step < options.wet_step {
        found.push(Diagnostic::warning(
            6,
            format!(
                "dry weather step of {} s raised to the wet weather step of {} s",
                options.dry_step, options.wet_step
            ),
        ));
        options.dry_step = options.wet_step;
    }
    let wet_step = f64::from(options.wet_step);
    if options.routing_step > wet_step {
        found.push(Diagnostic::warning(
            7,
            format!(
                "routing step of {} s reduced to the wet weather step of {wet_step} s",
                options.routing_step
            ),
        ));
        options.unreduced_routing_step = Some(options.routing_step);
        options.routing_step = wet_step;
    }
}

/// Options of the dynamic wave within their bounds; those given as 0 at their defaults.
pub(super) fn fill_in_dynamic_wave(model: &mut Model) {
    let options = &mut model.options;
    if options.routing != RoutingMethod::Dynamic {
        return;
    }
    let default = Options::default();
    options.minimum_step = options.minimum_step.min(options.routing_step).max(SHORTEST_STEP);
    if options.minimum_surface_area == 0.0 {
        options.minimum_surface_area = default.minimum_surface_area;
    }
    if options.head_tolerance == 0.0 {
        options.head_tolerance = default.head_tolerance;
    }
    if options.max_trials == 0 {
        options.max_trials = default.max_trials;
    }
}

/// One thread for small networks.
pub(super) fn limit_threads(model: &mut Model) {
    let threads = model.options.threads as usize;
    if model.links.len() < threads.saturating_mul(LINKS_FOR_A_THREAD) {
        model.options.threads = 1;
    }
}
