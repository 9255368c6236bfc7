//! Runs a study: each distinct run once, on all threads, kept as it ends.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostic::Diagnostic;
use crate::scenario::words::Words;
use crate::simulation::checkpoint::{self, Checkpoints, Fact, Found};

use super::digest::Digest;
use super::keep::Keep;
use super::key::Keys;
use super::matrix::RunSpec;
use super::opening::Study;
use super::parallel::each;
use super::shard::Shard;
use super::simulate::{Ended, simulate};
use super::store::Store;
use super::streets::{chosen, depends_on};
use crate::inundation::StreetMaps;

/// How a study is run.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Where digests are kept.
    pub store: &'a Store,
    /// Threads, at least 1. They go to the runs; only where fewer runs than threads are left do large networks
    /// use several.
    pub threads: usize,
    /// The part that is run.
    pub shard: Shard,
    /// What is kept besides.
    pub keep: &'a Keep,
}

/// A run of a study and what became of it.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// The run.
    pub spec: RunSpec,
    /// Its key; `None` where it has no text.
    pub key: Option<String>,
    /// What is to be known of its weather.
    pub warnings: Vec<Diagnostic>,
    /// What became of it.
    pub state: State,
}

/// What became of a run.
#[derive(Clone, Debug)]
pub enum State {
    /// It is complete.
    Done(Arc<Digest>),
    /// It failed, or its results could not be written.
    Failed(String),
    /// There is no such run: a measure cannot be built, or the network cannot run.
    NotBuilt(Vec<Diagnostic>),
    /// It was stopped, or not begun when the study was.
    Interrupted,
}

/// How far a study has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Distinct runs that are over, those found in the store included.
    pub done: usize,
    /// All distinct runs of this part.
    pub of: usize,
    /// Share of the work that is not found in the store, 0 to 1, by simulated time and size of the network:
    /// what the remaining time may be reckoned from.
    pub share: f64,
    /// The run that has just ended.
    pub ended: Option<&'a str>,
}

/// A run that has a text.
struct Ready {
    key: String,
    /// Whether it has a surface.
    has_street: bool,
    weight: f64,
    warnings: Vec<Diagnostic>,
    /// Why a file that is wanted of it could not be written.
    unwritten: Option<String>,
}

/// A distinct run.
struct Job<'a> {
    spec: &'a RunSpec,
    key: &'a str,
    has_street: bool,
    weight: f64,
}

/// What a run with a surface weighs against one without: for progress, and for what begins first.
const STREET_WEIGHT: f64 = 100.0;
/// How often a run with a surface keeps a checkpoint.
const EVERY: Duration = Duration::from_secs(600);

impl Study {
    /// Runs the study, or a part of it. One row for each run whose key is in the part, and one for each run that
    /// could not be built.
    ///
    /// Runs with the same key are run once; those whose digest is in the store are not run. `progress` is told
    /// when a run ends, and now and then between. When `stop` is set the runs under way stop; what is in the
    /// store stays, and the next call goes on from there.
    ///
    /// # Errors
    /// When there are no threads.
    pub fn run(
        &self,
        order: &Order<'_>,
        progress: &mut (dyn FnMut(&Progress<'_>) + Send),
        stop: &AtomicBool,
    ) -> io::Result<Vec<RunRow>> {
        let pool = ThreadPoolBuilder::new().num_threads(order.threads.max(1)).build();
        let pool = pool.map_err(io::Error::other)?;
        let prepared = self.prepare(&pool, order, stop);
        let (jobs, cached) = self.jobs(&pool, order, &prepared);
        let mut states: HashMap<&str, State> = HashMap::new();
        let mut waiting = Vec::new();
        for (job, digest) in jobs.iter().zip(cached) {
            match digest {
                Some(digest) => drop(states.insert(job.key, State::Done(Arc::new(digest)))),
                None => waiting.push(job),
            }
        }
        // the longest first, so that no thread is left alone with a long one at the end
        waiting.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let meter = Meter::new(progress, jobs.len(), &waiting);
        let ended = each(&pool, waiting.len(), |index| self.attempt(order, waiting[index], &meter, stop));
        states.extend(waiting.iter().map(|job| job.key).zip(ended));
        Ok(self.rows(order, &prepared, &states))
    }

    /// The keys of all runs, and the networks that are kept.
    fn prepare(
        &self,
        pool: &ThreadPool,
        order: &Order<'_>,
        stop: &AtomicBool,
    ) -> Vec<Option<Result<Ready, Vec<Diagnostic>>>> {
        let stopped = || stop.load(Ordering::Relaxed);
        let horizons = self.scenario().horizons.len();
        let pairs = self.scenario().options.len() * horizons;
        let unwritten = each(pool, pairs, |pair| {
            if stopped() {
                return None;
            }
            let (option, horizon) = (pair / horizons, pair % horizons);
            let built = unbroken(|| self.built(option, horizon)).ok()?.ok()?;
            let name = self.file_name(option, horizon);
            let kept = order.keep.write_inp(name, &built.network.document, &built.network.path);
            kept.err().map(|error| format!("{name}.inp could not be written: {error}"))
        });
        let keys = Keys::default();
        each(pool, self.specs().len(), |index| {
            let spec = self.specs().get(index).filter(|_| !stopped())?;
            let of_pair = unwritten.get(spec.option * horizons + spec.horizon).cloned().flatten();
            let ready = unbroken(|| self.ready(order, &keys, spec, of_pair));
            Some(ready.unwrap_or_else(|message| Err(vec![Diagnostic::error(0, message)])))
        })
    }

    fn ready(
        &self,
        order: &Order<'_>,
        keys: &Keys,
        spec: &RunSpec,
        mut unwritten: Option<String>,
    ) -> Result<Ready, Vec<Diagnostic>> {
        let weathered = self.text(spec)?;
        let base = &self.site().base.path;
        let key = keys
            .of(&weathered.document, base, &self.wanted(spec))
            .map_err(|error| vec![Diagnostic::error(0, error.to_string())])?;
        let surface = chosen(self.scenario(), spec);
        let key = surface.map_or_else(
            || key.clone(),
            |table| {
                let (asked, files) = depends_on(self.scenario(), table);
                keys.with_street(&key, &asked, &files)
            },
        );
        if order.keep.keeps_inp() {
            let kept = order.keep.write_inp(&spec.file_name, &weathered.document, base);
            let failed =
                kept.err().map(|error| format!("{}.inp could not be written: {error}", spec.file_name));
            unwritten = unwritten.or(failed);
        }
        let size = self.built(spec.option, spec.horizon).map_or(0, |built| built.network.model.links.len());
        let of_street = if surface.is_some() { STREET_WEIGHT } else { 1.0 };
        let weight = weathered.duration_s * (size as f64 + 1.0) * of_street;
        Ok(Ready { key, has_street: surface.is_some(), weight, warnings: weathered.warnings, unwritten })
    }

    /// The distinct runs of this part in the order of the study, and the digests that are there already.
    fn jobs<'a>(
        &'a self,
        pool: &ThreadPool,
        order: &Order<'_>,
        prepared: &'a [Option<Result<Ready, Vec<Diagnostic>>>],
    ) -> (Vec<Job<'a>>, Vec<Option<Digest>>) {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut jobs = Vec::new();
        for (spec, ready) in self.specs().iter().zip(prepared) {
            let Some(Ok(ready)) = ready else { continue };
            let next = places.len();
            let place = *places.entry(&ready.key).or_insert(next);
            if place == next && order.shard.holds(place) {
                jobs.push(Job { spec, key: &ready.key, has_street: ready.has_street, weight: ready.weight });
            }
        }
        let cached = each(pool, jobs.len(), |index| {
            let key = jobs[index].key;
            let has_out = !order.keep.keeps_out() || order.store.out_path(key).is_file();
            let complete = has_out && (!jobs[index].has_street || order.store.has_maps(key));
            if complete { order.store.read(key) } else { None }
        });
        (jobs, cached)
    }

    /// One run, whatever happens in it.
    fn attempt(&self, order: &Order<'_>, job: &Job<'_>, meter: &Meter<'_>, stop: &AtomicBool) -> State {
        if stop.load(Ordering::Relaxed) {
            return State::Interrupted;
        }
        let state = catch_unwind(AssertUnwindSafe(|| self.make(order, job, meter, stop)));
        let state =
            state.unwrap_or_else(|_| State::Failed("the engine broke down; please report it".to_owned()));
        if !matches!(state, State::Interrupted) {
            meter.ended(&job.spec.id);
        }
        state
    }

    fn make(&self, order: &Order<'_>, job: &Job<'_>, meter: &Meter<'_>, stop: &AtomicBool) -> State {
        let network = match self.network(job.spec) {
            Ok(network) => network,
            Err(problems) => return State::NotBuilt(problems),
        };
        let streets = match job.has_street.then(|| self.streets()).flatten() {
            Some(Ok(streets)) => Some(streets),
            Some(Err(problems)) => return State::NotBuilt(problems.to_vec()),
            None => None,
        };
        let scratch = order.keep.keeps_out().then(|| order.store.scratch_path(job.key, "running"));
        let mut lap = meter.lap(job.weight);
        let mut keep_going = |now: &crate::simulation::Progress| {
            lap.advance(now.elapsed / now.duration.max(1.0));
            !stop.load(Ordering::Relaxed)
        };
        let wanted = self.wanted(job.spec);
        let place = order.store.checkpoint_path(job.key);
        let mut checkpoints = streets.is_some().then(|| checkpoints(&place, job.key));
        let ended =
            simulate(&network, &wanted, streets, scratch.as_deref(), &mut keep_going, checkpoints.as_mut());
        let keep = |digest: &Digest, maps: Option<&StreetMaps>| {
            if let Some(maps) = maps {
                order.store.write_maps(job.key, maps)?;
            }
            if let Some(scratch) = &scratch {
                // the digest comes last: where it is, the results beside it are whole
                fs::rename(scratch, order.store.out_path(job.key))?;
            }
            order.store.write(job.key, digest)
        };
        let state = match ended {
            Ended::Complete(digest, maps) => match keep(&digest, maps.as_ref()) {
                Ok(()) => State::Done(Arc::new(*digest)),
                Err(error) => State::Failed(format!("its results could not be written: {error}")),
            },
            Ended::Failed(reason) => State::Failed(reason),
            Ended::Interrupted => State::Interrupted,
            Ended::Refused(problems) => State::NotBuilt(problems),
        };
        if let Some(scratch) = &scratch {
            let _ = fs::remove_file(scratch);
        }
        if checkpoints.is_some() && !matches!(state, State::Interrupted) {
            let _ = checkpoint::remove(&place);
        }
        state
    }

    fn rows(
        &self,
        order: &Order<'_>,
        prepared: &[Option<Result<Ready, Vec<Diagnostic>>>],
        states: &HashMap<&str, State>,
    ) -> Vec<RunRow> {
        let row = |(spec, ready): (&RunSpec, &Option<Result<Ready, Vec<Diagnostic>>>)| {
            let row = |key: Option<&String>, warnings: &[Diagnostic], state: State| RunRow {
                spec: spec.clone(),
                key: key.cloned(),
                warnings: warnings.to_vec(),
                state,
            };
            match ready {
                None => Some(row(None, &[], State::Interrupted)),
                Some(Err(problems)) => Some(row(None, &[], State::NotBuilt(problems.clone()))),
                Some(Ok(ready)) => {
                    let mut state = states.get(ready.key.as_str())?.clone();
                    let done = matches!(state, State::Done(_));
                    let unwritten = ready.unwritten.clone().or_else(|| {
                        let results = order.store.out_path(&ready.key);
                        let kept = if done && order.keep.keeps_out() {
                            order.keep.write_out(&spec.file_name, &results)
                        } else {
                            Ok(())
                        };
                        kept.err()
                            .map(|error| format!("{}.out could not be written: {error}", spec.file_name))
                    });
                    if let (Some(reason), true) = (unwritten, done) {
                        state = State::Failed(reason);
                    }
                    Some(row(Some(&ready.key), &ready.warnings, state))
                }
            }
        };
        self.specs().iter().zip(prepared).filter_map(row).collect()
    }
}

/// The checkpoints of a run with a surface. It goes on from the one that is there, if it is whole and of this program;
/// else it begins anew. That one cannot be kept costs time at most, never a result.
pub(super) fn checkpoints(place: &Path, key: &str) -> Checkpoints<'static> {
    let run = Fact { what: Words::new("the run", "运行"), value: key.to_owned() };
    let facts = vec![checkpoint::program(), run];
    let found = Found::read(place, &facts).ok().flatten();
    let checkpoints = Checkpoints::new(place, facts, EVERY, |_| {});
    found.into_iter().fold(checkpoints, Checkpoints::going_on)
}

/// A piece of work that may break down without the rest: a panic is a fault of the program, which costs one
/// run, not the study.
fn unbroken<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| "the program broke down here; please report it".to_owned())
}

/// Steps between two looks at the clock.
const STEPS: u32 = 256;
/// Time between two tellings in which no run ended.
const INTERVAL: Duration = Duration::from_millis(200);

/// Counts what is done, for all threads.
struct Meter<'a> {
    total: f64,
    of: usize,
    count: Mutex<Count<'a>>,
}

struct Count<'a> {
    tell: &'a mut (dyn FnMut(&Progress<'_>) + Send),
    done: usize,
    work: f64,
    told: Instant,
}

impl<'a> Meter<'a> {
    fn new(tell: &'a mut (dyn FnMut(&Progress<'_>) + Send), of: usize, waiting: &[&Job<'_>]) -> Self {
        let total: f64 = waiting.iter().map(|job| job.weight).sum();
        let done = of - waiting.len();
        let share = if waiting.is_empty() { 1.0 } else { 0.0 };
        tell(&Progress { done, of, share, ended: None });
        Self { total, of, count: Mutex::new(Count { tell, done, work: 0.0, told: Instant::now() }) }
    }
    fn add(&self, work: f64, ended: Option<&str>) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.work += work;
        count.done += usize::from(ended.is_some());
        if ended.is_none() && count.told.elapsed() < INTERVAL {
            return;
        }
        let share = if self.total > 0.0 { (count.work / self.total).clamp(0.0, 1.0) } else { 1.0 };
        let progress = Progress { done: count.done, of: self.of, share, ended };
        count.told = Instant::now();
        (count.tell)(&progress);
    }
    fn ended(&self, id: &str) {
        self.add(0.0, Some(id));
    }
    fn lap(&self, weight: f64) -> Lap<'_, 'a> {
        Lap { meter: self, weight, counted: 0.0, steps: 0 }
    }
}

/// The part of one run; what is missing is counted when it ends.
struct Lap<'m, 'a> {
    meter: &'m Meter<'a>,
    weight: f64,
    counted: f64,
    steps: u32,
}

impl Lap<'_, '_> {
    fn advance(&mut self, share: f64) {
        self.steps += 1;
        if self.steps.is_multiple_of(STEPS) {
            self.count(share);
        }
    }
    fn count(&mut self, share: f64) {
        self.meter.add((share - self.counted) * self.weight, None);
        self.counted = share;
    }
}

impl Drop for Lap<'_, '_> {
    fn drop(&mut self) {
        self.count(1.0);
    }
}
