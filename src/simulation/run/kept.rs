//! What a run changes, to a checkpoint and back.

use std::io::{self, Write};

use crate::simulation::checkpoint::{misfit, put, take};

use super::Run;

impl Run<'_> {
    /// Writes all that steps change. What is made from the input is left out; each field is named, so that a new one is
    /// thought of.
    pub fn keep(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self {
            model: _,
            params: _,
            stages: _,
            weather,
            land,
            dry_weather,
            state,
            controls,
            now,
            before,
            end: _,
            next_report,
            event,
            between_events,
            has_land: _,
            routes: _,
            first_step_taken,
            flows,
            unbooked,
            outfall_stages,
            leaving,
            head,
            evaporated,
            seeped,
            // filled anew at each report
            columns: _,
            street,
            summary,
        } = self;
        put(&(now, before, next_report, event, between_events, first_step_taken), out)?;
        put(&(weather, land, dry_weather, state, controls), out)?;
        put(&(flows, unbooked, outfall_stages, leaving, head, evaporated, seeped), out)?;
        put(summary, out)?;
        match street {
            Some(street) => street.keep(out),
            None => Ok(()),
        }
    }

    /// Takes what [`Run::keep`] wrote; the run must be one of the same model.
    pub fn go_on(&mut self, from: &mut &[u8]) -> io::Result<()> {
        (self.now, self.before, self.next_report, self.event, self.between_events, self.first_step_taken) =
            take(from)?;
        let (nodes, links) = (self.state.nodes.depth.len(), self.state.links.flow.len());
        (self.weather, self.land, self.dry_weather, self.state, self.controls) = take(from)?;
        if (self.state.nodes.depth.len(), self.state.links.flow.len()) != (nodes, links) {
            return Err(misfit());
        }
        (
            self.flows,
            self.unbooked,
            self.outfall_stages,
            self.leaving,
            self.head,
            self.evaporated,
            self.seeped,
        ) = take(from)?;
        let fresh = std::mem::replace(&mut self.summary, take(from)?);
        self.summary.diagnostics = fresh.diagnostics;
        self.summary.links = fresh.links;
        self.summary.rain_files = fresh.rain_files;
        self.summary.threads = fresh.threads;
        match &mut self.street {
            Some(street) => street.go_on(from),
            None => Ok(()),
        }
    }
}
