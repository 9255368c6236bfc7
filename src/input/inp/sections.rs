//! `[XSECTIONS]`, `[TRANSECTS]` and `[STREETS]`.

use super::draft::{Draft, define};
use super::number::leading_integer;
use super::row::{Findings, Row};
use crate::diagnostic::{Diagnostic, Place};
use crate::model::TransectId;
use crate::model::link::LinkKind;
use crate::model::options::ForceMainLaw;
use crate::model::section::Shape;
use crate::model::section::street::Street;
use crate::model::section::transect::Transect;

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Dummy,
    Circular,
    FilledCircular,
    RectangularClosed,
    RectangularOpen,
    Trapezoidal,
    Triangular,
    Parabolic,
    Power,
    RectangularTriangular,
    RectangularRound,
    ModifiedBasketHandle,
    HorizontalEllipse,
    VerticalEllipse,
    Arch,
    Egg,
    Horseshoe,
    Gothic,
    Catenary,
    SemiElliptical,
    BasketHandle,
    SemiCircular,
    Irregular,
    Custom,
    ForceMain,
    Street,
}

const FORMS: &[(&str, Form)] = &[
    ("DUMMY", Form::Dummy),
    ("CIRCULAR", Form::Circular),
    ("FILLED_CIRCULAR", Form::FilledCircular),
    ("RECT_CLOSED", Form::RectangularClosed),
    ("RECT_OPEN", Form::RectangularOpen),
    ("TRAPEZOIDAL", Form::Trapezoidal),
    ("TRIANGULAR", Form::Triangular),
    ("PARABOLIC", Form::Parabolic),
    ("POWER", Form::Power),
    ("RECT_TRIANGULAR", Form::RectangularTriangular),
    ("RECT_ROUND", Form::RectangularRound),
    ("MODBASKETHANDLE", Form::ModifiedBasketHandle),
    ("HORIZ_ELLIPSE", Form::HorizontalEllipse),
    ("VERT_ELLIPSE", Form::VerticalEllipse),
    ("ARCH", Form::Arch),
    ("EGG", Form::Egg),
    ("HORSESHOE", Form::Horseshoe),
    ("GOTHIC", Form::Gothic),
    ("CATENARY", Form::Catenary),
    ("SEMIELLIPTICAL", Form::SemiElliptical),
    ("BASKETHANDLE", Form::BasketHandle),
    ("SEMICIRCULAR", Form::SemiCircular),
    ("IRREGULAR", Form::Irregular),
    ("CUSTOM", Form::Custom),
    ("FORCE_MAIN", Form::ForceMain),
    ("STREET", Form::Street),
];

/// Standard sizes of elliptical and of arch pipes in SWMM's tables.
const ELLIPSE_SIZES: f64 = 23.0;
const ARCH_SIZES: f64 = 102.0;

/// The most barrels that SWMM keeps apart (a signed byte).
const MOST_BARRELS: i64 = 127;

/// Reads the cross-section of a conduit or the opening of a regulator.
pub(super) fn read_xsection(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Link");
    let form = "link, shape, then 4 numbers (, barrels, culvert code), or IRREGULAR and a transect, or STREET and a \
                street, or CUSTOM, height, curve and 2 numbers";
    if !row.has(3, form) {
        return;
    }
    let Some(id) = row.find(0, "link", &draft.model.links) else { return };
    draft.links.has_shape(id);
    let Some(kind) = row.keyword(1, "shape", FORMS) else { return };
    let is_conduit = draft.model.links[id].conduit().is_some();
    let shape = match kind {
        Form::Irregular => row.find(2, "transect", &draft.model.transects).map(Shape::Irregular),
        Form::Street => row.find(2, "street", &draft.model.streets).map(Shape::Street),
        _ if !row.has(6, form) => None,
        Form::Custom => {
            let height = row.positive(2, "the height") * draft.model.units.length;
            let curve = row.find(3, "curve", &draft.model.curves);
            curve.map(|curve| Shape::Custom { height, curve })
        }
        _ => geometry(row, kind, draft, is_conduit),
    };
    let Some(shape) = shape else { return };
    let tabular = matches!(kind, Form::Irregular | Form::Street);
    match &mut draft.model.links[id].kind {
        LinkKind::Conduit(conduit) => {
            conduit.shape = shape;
            conduit.barrels = 1;
            conduit.culvert_code = 0;
            // Surveyed and street sections have one barrel and no culvert code.
            if !tabular && row.len() > 6 {
                conduit.barrels = whole(row, 6, "the number of barrels", 1, MOST_BARRELS).unwrap_or(1);
            }
            if !tabular && row.len() > 7 {
                conduit.culvert_code = whole(row, 7, "the culvert code", 0, i64::from(i32::MAX)).unwrap_or(0);
            }
        }
        LinkKind::Orifice(orifice) => orifice.shape = shape,
        LinkKind::Weir(weir) => weir.shape = shape,
        // Pumps and outlets have no opening.
        LinkKind::Pump(_) | LinkKind::Outlet(_) => {}
    }
}

/// The whole number that a field begins with, from a range.
fn whole(row: &mut Row<'_, '_>, field: usize, what: &str, least: i64, most: i64) -> Option<u32> {
    let value = leading_integer(row.text(field));
    if !(least..=most).contains(&value) {
        let help = format!("a whole number from {least} to {most}");
        // SWMM finds out only later that its byte for the barrels has run over.
        let code = if value > most { 114 } else { 211 };
        row.error(code, field, format!("{what} is {}", row.text(field)), help);
        return None;
    }
    u32::try_from(value).ok()
}

/// A shape from its four numbers.
fn geometry(row: &mut Row<'_, '_>, kind: Form, draft: &Draft, is_conduit: bool) -> Option<Shape> {
    let g: [f64; 4] = row.numbers(2, "the dimension");
    if kind == Form::Dummy {
        return Some(Shape::Dummy);
    }
    let mut fits = true;
    let mut demand = |accepted: bool, field: usize, help: &str| {
        if !accepted && fits {
            fits = false;
            row.error(211, field, format!("the dimension {} does not fit the shape", row.text(field)), help);
        }
    };
    demand(g[0] > 0.0, 2, "the height or diameter must be more than 0");
    let wide = matches!(
        kind,
        Form::RectangularClosed
            | Form::RectangularOpen
            | Form::RectangularTriangular
            | Form::RectangularRound
            | Form::ModifiedBasketHandle
            | Form::Triangular
            | Form::Parabolic
            | Form::Power
    );
    demand(!wide || g[1] > 0.0, 3, "the width must be more than 0");
    match kind {
        Form::FilledCircular => demand(g[1] < g[0], 3, "the sediment must be lower than the pipe"),
        Form::RectangularOpen if is_conduit => {
            demand((0.0..=2.0).contains(&g[2]), 4, "walls without friction: from 0 to 2");
        }
        Form::RectangularTriangular => {
            demand(g[2] > 0.0, 4, "the height of the triangle must be more than 0")
        }
        Form::Power => demand(g[2] > 0.0, 4, "the exponent must be more than 0"),
        Form::Trapezoidal => {
            demand(g[1] >= 0.0, 3, "the width of the bottom must be at least 0");
            demand(g[2] >= 0.0, 4, "the side slope (run over rise) must be at least 0");
            demand(g[3] >= 0.0, 5, "the side slope (run over rise) must be at least 0");
            demand(g[1] > 0.0 || g[2] + g[3] > 0.0, 3, "bottom and side slopes cannot all be 0");
        }
        Form::RectangularRound | Form::ModifiedBasketHandle if g[1] > 0.0 => {
            let rise = arc_height(g[1], arc_radius(g[1], g[2]));
            demand(rise <= g[0], 4, "the round part must not be higher than the whole section");
        }
        Form::HorizontalEllipse | Form::VerticalEllipse | Form::Arch => {
            let most = if kind == Form::Arch { ARCH_SIZES } else { ELLIPSE_SIZES };
            let field = if g[1] == 0.0 { 2 } else { 4 };
            let size = standard_size(&g);
            demand(size > 0.0 || g[1] >= 0.0, 3, "the width must be at least 0");
            demand(
                size <= 0.0 || (1.0..=most).contains(&size),
                field,
                &format!("standard sizes: 1 to {most}"),
            );
        }
        _ => {}
    }
    if !fits {
        return None;
    }
    let unit = draft.model.units.length;
    let [height, width] = [g[0] * unit, g[1] * unit];
    let size = standard_size(&g).max(0.0) as u32;
    let [tall, across] = if size > 0 { [0.0; 2] } else { [height, width] };
    Some(match kind {
        Form::Dummy | Form::Irregular | Form::Custom | Form::Street => return None,
        Form::Circular => Shape::Circular { diameter: height },
        Form::FilledCircular => Shape::FilledCircular { diameter: height, sediment: width },
        Form::ForceMain => Shape::ForceMain {
            diameter: height,
            // A roughness height is written in inches or mm.
            roughness: match draft.model.options.force_main {
                ForceMainLaw::HazenWilliams => g[1],
                ForceMainLaw::DarcyWeisbach => g[1] * draft.model.units.rain_depth,
            },
        },
        Form::RectangularClosed => Shape::RectangularClosed { height, width },
        Form::RectangularOpen => {
            Shape::RectangularOpen { height, width, sides_removed: if is_conduit { g[2] } else { 0.0 } }
        }
        Form::Trapezoidal => Shape::Trapezoidal { height, bottom: width, left: g[2], right: g[3] },
        Form::Triangular => Shape::Triangular { height, top: width },
        Form::Parabolic => Shape::Parabolic { height, top: width },
        Form::Power => Shape::Power { height, top: width, exponent: g[2] },
        Form::RectangularTriangular => {
            Shape::RectangularTriangular { height, top: width, triangle: g[2] * unit }
        }
        Form::RectangularRound => {
            Shape::RectangularRound { height, top: width, radius: arc_radius(g[1], g[2]) * unit }
        }
        Form::ModifiedBasketHandle => {
            Shape::ModifiedBasketHandle { height, bottom: width, radius: arc_radius(g[1], g[2]) * unit }
        }
        Form::HorizontalEllipse => Shape::HorizontalEllipse { height: tall, width: across, size },
        Form::VerticalEllipse => Shape::VerticalEllipse { height: tall, width: across, size },
        Form::Arch => Shape::Arch { height: tall, width: across, size },
        Form::Egg => Shape::Egg { height },
        Form::Horseshoe => Shape::Horseshoe { height },
        Form::Gothic => Shape::Gothic { height },
        Form::Catenary => Shape::Catenary { height },
        Form::SemiElliptical => Shape::SemiElliptical { height },
        Form::BasketHandle => Shape::BasketHandle { height },
        Form::SemiCircular => Shape::SemiCircular { height },
    })
}

/// The radius of an arc over a width: no less than half of it.
fn arc_radius(width: f64, radius: f64) -> f64 {
    radius.max(width / 2.0)
}

/// Rise of an arc: `r · (1 - cos(asin(w / 2r)))`.
fn arc_height(width: f64, radius: f64) -> f64 {
    radius * (1.0 - (width / 2.0 / radius).clamp(-1.0, 1.0).asin().cos())
}

/// The standard size number of an ellipse or arch: the third dimension, or the first when there is no
/// width; 0 or less for none.
fn standard_size(g: &[f64; 4]) -> f64 {
    let size = if g[1] == 0.0 { g[0] } else { g[2] };
    // A number between 0 and 1 is no size: the floor makes it 0, which no table has.
    if size > 0.0 { size.floor().max(0.5) } else { 0.0 }
}

/// The transect that is being read, and the roughness that goes on from one to the next.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Manning's n of left bank, right bank and channel.
    roughness: [f64; 3],
    current: Option<(TransectId, Place)>,
    /// Stations of the current transect, with those beyond the limit.
    count: usize,
}

/// One less than this is the most stations that SWMM takes.
const STATION_LIMIT: usize = 1500;

/// Registers a transect by the name in its `X1` line.
pub(super) fn define_transect(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if super::heading::is_keyword(row.text(0), "X1") && row.len() > 1 {
        define(
            row,
            1,
            &mut draft.model.transects,
            Transect { width_factor: 1.0, length_factor: 1.0, ..Transect::default() },
        );
    }
}

/// Reads a line of the HEC-2 format.
pub(super) fn read_transect(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let Some(key) = row.keyword(0, "line of a transect", &[("NC", 0), ("X1", 1), ("GR", 2)]) else { return };
    match key {
        0 => {
            finish_transect(draft, row.findings());
            if row.has(4, "NC, roughness of left bank, right bank and channel") {
                read_roughness(row, draft);
            }
        }
        1 => {
            finish_transect(draft, row.findings());
            if row.has(
                10,
                "X1, name, stations, left bank, right bank, 0, 0, length factor, width factor, offset",
            ) {
                start_transect(row, draft);
            }
        }
        _ => read_stations(row, draft),
    }
}

/// A value of 0 keeps what the last `NC` line gave; a bank without one has the channel's.
fn read_roughness(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let kept = &mut draft.transects.roughness;
    for (field, kept) in (1..).zip(kept.iter_mut()) {
        let n = row.non_negative(field, "the roughness");
        if n > 0.0 {
            *kept = n;
        }
    }
    let [left, right, channel] = kept;
    for bank in [left, right] {
        if *bank == 0.0 {
            *bank = *channel;
        }
    }
}

fn start_transect(row: &mut Row<'_, '_>, draft: &mut Draft) {
    let Some(id) = row.find(1, "transect", &draft.model.transects) else { return };
    let unit = draft.model.units.length;
    let x: [f64; 8] = row.numbers(2, "the number");
    let [_, left, right, _, _, length_factor, width_factor, offset] = x;
    let or_one = |factor: f64| if factor == 0.0 { 1.0 } else { factor };
    let transect = &mut draft.model.transects[id];
    transect.left_bank = left * unit;
    transect.right_bank = right * unit;
    transect.length_factor = or_one(length_factor);
    transect.width_factor = or_one(width_factor);
    transect.elevation_offset = offset * unit;
    transect.stations.clear();
    transect.elevations.clear();
    draft.transects.current = Some((id, row.place(1)));
    draft.transects.count = 0;
}

fn read_stations(row: &mut Row<'_, '_>, draft: &mut Draft) {
    if row.len().is_multiple_of(2) {
        row.line_error(
            203,
            "an elevation without a station",
            "expected: GR and pairs of elevation and station",
        );
        return;
    }
    let Some((id, _)) = draft.transects.current else {
        row.line_error(219, "these stations belong to no transect", "an X1 line must come first");
        return;
    };
    let unit = draft.model.units.length;
    let transect = &mut draft.model.transects[id];
    for field in (1..row.len()).step_by(2) {
        let elevation = row.number(field, "the elevation") * unit;
        let station = row.number(field + 1, "the station") * unit;
        draft.transects.count += 1;
        if draft.transects.count >= STATION_LIMIT {
            continue;
        }
        let factor = transect.width_factor;
        if transect.stations.last().is_some_and(|&last| station * factor < last * factor) {
            row.error(221, field + 1, "the station lies before the last one", "stations must not decrease");
        }
        transect.stations.push(station);
        transect.elevations.push(elevation);
    }
}

/// Checks the transect that has been read and gives it its roughness.
pub(super) fn finish_transect(draft: &mut Draft, findings: &mut Findings<'_>) {
    let Some((id, place)) = draft.transects.current.take() else { return };
    let name = draft.model.transects.name(id).to_owned();
    let transect = &mut draft.model.transects[id];
    let [left, right, channel] = draft.transects.roughness;
    let lowest = transect.elevations.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = transect.elevations.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let factor = transect.width_factor;
    let (code, message, help) = if draft.transects.count < 2 {
        (223, "the transect has too few stations", "at least 2 are needed")
    } else if draft.transects.count >= STATION_LIMIT {
        (225, "the transect has too many stations", "SWMM takes at most 1499")
    } else if channel <= 0.0 {
        (227, "the transect has no roughness", "an NC line before it must give the channel's Manning n")
    } else if transect.left_bank * factor > transect.right_bank * factor {
        (229, "the left bank lies beyond the right one", "the left bank's station comes first")
    } else if lowest >= highest {
        (231, "the transect has no depth", "its elevations must differ")
    } else {
        transect.roughness_left = left;
        transect.roughness_right = right;
        transect.roughness_channel = channel;
        // What SWMM carries on to a transect whose NC line gives 0 is already adjusted to the longer
        // channel.
        draft.transects.roughness = [left, right, channel * transect.length_factor.max(0.0).sqrt()];
        return;
    };
    findings.list.push(Diagnostic::error(code, message).at(place).of(format!("Transect {name}")).help(help));
}

/// Registers a street by its name.
pub(super) fn define_street(row: &mut Row<'_, '_>, draft: &mut Draft) {
    define(row, 0, &mut draft.model.streets, Street::default());
}

/// Reads a street.
pub(super) fn read_street(row: &mut Row<'_, '_>, draft: &mut Draft) {
    row.is_about("Street");
    let form = "name, width to the crown, height of the curb, % cross slope, roughness (, gutter depression, gutter \
                width, sides, backing width, % backing slope, backing roughness)";
    if !row.has(5, form) {
        return;
    }
    let Some(id) = row.find(0, "street", &draft.model.streets) else { return };
    let unit = draft.model.units.length;
    let mut street = Street {
        width: row.positive(1, "the width") * unit,
        curb: row.positive(2, "the height of the curb") * unit,
        cross_slope: row.positive(3, "the cross slope") / 100.0,
        roughness: row.positive(4, "the roughness"),
        gutter_depression: row.non_negative_or_0(5, "the gutter depression") * unit,
        gutter_width: row.non_negative_or_0(6, "the gutter width") * unit,
        sides: 2,
        ..Street::default()
    };
    if row.len() > 7 {
        let sides =
            row.number_that(7, "the number of sides", "1 or 2", |x| (0.99..3.0).contains(&(x + 0.01)));
        street.sides = if sides + 0.01 < 2.0 { 1 } else { 2 };
    }
    street.back_width = row.non_negative_or_0(8, "the backing width") * unit;
    if street.back_width > 0.0 {
        if !row.has(11, form) {
            return;
        }
        street.back_slope = row.positive(9, "the backing slope") / 100.0;
        street.back_roughness = row.positive(10, "the backing roughness");
    }
    draft.model.streets[id] = street;
}
