//! All pictures of one run with a surface.

use super::{Place, Quantity, depth_area_chart, manhole_bubbles};
use crate::inundation::zones::depth_area;
use crate::inundation::{Flood, StreetMaps};
use crate::plot::{Picture, PlotError, Sheet, Word};
use crate::simulation::street::{Street, StreetSummary};

/// The pictures of a run: names for files, such as `street_depth`, and what was drawn. `title` is that of the run; each
/// picture says what it shows behind it. A run that remembered nothing of its cells gives none.
#[must_use]
pub fn album(
    place: &Place,
    street: &Street,
    summary: &StreetSummary,
    title: &str,
    sheet: &Sheet,
) -> Vec<(String, Result<Picture, PlotError>)> {
    let Some(flood) = Flood::of(street, summary) else { return Vec::new() };
    let maps = StreetMaps::of(&flood);
    let titled = |word: Word| match title {
        "" => sheet.word(word).to_owned(),
        title => format!("{title} – {}", sheet.word(word)),
    };
    let mut pictures = Vec::new();
    for quantity in Quantity::ALL {
        let Some(values) = maps.get(quantity.kind()) else { continue };
        let picture = place.map(quantity, values, &titled(quantity.word()), sheet);
        pictures.push((format!("street_{}", quantity.name()), picture));
    }
    let depth = maps.get(Quantity::Depth.kind());
    let bubbles = manhole_bubbles(street, &summary.manholes);
    let exchange = place.exchange(bubbles, 0.0, depth, &titled(Word::Exchange), sheet);
    pictures.push(("street_exchange".to_owned(), exchange));
    let areas = depth_area(&flood);
    let runs = [(String::new(), areas.as_slice())];
    let chart = depth_area_chart(&runs, &titled(Word::AreaByDepth), sheet);
    pictures.push(("street_depth_area".to_owned(), chart));
    pictures
}
