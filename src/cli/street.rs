//! `pailao run --terrain`: the surface of a run, from the arguments to its files and to what is said of it.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::input::scenario::read_surface;
use crate::model::Model;
use crate::results::csv::{StreetNames, StreetSeries};
use crate::results::street_maps;
use crate::results::street_stack::StreetStack;
use crate::scenario::quantity::Length;
use crate::scenario::surface::{BuildingsAs, BuildingsTable, LawName, Layer, RunoffFrom, SurfaceTable};
use crate::simulation::checkpoint::Checkpoints;
use crate::simulation::street::{Exchanged, Street, StreetSink, StreetSummary};
use crate::simulation::{self, Outcome, Progress, RunError, Sink};
use crate::statistics::RunSummary;
use crate::street::{Ground, Town};

use super::arguments::{RainOn, SurfaceArguments, SurfaceLaw};
use super::console::{fail, report};
use super::exit::Exit;
use super::language::{Lang, grouped};
use super::street_pictures::Watched;

/// Greatest depth (m) from which a cell counts as wet in what is said.
const WET: f64 = 0.05;
/// How many manholes are named.
const NAMED: usize = 3;

/// A surface joined to the model of a run, and where its results go.
pub struct Joined {
    ground: Ground,
    street: Street,
    /// Folder that the paths of the table are relative to.
    home: PathBuf,
    folder: PathBuf,
    stack: Option<PathBuf>,
}

/// The surface that the arguments ask for; `None` when they ask for none.
///
/// # Errors
/// When it cannot be read or does not fit the model; this has been said then.
pub fn join(
    arguments: &SurfaceArguments,
    path: &Path,
    model: &Model,
    lang: Lang,
    quiet: bool,
) -> Result<Option<Joined>, Exit> {
    let Some((table, folder)) = table(arguments, lang)? else { return Ok(None) };
    let town = Town { crs: arguments.crs.as_deref(), vertical_datum: None, model };
    let refused = |problems: Vec<Diagnostic>| {
        report(&problems, lang);
        let unsupported =
            problems.iter().map(|problem| problem.severity).max() == Some(Severity::Unsupported);
        if unsupported { Exit::Unsupported } else { Exit::Input }
    };
    let (ground, mut warnings) = Ground::read(&table, &folder, &town).map_err(refused)?;
    let (street, more) = ground.street(model).map_err(|mut problems| {
        problems.extend(warnings.iter().cloned());
        refused(problems)
    })?;
    warnings.extend(more);
    warnings.extend(ground.check_rain_in_run(model));
    if warnings.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(refused(warnings));
    }
    if !quiet {
        report(&warnings, lang);
    }
    let beside = || {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        path.with_file_name(format!("{name}-street"))
    };
    let maps = arguments.maps.clone().unwrap_or_else(beside);
    let stack =
        arguments.stack.clone().or_else(|| ground.table.maps.stack_every.map(|_| maps.join("street.nc")));
    Ok(Some(Joined { ground, street, home: folder, folder: maps, stack }))
}

/// The table that the arguments stand for, and the folder of its paths.
fn table(arguments: &SurfaceArguments, lang: Lang) -> Result<Option<(SurfaceTable, PathBuf)>, Exit> {
    let (mut table, folder) = match (&arguments.surface, &arguments.terrain) {
        (None, None) => {
            let others = [
                ("--roughness", arguments.roughness.is_some()),
                ("--cell", arguments.cell.is_some()),
                ("--buildings", arguments.buildings.is_some()),
                ("--rain-on", arguments.rain_on.is_some()),
                ("--law", arguments.law.is_some()),
                ("--crs", arguments.crs.is_some()),
                ("--maps", arguments.maps.is_some()),
                ("--stack", arguments.stack.is_some()),
            ];
            let Some((name, _)) = others.into_iter().find(|(_, is_given)| *is_given) else { return Ok(None) };
            fail(lang.of(
                format!("{name} needs --terrain DEM or --surface FILE.toml"),
                format!("{name} 需要 --terrain DEM 或 --surface FILE.toml"),
            ));
            return Err(Exit::Usage);
        }
        (Some(file), _) => match read_surface(file) {
            Ok(Ok(table)) => (table, file.parent().unwrap_or(Path::new("")).to_path_buf()),
            Ok(Err(problems)) => {
                report(&problems, lang);
                return Err(Exit::Input);
            }
            Err(error) => {
                fail(format!("{} cannot be read: {error}", file.display()));
                return Err(Exit::File);
            }
        },
        (None, Some(_)) => (SurfaceTable::default(), PathBuf::new()),
    };
    // what is given here lies in the folder of the program, not of the file
    let here = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if let Some(terrain) = &arguments.terrain {
        if let Err(error) = std::fs::metadata(terrain) {
            fail(format!("{} cannot be read: {error}", terrain.display()));
            return Err(Exit::File);
        }
        table.terrain = here(terrain);
    }
    if let Some(roughness) = &arguments.roughness {
        table.roughness = Some(match roughness.trim().parse::<f64>() {
            Ok(n) => Layer::Same(n),
            Err(_) => Layer::Path(here(Path::new(roughness))),
        });
    }
    if let Some(cell) = arguments.cell {
        table.cell = Some(Length(cell));
    }
    table.subgrid |= arguments.subgrid;
    if let Some(file) = &arguments.buildings {
        table.buildings = Some(BuildingsTable {
            file: here(file),
            kind: BuildingsAs::Raised,
            height: None,
            property: None,
        });
    }
    match arguments.rain_on {
        Some(RainOn::Grid) => table.runoff_from = RunoffFrom::Grid,
        Some(RainOn::Subcatchments) => table.runoff_from = RunoffFrom::Subcatchments,
        None => {}
    }
    match arguments.law {
        Some(SurfaceLaw::Inertial) => table.law = LawName::Inertial,
        Some(SurfaceLaw::Shock) => table.law = LawName::Shock,
        None => {}
    }
    Ok(Some((table, folder)))
}

impl Joined {
    /// Runs the model with the surface and writes its files as they come; maps when it is over, also when it was
    /// stopped.
    ///
    /// # Errors
    /// As [`simulation::run_coupled`], and when maps cannot be written.
    pub fn run(
        &self,
        model: &Model,
        sinks: &mut [&mut dyn Sink],
        watched: Option<&mut Watched>,
        keep_going: &mut dyn FnMut(&Progress) -> bool,
        checkpoints: Option<&mut Checkpoints<'_>>,
    ) -> Result<(RunSummary, StreetSummary, Outcome), RunError> {
        let table = &self.ground.table;
        let names = StreetNames {
            gauges: self.ground.gauges.clone(),
            lines: table.lines.iter().map(|line| line.name.clone()).collect(),
        };
        let mut series = StreetSeries::new(&self.folder, model, names);
        let every = table.maps.stack_every.map_or(0.0, |every| every.0);
        let mut stack = self.stack.as_ref().map(|path| StreetStack::new(path, every));
        if let Some(path) = &self.stack {
            super::files::make_folder_of(path)?;
        }
        let mut street_sinks: Vec<&mut dyn StreetSink> = vec![&mut series];
        street_sinks.extend(stack.as_mut().map(|stack| stack as &mut dyn StreetSink));
        street_sinks.extend(watched.into_iter().flat_map(Watched::sinks));
        let (street, street_sinks) = (&self.street, &mut street_sinks);
        let done = simulation::run_coupled_kept(model, street, sinks, street_sinks, keep_going, checkpoints)?;
        street_maps::save(&self.folder, model, &self.street, &done.1, table.maps.ascii)?;
        Ok(done)
    }

    /// What pictures of the run need of it while it goes on.
    pub fn watched(&self, model: &Model) -> Watched {
        Watched::new(&self.ground, model)
    }

    /// The street.
    pub fn street(&self) -> &Street {
        &self.street
    }

    /// What is asked of the surface, besides its files.
    pub fn asked(&self) -> String {
        format!("{:?}", self.ground.table)
    }

    /// The files that the surface is made from.
    pub fn files(&self) -> Vec<PathBuf> {
        Ground::files(&self.ground.table, &self.home)
    }

    /// Whether depth and speed are kept over time.
    pub fn has_stack(&self) -> bool {
        self.stack.is_some()
    }

    /// The file of depth and speed over time, if there is one.
    pub fn stack(&self) -> Option<&Path> {
        self.stack.as_deref()
    }

    /// Where results of the surface were written.
    pub fn written(&self) -> Vec<PathBuf> {
        std::iter::once(self.folder.clone()).chain(self.stack.clone()).collect()
    }
}

/// What is said of the surface when the run is over.
pub fn text(model: &Model, joined: &Joined, summary: &StreetSummary, lang: Lang) -> String {
    let mut lines = vec![String::new(), lang.of("Water on the streets", "地表积水").to_owned()];
    let (grid, ledger) = (&summary.grid, &summary.ledger);
    let cubic = |volume: f64| grouped(volume, 1);
    let area = grid.area();
    let wet = summary.maxima.iter().filter(|cell| cell.depth >= WET).count();
    let threshold = joined.street.setup.watch.unwrap_or_default().threshold;
    let deep = summary.maxima.iter().filter(|cell| cell.depth > threshold).count();
    let (wet, deep) = (wet as f64 * area / 1.0e4, deep as f64 * area / 1.0e4);
    let deepest = summary.maxima.iter().enumerate().max_by(|a, b| a.1.depth.total_cmp(&b.1.depth));
    if let Some((index, cell)) = deepest.filter(|(_, cell)| cell.depth >= WET) {
        let place = grid.cell(index / grid.columns, index % grid.columns).map(|cell| grid.middle(cell));
        let (x, y) = place.unwrap_or_default();
        let minutes = cell.depth_time / 60.0;
        lines.push(lang.of(
            format!(
                "  Greatest depth {:.2} m at ({x:.1}, {y:.1}), {minutes:.0} min after the start",
                cell.depth
            ),
            format!("  最大水深 {:.2} m，位于 ({x:.1}, {y:.1})，开始后 {minutes:.0} min", cell.depth),
        ));
        lines.push(lang.of(
            format!(
                "  Deeper than {WET} m for a while: {wet:.2} ha; deeper than {threshold} m: {deep:.2} ha"
            ),
            format!("  曾超过 {WET} m 的面积 {wet:.2} ha；曾超过 {threshold} m 的面积 {deep:.2} ha"),
        ));
    } else {
        lines.push(lang.of(format!("  Nowhere deeper than {WET} m"), format!("  各处水深均不超过 {WET} m")));
    }
    let sum = |parts: &[f64]| parts.iter().sum::<f64>();
    let entries = [
        (lang.of("Stood there at the start", "初始积水"), ledger.initial, false),
        (lang.of("Rain on the grid", "网格降雨"), ledger.rain, false),
        (lang.of("Inflow", "入流"), ledger.inflow, false),
        (lang.of("Up from the network", "管网涌出"), ledger.exchange_in, true),
        (lang.of("In through open edges", "边界流入"), sum(&ledger.boundary_in), false),
        (lang.of("Down into the network", "流入管网"), ledger.exchange_out, true),
        (lang.of("Out through open edges", "边界流出"), sum(&ledger.boundary_out), false),
        (lang.of("Into the ground", "下渗"), ledger.infiltration, false),
        (lang.of("Taken by inflows below zero", "负入流取水"), ledger.taken, false),
        (lang.of("Stands there at the end", "期末积水"), summary.stored, true),
    ];
    for (name, volume, _) in entries.iter().filter(|(_, volume, always)| *always || *volume > 0.0) {
        lines.push(format!("  {name}: {} m³", cubic(*volume)));
    }
    if joined.street.rain_on_grid || ledger.rain > 0.0 {
        let off = if summary.rain_expected > 0.0 {
            100.0 * (ledger.rain - summary.rain_expected).abs() / summary.rain_expected
        } else {
            0.0
        };
        lines.push(lang.of(
            format!(
                "  Rain depth times area: {} m³, from which the grid's rain differs by {off:.4} %",
                cubic(summary.rain_expected)
            ),
            format!("  雨量乘面积：{} m³，网格实收偏差 {off:.4} %", cubic(summary.rain_expected)),
        ));
    }
    if let Some(line) = worst(model, joined, &summary.manholes, lang) {
        lines.push(line);
    }
    let steps = &summary.steps;
    let tightest = steps.tightest.map_or(String::new(), |(cell, time)| {
        let (x, y) = grid.middle(cell);
        let minutes = time / 60.0;
        lang.of(
            format!(", the shortest {:.3} s at ({x:.1}, {y:.1}) after {minutes:.0} min", steps.shortest),
            format!("，最短 {:.3} s，位于 ({x:.1}, {y:.1})，{minutes:.0} min 时", steps.shortest),
        )
    });
    let (of_surface, of_network) = (grouped(steps.surface as f64, 0), grouped(steps.network as f64, 0));
    lines.push(lang.of(
        format!("  {of_surface} steps of the surface in {of_network} of the network{tightest}"),
        format!("  地表 {of_surface} 步，管网 {of_network} 步{tightest}"),
    ));
    lines.push(lang.of(
        format!("  Volume error of the surface: {:.1e} of all water that entered", summary.volume_error),
        format!("  地表水量误差：占全部来水的 {:.1e}", summary.volume_error),
    ));
    let moved = summary.ledger.exchange_in + summary.ledger.exchange_out;
    if summary.unsettled.abs() > TOLD * moved {
        let volume = grouped(summary.unsettled, 1);
        lines.push(lang.of(
            format!("  Booked by the network and not yet on the surface: {volume} m³"),
            format!("  管网已计、尚未进入地表的水量：{volume} m³"),
        ));
    }
    lines.join("\n")
}

/// Share of the exchange from which it is told that the network has booked what the surface has not.
const TOLD: f64 = 1.0e-3;

/// The manholes from which most water came.
fn worst(model: &Model, joined: &Joined, moved: &[Exchanged], lang: Lang) -> Option<String> {
    let mut up: Vec<(&str, f64)> = joined
        .street
        .manholes
        .iter()
        .zip(moved)
        .filter(|(_, moved)| moved.up > 0.1)
        .map(|(manhole, moved)| (model.nodes.name(manhole.node), moved.up))
        .collect();
    up.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let count = up.len();
    let named: Vec<String> =
        up.iter().take(NAMED).map(|(name, volume)| format!("{name} {} m³", grouped(*volume, 1))).collect();
    let list = named.join(lang.of(", ", "，"));
    (count > 0).then(|| {
        lang.of(
            format!(
                "  Water came up at {count} of {} manholes, most at {list}",
                joined.street.manholes.len()
            ),
            format!("  {} 个检查井中有 {count} 个冒水，最多为 {list}", joined.street.manholes.len()),
        )
    })
}
