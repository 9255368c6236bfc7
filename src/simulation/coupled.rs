//! The surface of a coupled run: it meets the network once a step of the network, and then advances over the same time
//! in steps of its own.
//!
//! The network asks the rate of each place in its trials, with the level of the street at the start of the step; what
//! it settles on is moved between the two: what goes down at once, which the cell is sure to hold, what comes up
//! evenly over the step. What rounding keeps from being moved is moved in the next step.

use std::io::{self, Write};

use crate::forcing;
use crate::model::{LinkId, Model};
use crate::num::index::Id;
use crate::num::real::Real;
use crate::routing::exchange::{Passage, Point, Points};
use crate::routing::params::Slot;
use crate::routing::{self, Params};
use crate::surface::{self, Cell, CellMaxima, Fault, Forcing, Grid, Series, Shape, Start};
use crate::units::TINY_DEPTH;

use super::checkpoint::{misfit, put, take};
use super::street::{Exchanged, Precision, Street, StreetSteps, StreetSummary, View, ZoneRain};

/// The share of a cell's water that may go down in a step. What is taken is taken at the start of the step; a cell that
/// were emptied then would be found full and empty by turns.
const MOST_OF_A_CELL: f64 = 0.5;
/// By how much a step may be longer than the surface allows, which leaves room for it: a tiny step more costs as much as
/// a long one.
const HARDLY_LONGER: f64 = 1.05;
/// By how much the even step of the surface may grow from step to step of the network, and fall below that before for
/// the sake of a single short one: steps that change slowly do not rock the water.
const GROWTH: f64 = 1.05;
const FALL: f64 = 0.5;
/// What a step may be longer than the even one for the clock of the network, which counts milliseconds (s).
const CLOCK: f64 = 6.0e-4;
/// How much higher or lower than its own cell those around a manhole may lie to share its water (m).
const PATCH_RELIEF: f64 = 0.3;
/// The smallest area of the shaft of a node above the ground (m²).
const LEAST_SHAFT: f64 = 1.0;

/// What the run asks of a surface, whatever its numbers.
pub(super) trait Surface: View {
    /// How long the next step of the network is to be (s), which would take `asked`, when both stand still together in
    /// `rest` seconds at the latest.
    fn fit_step(&mut self, network: &routing::State, asked: f64, rest: f64) -> f64;
    /// Where the network meets the street in a step of `dt` seconds.
    fn meet(&mut self, network: &routing::State, dt: f64) -> &Points;
    /// The level (m) that holds an outfall back, if water stands at its mouth.
    fn stage_at(&self, node: usize) -> Option<f64>;
    /// Takes what the network settled on, and gives the volumes (m³) that went up and down.
    fn take(&mut self, network: &routing::State, leaving: &[f64], dt: f64) -> (f64, f64);
    /// Advances by `dt` seconds.
    fn advance(&mut self, dt: f64);
    /// The surface as it is to be looked at.
    fn view(&self) -> &dyn View;
    /// The end.
    fn close(&self) -> StreetSummary;
    /// Writes all that changes.
    fn keep(&self, out: &mut dyn Write) -> io::Result<()>;
    /// Takes what [`Surface::keep`] wrote of the same street.
    fn go_on(&mut self, from: &mut &[u8]) -> io::Result<()>;
}

/// Joins a street to a network, which it opens: nodes below the street hold water above their rims.
///
/// # Errors
/// What the surface cannot be compiled from.
pub(super) fn join<'a>(
    model: &Model,
    street: &'a Street,
    params: &mut Params,
) -> Result<Box<dyn Surface + 'a>, Vec<Fault>> {
    let places = places(model, street);
    open(model, params, street, &places);
    Ok(match street.precision {
        Precision::Single => Box::new(Joined::<f32>::new(model, street, params, places)?),
        Precision::Double => Box::new(Joined::<f64>::new(model, street, params, places)?),
    })
}

/// Which of the street's lists a place belongs to.
#[derive(Clone, Copy, Debug)]
enum Part {
    Manhole(usize),
    /// A bank's share at one end of its channel.
    Bank(usize),
}

/// Where a node meets a cell.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: usize,
    part: Part,
    cell: Cell,
    passage: Passage,
    sill: f64,
    /// Invert of the node (m).
    invert: f64,
    /// The other end of the channel, its invert (m), and how far away from this one the bank lies, 0 to 1.
    other: Option<(usize, f64, f64)>,
}

/// All places, in order of nodes.
fn places(model: &Model, street: &Street) -> Vec<Place> {
    let mut places = Vec::new();
    for (i, manhole) in street.manholes.iter().enumerate() {
        places.push(Place {
            node: manhole.node.index(),
            part: Part::Manhole(i),
            cell: manhole.cell,
            passage: Passage::Opening(manhole.opening),
            // no water stands below the invert
            sill: manhole.rim.max(model.nodes[manhole.node].invert),
            invert: model.nodes[manhole.node].invert,
            other: None,
        });
    }
    for (i, bank) in street.banks.iter().enumerate() {
        let link = &model.links[bank.link];
        let ends = [(link.from, bank.along), (link.to, 1.0 - bank.along)];
        for (end, (node, away)) in ends.into_iter().enumerate() {
            let (other, share) = (ends[1 - end].0, 1.0 - away);
            if share <= 0.0 || model.nodes[node].is_outfall() {
                continue;
            }
            places.push(Place {
                node: node.index(),
                part: Part::Bank(i),
                cell: bank.cell,
                passage: Passage::Bank(bank.weir * bank.length * share),
                sill: bank.crest,
                invert: model.nodes[node].invert,
                other: Some((other.index(), model.nodes[other].invert, away)),
            });
        }
    }
    places.sort_by_key(|place| place.node);
    places
}

/// Lets water stand above the nodes of places: in the shaft of a manhole, between the banks of a channel. What ponded
/// there without a street now stands on its cells.
fn open(model: &Model, params: &mut Params, street: &Street, places: &[Place]) {
    let mut areas: Vec<f64> = vec![0.0; model.nodes.len()];
    for place in places {
        areas[place.node] += match place.part {
            Part::Manhole(i) => street.manholes[i].opening.area,
            Part::Bank(..) => 0.0,
        };
    }
    let mut channels: Vec<LinkId> = street.banks.iter().map(|bank| bank.link).collect();
    channels.sort();
    channels.dedup();
    for link in channels {
        let Slot::Conduit(slot) = params.slots[link.index()] else { continue };
        let conduit = &params.network.conduits[slot];
        let half = 0.5 * conduit.section.width(conduit.section.full_depth) * conduit.length * conduit.barrels;
        for node in [model.links[link].from, model.links[link].to] {
            areas[node.index()] += half;
        }
    }
    for place in places {
        let node = &mut params.network.nodes[place.node];
        node.can_pond = true;
        node.shaft = areas[place.node].max(LEAST_SHAFT);
        node.ponded_area = node.shaft;
    }
}

/// A street joined to a network.
struct Joined<'a, R: Real> {
    street: &'a Street,
    params: surface::Params<R>,
    state: surface::State<R>,
    places: Vec<Place>,
    /// The cells of each place, each with the number of places that share it.
    patches: Vec<Vec<(Cell, f64)>>,
    points: Points,
    /// Flow of each place over the last step, m³/s.
    flows: Vec<f64>,
    /// What each place still has to move on the surface, m³.
    owed: Vec<f64>,
    /// What each outlet still has to move, m³: below zero it is to be taken.
    owed_by_outlets: Vec<f64>,
    /// Flow that left each outlet at the end of the last step, m³/s.
    left: Vec<f64>,
    manhole_flows: Vec<f64>,
    bank_flows: Vec<f64>,
    outlet_flows: Vec<f64>,
    manholes: Vec<Exchanged>,
    banks: Vec<Exchanged>,
    outlets: Vec<Exchanged>,
    rain: Vec<Series>,
    forcing: Forcing,
    steps: StreetSteps,
    /// The even step of the surface (s); infinite at the start.
    even: f64,
    rain_end: f64,
}

/// The steps of the surface under those of the network: as even as can be.
///
/// The network takes steps as its pipes ask, of which those of the surface have to be parts. If they changed in length
/// from one to the next, they would rock the shortest waves of deep water ([`surface::even_step`]): a pool of half a
/// metre with a steady spring rose in waves of up to 0.2 m from second to second. So the network takes whole numbers of
/// steps of the surface, and these change slowly.
struct EvenSteps {
    /// The even step before (s).
    before: f64,
}

impl EvenSteps {
    /// The next step of the network and that of the surface (s): the surface allows steps of `allowed`, the network
    /// asks for one of `asked`, and in `rest` both stand still together.
    fn next(&self, allowed: f64, asked: f64, rest: f64) -> (f64, f64) {
        let slack = 1.0e-6;
        let part = |longest: f64| rest / (rest / longest - slack).ceil().max(1.0);
        let even = allowed.min(GROWTH * self.before);
        let step = part(even);
        let count = (asked / step + slack).floor();
        if count >= 1.0 {
            return (count * step, even);
        }
        // the network goes in shorter steps: the surface with it, and where it goes on in them evenly
        (asked, asked.max(FALL * even))
    }
}

/// The cells among which each place shares its water: for a manhole its own and those around it that lie about as high,
/// since one cell of a fine grid is filled or emptied within a step, and its level then swings from step to step; for
/// a bank its own.
fn patches<R: Real>(params: &surface::Params<R>, places: &[Place]) -> Vec<Vec<(Cell, f64)>> {
    let grid = params.grid;
    let around = |place: &Place| -> Vec<Cell> {
        let Part::Manhole(_) = place.part else { return vec![place.cell] };
        let (row, column) = grid.row_and_column(place.cell);
        let near = |i: usize| i.saturating_sub(1)..=i + 1;
        near(row)
            .flat_map(|r| near(column).filter_map(move |c| grid.cell(r, c)))
            .filter(|cell| (params.bed(*cell) - params.bed(place.cell)).abs() < PATCH_RELIEF)
            .collect()
    };
    let cells: Vec<Vec<Cell>> = places.iter().map(around).collect();
    let mut all: Vec<Cell> = cells.iter().flatten().copied().collect();
    all.sort();
    let sharers =
        |cell: Cell| all.partition_point(|other| *other <= cell) - all.partition_point(|other| *other < cell);
    cells
        .into_iter()
        .map(|patch| patch.into_iter().map(|cell| (cell, sharers(cell) as f64)).collect())
        .collect()
}

impl<'a, R: Real> Joined<'a, R> {
    fn new(
        model: &Model,
        street: &'a Street,
        network: &Params,
        places: Vec<Place>,
    ) -> Result<Self, Vec<Fault>> {
        let params = surface::Params::<R>::new(&street.setup)?;
        let start = street.initial_depth.as_ref().map_or(Start::Dry, Start::Depths);
        let state = surface::State::new(&params, start);
        let weather = forcing::Params::compile(model);
        let (mut rain, mut rain_end) = (Vec::new(), 0.0_f64);
        for zone in &street.rain {
            let steps = match zone {
                ZoneRain::Gauge(gauge) => weather.gauges.steps(*gauge),
                ZoneRain::Steps(steps) => steps.clone(),
            };
            rain_end = rain_end.max(end_of_rain(&steps));
            rain.extend(Series::new(Shape::Steps, steps));
        }
        if !street.rain_on_grid {
            for (gauge, _) in model.gauges.iter() {
                rain_end = rain_end.max(end_of_rain(&weather.gauges.steps(gauge)));
            }
        }
        let duration = model.options.duration() as f64;
        let template = places.iter().map(|place| (place.node, Point::closed(place.passage)));
        let points = Points::new(network.network.nodes.len(), &template.collect::<Vec<_>>());
        let counts = (street.manholes.len(), street.banks.len(), street.outlets.len());
        let patches = patches(&params, &places);
        Ok(Self {
            patches,
            points,
            flows: vec![0.0; places.len()],
            owed: vec![0.0; places.len()],
            owed_by_outlets: vec![0.0; counts.2],
            left: vec![0.0; counts.2],
            manhole_flows: vec![0.0; counts.0],
            bank_flows: vec![0.0; counts.1],
            outlet_flows: vec![0.0; counts.2],
            manholes: vec![Exchanged::default(); counts.0],
            banks: vec![Exchanged::default(); counts.1],
            outlets: vec![Exchanged::default(); counts.2],
            rain,
            forcing: Forcing::default(),
            steps: StreetSteps { shortest: f64::INFINITY, ..StreetSteps::default() },
            even: f64::INFINITY,
            rain_end: rain_end.min(duration),
            street,
            params,
            state,
            places,
        })
    }

    /// Whether water passes anywhere, or may in the next step.
    fn meets(&self, network: &routing::State) -> bool {
        let depth = &network.nodes.depth;
        self.flows.iter().chain(&self.outlet_flows).any(|flow| *flow != 0.0)
            || self.places.iter().any(|place| {
                let head = depth[place.node] + self.datum(place, depth);
                let wet = self.state.depth(place.cell) > self.params.options.dry_depth;
                head > place.sill || (wet && self.state.level(&self.params, place.cell) > place.sill)
            })
    }

    /// The next step of the surface (s) when `left` are left of that of the network.
    fn planned(&self, left: f64) -> f64 {
        let allowed = HARDLY_LONGER * self.state.allowed_step(&self.params);
        surface::even_step(left, allowed.min(self.even + CLOCK))
    }

    /// What turns the depth of a node into the head at a place (m), from the depths at both ends of its channel.
    fn datum(&self, place: &Place, depth: &[f64]) -> f64 {
        place.other.map_or(place.invert, |(other, invert, away)| {
            let here = (place.invert, depth[place.node]);
            level_between(here, (invert, depth[other]), away) - depth[place.node]
        })
    }

    /// The mean level (m) of the water that is one with that of the place's own cell: of those cells of the patch whose
    /// water overlaps it in height. A film on the pavement beside a gutter, or on the next cell of a steep street, is no
    /// part of the depth at the inlet. The patch holds the own cell.
    fn level_at(&self, place: &Place, patch: &[(Cell, f64)]) -> f64 {
        let water = |cell: Cell| (self.params.bed(cell), self.state.level(&self.params, cell));
        let (bed, level) = water(place.cell);
        let levels = patch.iter().map(|(cell, _)| (*cell, water(*cell)));
        let one = levels
            .filter(|(cell, (other, surface))| *cell == place.cell || other.max(bed) < surface.min(level));
        let (sum, count) = one.fold((0.0, 0.0), |(sum, count), (_, (_, level))| (sum + level, count + 1.0));
        sum / count
    }

    /// Moves volumes (m³) into cells or out of them; what cannot be moved stays owed.
    fn settle(&mut self, share: f64, down: bool) {
        for k in 0..self.places.len() {
            let volume = self.owed[k] * if down { 1.0 } else { share };
            if volume != 0.0 && (volume < 0.0) == down {
                let patch = &self.patches[k];
                // what comes up is shared evenly, what goes down by what each cell can give
                let depth =
                    |state: &surface::State<R>, (cell, sharers): (Cell, f64)| state.depth(cell) / sharers;
                let held: f64 = patch.iter().map(|part| depth(&self.state, *part)).sum();
                let even = 1.0 / patch.len() as f64;
                let parts: Vec<f64> = patch
                    .iter()
                    .map(|part| if down && held > 0.0 { depth(&self.state, *part) / held } else { even })
                    .collect();
                for ((cell, _), part) in patch.iter().zip(parts) {
                    self.owed[k] -= self.state.exchange(&self.params, *cell, volume * part);
                }
            }
        }
        for (owed, outlet) in self.owed_by_outlets.iter_mut().zip(&self.street.outlets) {
            let volume = *owed * if down { 1.0 } else { share };
            if volume != 0.0 && (volume < 0.0) == down {
                *owed -= self.state.exchange(&self.params, outlet.cell, volume);
            }
        }
    }
}

/// The level (m) in a channel at a share of the way from `here` to `there`, inverts and depths (m): a straight line between the
/// two levels, but no higher than both the level of the lower end and the bed with the depth of the upper one. A steep
/// channel with backwater at its foot has no water at all on the straight line.
fn level_between(here: (f64, f64), there: (f64, f64), away: f64) -> f64 {
    let between = |a: f64, b: f64| a + away * (b - a);
    let (one, other) = (here.0 + here.1, there.0 + there.1);
    let (low, upper_depth) = if one < other { (one, there.1) } else { (other, here.1) };
    between(one, other).min(low.max(between(here.0, there.0) + upper_depth))
}

/// When the last rain of some steps ends, s.
fn end_of_rain(steps: &[(f64, f64)]) -> f64 {
    steps.windows(2).filter(|w| w[0].1 > 0.0).map(|w| w[1].0).fold(0.0, f64::max)
}

impl Exchanged {
    fn book(&mut self, flow: f64, dt: f64, now: f64) {
        if flow > 0.0 {
            self.up += flow * dt;
            self.peak_up = self.peak_up.max(flow);
            self.first_up.get_or_insert(now);
        } else {
            self.down -= flow * dt;
            self.peak_down = self.peak_down.max(-flow);
        }
    }
}

impl<R: Real> Surface for Joined<'_, R> {
    fn keep(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self {
            street: _,
            params: _,
            state,
            places: _,
            patches: _,
            // set anew when the two meet
            points: _,
            flows,
            owed,
            owed_by_outlets,
            left,
            manhole_flows,
            bank_flows,
            outlet_flows,
            manholes,
            banks,
            outlets,
            rain: _,
            // filled anew in each step
            forcing: _,
            steps,
            even,
            rain_end: _,
        } = self;
        put(&(flows, owed, owed_by_outlets, left, manhole_flows, bank_flows, outlet_flows), out)?;
        put(&(manholes, banks, outlets, steps, even), out)?;
        put(state, out)
    }

    fn go_on(&mut self, from: &mut &[u8]) -> io::Result<()> {
        (
            self.flows,
            self.owed,
            self.owed_by_outlets,
            self.left,
            self.manhole_flows,
            self.bank_flows,
            self.outlet_flows,
        ) = take(from)?;
        (self.manholes, self.banks, self.outlets, self.steps, self.even) = take(from)?;
        self.state = take(from)?;
        if self.flows.len() != self.places.len() || !self.state.is_of(&self.params) {
            return Err(misfit());
        }
        Ok(())
    }

    fn fit_step(&mut self, network: &routing::State, asked: f64, rest: f64) -> f64 {
        let allowed = self.state.allowed_step(&self.params);
        let longest = if self.meets(network) {
            // whole steps of the surface, so that none is wasted
            let exchange = self.street.exchange_step;
            if allowed > exchange { exchange } else { allowed * (exchange / allowed).floor() }
        } else {
            f64::INFINITY
        };
        let even = EvenSteps { before: self.even };
        let (step, even) = even.next(allowed, asked.min(longest).min(rest), rest);
        self.even = even;
        step
    }

    fn meet(&mut self, network: &routing::State, dt: f64) -> &Points {
        let (grid, depth) = (self.params.grid, &network.nodes.depth);
        for (k, place) in self.places.iter().enumerate() {
            let patch = &self.patches[k];
            let count = patch.len() as f64;
            let mean = |of: &dyn Fn(Cell, f64) -> f64| {
                patch.iter().map(|(cell, sharers)| of(*cell, *sharers)).sum::<f64>() / count
            };
            let own = mean(&|cell, sharers| self.state.depth(cell) / sharers);
            let street = self.level_at(place, patch);
            let sharers = mean(&|_, sharers| sharers);
            let held = MOST_OF_A_CELL * own * count * grid.area() / dt;
            self.points.points[k] = Point {
                passage: place.passage,
                datum: self.datum(place, depth),
                sill: place.sill,
                street,
                // as if nothing ran off within the step: an estimate that is too small lets the two levels swing, one that
                // is too large only lets a change take a few steps
                ease: dt * sharers / (count * grid.area()),
                before: self.flows[k],
                most_down: if self.street.one_way { 0.0 } else { held },
                gives: place.other.is_none() || depth[place.node] > TINY_DEPTH,
            };
        }
        &self.points
    }

    fn stage_at(&self, node: usize) -> Option<f64> {
        let place = self.street.outlets.iter().position(|outlet| outlet.node.index() == node)?;
        let cell = self.street.outlets[place].cell;
        // what is still to be taken is no water that could hold the outfall back; after rounding there always is some
        let owed = self.owed_by_outlets[place].min(0.0) / self.params.grid.area();
        let wet = self.state.depth(cell) + owed > self.params.options.dry_depth;
        // water rises to the ground before it leaves, also where that is dry: if it fell free whenever it is, the pipe
        // below would fill and empty by turns
        let below = self.street.outlets[place].invert < self.params.bed(cell);
        ((wet || below) && !self.street.one_way).then(|| self.state.level(&self.params, cell))
    }

    fn take(&mut self, network: &routing::State, leaving: &[f64], dt: f64) -> (f64, f64) {
        let nodes = &network.dynamic.nodes;
        self.points.flows(|node| nodes[node].asked, &mut self.flows);
        self.manhole_flows.fill(0.0);
        self.bank_flows.fill(0.0);
        let (mut up, mut down) = (0.0, 0.0);
        for (k, place) in self.places.iter().enumerate() {
            let flow = self.flows[k];
            self.owed[k] += flow * dt;
            *(if flow > 0.0 { &mut up } else { &mut down }) += flow.abs() * dt;
            match place.part {
                Part::Manhole(i) => self.manhole_flows[i] += flow,
                Part::Bank(i) => self.bank_flows[i] += flow,
            }
        }
        let now = self.state.time;
        for (exchanged, flow) in self.manholes.iter_mut().zip(&self.manhole_flows) {
            exchanged.book(*flow, dt, now);
        }
        for (exchanged, flow) in self.banks.iter_mut().zip(&self.bank_flows) {
            exchanged.book(*flow, dt, now);
        }
        for (i, outlet) in self.street.outlets.iter().enumerate() {
            // the network books its outfalls by the trapezoid
            let flow = 0.5 * (self.left[i] + leaving[outlet.node.index()]);
            self.left[i] = leaving[outlet.node.index()];
            self.outlet_flows[i] = flow;
            self.owed_by_outlets[i] += flow * dt;
            self.outlets[i].book(flow, dt, now);
        }
        (up, down)
    }

    fn advance(&mut self, dt: f64) {
        let end = self.state.time + dt;
        self.settle(1.0, true);
        let mut given = self.state.time;
        while self.state.time < end {
            let left = end - self.state.time;
            let planned = self.planned(left);
            let until = if planned >= left { end } else { self.state.time + planned };
            if until > given {
                self.settle(((until - given) / (end - given)).min(1.0), false);
                given = until;
            }
            // what came up may have made the water faster
            let step = planned.min(self.planned(left));
            if step < self.steps.shortest {
                self.steps.shortest = step;
                self.steps.tightest = self.state.limiting_cell(&self.params).map(|at| (at.cell, at.time));
            }
            let (from, to) = (self.state.time, self.state.time + step);
            fill(&mut self.forcing.rain, &self.rain, |series| series.mean(from, to));
            fill(&mut self.forcing.inflow, &self.street.inflow, |series| series.mean(from, to));
            fill(&mut self.forcing.stage, &self.street.stage, |series| series.at(to));
            surface::step(&self.params, &mut self.state, &self.forcing, step);
            self.steps.surface += 1;
            if step >= left {
                self.state.time = end;
            }
        }
        self.steps.network += 1;
    }

    fn view(&self) -> &dyn View {
        self
    }

    fn close(&self) -> StreetSummary {
        let grid = self.params.grid;
        let stored = self.state.stored(&self.params);
        let until = self.state.time;
        let rain = self.rain.iter().zip(self.params.rained_areas());
        let mut steps = self.steps;
        if steps.surface == 0 {
            steps.shortest = 0.0;
        }
        StreetSummary {
            maxima: grid.all().filter_map(|cell| self.maxima(cell)).collect(),
            final_depth: grid.all().map(|cell| self.state.depth(cell) as f32).collect(),
            ledger: self.state.ledger.clone(),
            stored,
            volume_error: self.state.ledger.error(stored),
            manholes: self.manholes.clone(),
            banks: self.banks.clone(),
            outlets: self.outlets.clone(),
            passed: self.state.passed.clone(),
            steps,
            rain_end: self.rain_end,
            rain_expected: rain.map(|(series, area)| series.mean(0.0, until) * until * area).sum(),
            unsettled: self.owed.iter().chain(&self.owed_by_outlets).sum(),
            grid,
        }
    }
}

fn fill(into: &mut Vec<f64>, series: &[Series], value: impl Fn(&Series) -> f64) {
    into.clear();
    into.extend(series.iter().map(value));
}

impl<R: Real> View for Joined<'_, R> {
    fn grid(&self) -> Grid {
        self.params.grid
    }
    fn depth(&self, cell: Cell) -> f64 {
        self.state.depth(cell)
    }
    fn level(&self, cell: Cell) -> f64 {
        self.state.level(&self.params, cell)
    }
    fn discharge(&self, cell: Cell) -> (f64, f64) {
        self.state.discharge(&self.params, cell)
    }
    fn speed(&self, cell: Cell) -> f64 {
        self.state.speed(&self.params, cell)
    }
    fn maxima(&self, cell: Cell) -> Option<CellMaxima> {
        self.state.maxima.as_ref().map(|maxima| maxima.of(&self.params, cell))
    }
    fn passed(&self) -> &[f64] {
        &self.state.passed
    }
    fn manholes(&self) -> &[f64] {
        &self.manhole_flows
    }
    fn banks(&self) -> &[f64] {
        &self.bank_flows
    }
    fn outlets(&self) -> &[f64] {
        &self.outlet_flows
    }
    fn stored(&self) -> f64 {
        self.state.stored(&self.params)
    }
}

#[cfg(test)]
mod tests;
