//! The panel beside the map: legend with counts and lengths, scale bar, north arrow.

use super::map::{LAND, Map};
use super::{Class, LengthUnit, MapUnit, Plan, PlanLinkKind, PlanNodeKind};
use crate::plot::axis::{Ticks, number, plain_number};
use crate::plot::colour::Colour;
use crate::plot::heading::{SLACK, SMALL, Sample};
use crate::plot::scene::{Align, Lettering, Level, Rect, Scene, Stroke};
use crate::plot::symbol::{FLOODED, RELIEVED, SURCHARGED, north_arrow};
use crate::plot::{Sheet, Word};

/// A line of the legend.
enum Item {
    /// A heading, with heads of the columns of counts and lengths.
    Heading(String, String, String),
    /// What something means, how many there are and how long they are together.
    Entry(Mark, String, String, String),
    /// A blank.
    Space,
}

/// A sample that may depend on the map's scale.
enum Mark {
    Link(Class),
    Widths,
    Node,
    Surcharged,
    Flooded(usize),
    Relieved(usize),
    Built,
    Plain(Sample),
}

/// Width of a sample and the gap behind it, in sizes of the text.
const SAMPLE: f64 = 2.6;
/// Height of a line, in sizes of the text.
const PITCH: f64 = 1.5;
/// Height of scale bar and arrow with their labels, in sizes of the text.
pub(in crate::plot) const FOOT: f64 = 5.2;

/// Width of the panel with its gap, pixels, when it is that high.
pub(super) fn width(plan: &Plan, sheet: &Sheet, height: f64) -> f64 {
    let items = items(plan, sheet);
    let size = size(&items, sheet, height);
    let [text, count, length] = columns(&items, sheet, size);
    SAMPLE * size + text + count + length + 1.2 * size + 22.0 * sheet.unit()
}

/// Size of the text: smaller where a long legend would not fit otherwise.
fn size(items: &[Item], sheet: &Sheet, height: f64) -> f64 {
    let lines: f64 = items.iter().map(|i| if matches!(i, Item::Space) { 0.5 } else { 1.0 }).sum();
    let wanted = SMALL * sheet.unit();
    (height / (lines * PITCH + FOOT)).min(wanted)
}

/// Widths of the columns: text, count, length.
fn columns(items: &[Item], sheet: &Sheet, size: f64) -> [f64; 3] {
    let mut widths = [0.0_f64; 3];
    let width = |text: &str| sheet.fonts.width(text, size) * SLACK;
    let mut headings = 0.0_f64;
    for item in items {
        let (text, count, length) = match item {
            Item::Heading(text, count, length) => {
                headings = headings.max(width(text) - SAMPLE * size);
                ("", count, length)
            }
            Item::Entry(_, text, count, length) => (text.as_str(), count, length),
            Item::Space => continue,
        };
        for (widest, text) in widths.iter_mut().zip([text, count, length]) {
            *widest = widest.max(width(text));
        }
    }
    for column in &mut widths[1..] {
        if *column > 0.0 {
            *column += 0.9 * size;
        }
    }
    // A heading may reach over the column of counts only where that has no head of its own.
    widths[0] = widths[0].max(headings);
    widths
}

fn items(plan: &Plan, sheet: &Sheet) -> Vec<Item> {
    let mut items = Vec::new();
    let conduits = || plan.links.iter().filter(|l| l.kind == PlanLinkKind::Conduit);
    let (per_unit, unit) = match plan.length_unit {
        LengthUnit::Metres => (1000.0, "km"),
        LengthUnit::Feet => (5280.0, "mi"),
    };
    let filling = conduits().any(|l| l.filling.is_some());
    let word = match (filling, plan.differences) {
        (true, true) => Word::FillingDifference,
        (true, false) => Word::MaximumFilling,
        (false, _) => Word::Pipes,
    };
    if conduits().next().is_some() {
        let heading = |w: Word| sheet.word(w).to_string();
        items.push(Item::Heading(heading(word), heading(Word::Count), unit.to_string()));
    }
    for class in plan.listed() {
        let of_class = || conduits().filter(|l| plan.class(l) == class);
        // Classes without a link are listed too, but for links without a result.
        if of_class().next().is_none() && (class == Class::NoResult || !filling) {
            continue;
        }
        let length: f64 = of_class().map(|l| l.length).filter(|l| l.is_finite()).sum::<f64>() / per_unit;
        let count = of_class().count().to_string();
        items.push(Item::Entry(Mark::Link(class), class.label(sheet), count, number(length, 2)));
    }
    let sizes = conduits().map(|l| l.size).filter(|s| *s > 0.0);
    let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), s| (low.min(s), high.max(s)));
    if low < high {
        let unit = if plan.length_unit == LengthUnit::Metres { "m" } else { "ft" };
        let text = format!("{} {}–{} {unit}", sheet.word(Word::Size), plain_number(low), plain_number(high));
        items.push(Item::Entry(Mark::Widths, text, String::new(), String::new()));
    }
    if conduits().any(|l| l.built) {
        let built = || conduits().filter(|l| l.built);
        let length: f64 = built().map(|l| l.length).filter(|l| l.is_finite()).sum::<f64>() / per_unit;
        let text = sheet.word(Word::BuiltOrChanged).to_string();
        items.push(Item::Entry(Mark::Built, text, built().count().to_string(), number(length, 2)));
    }
    items.push(Item::Space);
    if plan.differences {
        flooding_differences(plan, sheet, &mut items);
    } else {
        nodes(plan, sheet, &mut items);
    }
    structures(plan, sheet, &mut items);
    if !plan.outlines.is_empty() {
        let sample = Mark::Plain(Sample::Patch(LAND.0, Some(Stroke::solid(LAND.1, sheet.unit()))));
        items.push(entry(sample, sheet.word(Word::Subcatchment), plan.outlines.len()));
    }
    if plan.hidden > 0 {
        let blank = Mark::Plain(Sample::Patch(Colour::WHITE, None));
        items.push(entry(blank, sheet.word(Word::NotShown), plan.hidden));
    }
    items
}

fn entry(mark: Mark, text: &str, count: usize) -> Item {
    Item::Entry(mark, text.to_string(), count.to_string(), String::new())
}

fn nodes(plan: &Plan, sheet: &Sheet, items: &mut Vec<Item>) {
    let manholes = || plan.nodes.iter().filter(|n| n.kind == PlanNodeKind::Manhole);
    items.push(Item::Heading(sheet.word(Word::Nodes).to_string(), String::new(), String::new()));
    let quiet = manholes().filter(|n| !n.surcharged && n.flooded_volume <= 0.0).count();
    items.push(entry(Mark::Node, sheet.word(Word::NotFlooded), quiet));
    let surcharged = plan.nodes.iter().filter(|n| n.surcharged && n.flooded_volume <= 0.0).count();
    if surcharged > 0 {
        items.push(entry(Mark::Surcharged, sheet.word(Word::Surcharged), surcharged));
    }
    if plan.nodes.iter().any(|n| n.flooded_volume > 0.0) {
        items.push(Item::Space);
        let text = sheet.language.with_unit(sheet.word(Word::FloodedVolume), &plan.volume_unit);
        items.push(Item::Heading(text, String::new(), String::new()));
        for class in (0..4).rev() {
            let within = |v: f64| v > 0.0 && plan.volume_class(v) == class;
            let count = plan.nodes.iter().filter(|n| within(n.flooded_volume)).count();
            if count > 0 {
                items.push(entry(Mark::Flooded(class), &plan.volume_label(class), count));
            }
        }
    }
    items.push(Item::Space);
}

/// Where more water and where less leaves the network than in the base.
fn flooding_differences(plan: &Plan, sheet: &Sheet, items: &mut Vec<Item>) {
    let text = sheet.language.with_unit(sheet.word(Word::FloodedVolumeDifference), &plan.volume_unit);
    items.push(Item::Heading(text, String::new(), String::new()));
    let mut entries = |more: bool| {
        let classes: Vec<usize> = if more { (0..4).rev().collect() } else { (0..4).collect() };
        for class in classes {
            let within = |v: f64| v != 0.0 && (v > 0.0) == more && plan.volume_class(v) == class;
            let count = plan.nodes.iter().filter(|n| within(n.flooded_volume)).count();
            if count > 0 {
                let mark = if more { Mark::Flooded(class) } else { Mark::Relieved(class) };
                let word = sheet.word(if more { Word::MoreBy } else { Word::LessBy });
                items.push(entry(mark, &format!("{word} {}", plan.volume_label(class)), count));
            }
        }
    };
    entries(true);
    entries(false);
    let same = plan.nodes.iter().filter(|n| n.kind == PlanNodeKind::Manhole && n.flooded_volume == 0.0);
    items.push(entry(Mark::Node, sheet.word(Word::Unchanged), same.count()));
    items.push(Item::Space);
}

fn structures(plan: &Plan, sheet: &Sheet, items: &mut Vec<Item>) {
    for kind in [PlanNodeKind::Outfall, PlanNodeKind::Storage, PlanNodeKind::Divider] {
        let count = plan.nodes.iter().filter(|n| n.kind == kind).count();
        if let Some((symbol, word)) = kind.symbol()
            && count > 0
        {
            items.push(entry(Mark::Plain(Sample::Symbol(symbol)), sheet.word(word), count));
        }
    }
    for kind in [PlanLinkKind::Pump, PlanLinkKind::Orifice, PlanLinkKind::Weir, PlanLinkKind::Outlet] {
        let count = plan.links.iter().filter(|l| l.kind == kind).count();
        if let Some((symbol, word)) = kind.symbol()
            && count > 0
        {
            items.push(entry(Mark::Plain(Sample::Symbol(symbol)), sheet.word(word), count));
        }
    }
}

/// Draws the panel in its place.
pub(super) fn draw(scene: &mut Scene, plan: &Plan, map: &Map<'_>, sheet: &Sheet, place: Rect) {
    let items = items(plan, sheet);
    let size = size(&items, sheet, place.height());
    let [_, _, length] = columns(&items, sheet, size);
    let mut top = place.top;
    let start = Lettering::new(size, Align::Start, Level::Middle);
    let end = Lettering::new(size, Align::End, Level::Middle);
    for item in &items {
        let middle = top + 0.5 * PITCH * size;
        let counts = |scene: &mut Scene, count: &str, sum: &str, lettering: Lettering| {
            scene.text([place.right - length, middle], count, lettering);
            scene.text([place.right, middle], sum, lettering);
        };
        match item {
            Item::Space => {
                top += 0.5 * PITCH * size;
                continue;
            }
            Item::Heading(text, count, sum) => {
                scene.text([place.left, middle], text, start);
                counts(scene, count, sum, end.colour(Colour::GREY));
            }
            Item::Entry(mark, text, count, sum) => {
                let sample =
                    Rect::new(place.left, top + 0.15 * size, place.left + 2.0 * size, top + 1.35 * size);
                draw_mark(scene, mark, map, sample, sheet.unit());
                scene.text([place.left + SAMPLE * size, middle], text, start);
                counts(scene, count, sum, end);
            }
        }
        top += PITCH * size;
    }
    if matches!(plan.map_unit, MapUnit::Metres | MapUnit::Feet) {
        let unit = if plan.map_unit == MapUnit::Metres { "m" } else { "ft" };
        foot(scene, unit, map.pixels_per_unit(), place, size);
    }
}

fn draw_mark(scene: &mut Scene, mark: &Mark, map: &Map<'_>, place: Rect, unit: f64) {
    let (x, y) = (0.5 * (place.left + place.right), 0.5 * (place.top + place.bottom));
    let disc = |radius: f64, fill: Colour, line: Stroke| Sample::Disc(radius, fill, line);
    let sample = match mark {
        Mark::Link(class) => {
            Sample::Line(Stroke::solid(class.colour(), (0.5 * map.widths.1).max(4.0 * unit)))
        }
        Mark::Widths => {
            scene.line(&[[place.left, y], [x - unit, y]], Stroke::solid(Colour::GREY, map.widths.0));
            scene.line(&[[x + unit, y], [place.right, y]], Stroke::solid(Colour::GREY, map.widths.1));
            return;
        }
        Mark::Node => disc(map.dot.max(3.0 * unit), Colour::WHITE, Stroke::solid(Colour::GREY, 1.2 * unit)),
        Mark::Surcharged => {
            disc(map.surcharged.max(3.5 * unit), SURCHARGED, Stroke::solid(Colour::INK, unit))
        }
        Mark::Flooded(class) => {
            let radius = map.radii.get(*class).copied().unwrap_or(unit);
            disc(radius, FLOODED, Stroke::solid(Colour::WHITE, unit))
        }
        Mark::Relieved(class) => {
            let radius = map.radii.get(*class).copied().unwrap_or(unit);
            disc(radius, RELIEVED, Stroke::solid(Colour::WHITE, unit))
        }
        Mark::Built => {
            let width = (0.5 * map.widths.1).max(4.0 * unit);
            let line = |colour: Colour, width: f64| Sample::Line(Stroke::solid(colour, width));
            line(Colour::INK, width + 4.0 * unit).draw(scene, place);
            line(Colour::WHITE, width)
        }
        Mark::Plain(sample) => *sample,
    };
    sample.draw(scene, place);
}

/// The scale bar and the north arrow at the panel's foot; `unit` is `m` or `ft`, `scale` its pixels.
pub(in crate::plot) fn foot(scene: &mut Scene, unit: &str, scale: f64, place: Rect, size: f64) {
    let room = (place.width() - 6.0 * size) / scale;
    let step = Ticks::new((0.0, room), 2).step;
    let length = if 2.0 * step <= room { 2.0 * step } else { step };
    let pixels = length * scale;
    let bottom = place.bottom - 0.6 * size;
    let bar = Rect::new(place.left, bottom - 0.35 * size, place.left + pixels, bottom);
    let half = 0.5 * (bar.left + bar.right);
    scene.rect(Rect { right: half, ..bar }, Colour::INK);
    scene.frame(bar, Stroke::solid(Colour::INK, (0.06 * size).max(1.0)));
    let decimals = Ticks::new((0.0, length), 2).decimals;
    let (long, name) = if unit == "m" && length >= 2000.0 { (1000.0, "km") } else { (1.0, unit) };
    let label = Lettering::new(size, Align::Middle, Level::Bottom);
    let above = bar.top - 0.25 * size;
    let zero = Lettering { align: Align::Start, ..label };
    scene.text([bar.left, above], "0", zero);
    let text = format!("{} {name}", number(length / long, if long > 1.0 { 0 } else { decimals }));
    scene.text([bar.right, above], &text, label);
    let arrow = Rect::new(place.right - 2.0 * size, bottom - 2.6 * size, place.right, bottom);
    north_arrow(scene, arrow);
    scene.text([0.5 * (arrow.left + arrow.right), arrow.top - 0.1 * size], "N", label);
}
