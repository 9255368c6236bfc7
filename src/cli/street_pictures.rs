//! Pictures of a run with a surface: maps, what manholes gave and took, gauges, and the course as a film.

use std::path::Path;

use rayon::prelude::*;

use crate::input::hazard_table;
use crate::model::Model;
use crate::plot::inundation::album::album;
use crate::plot::inundation::gauges::Gauges;
use crate::plot::inundation::{Film, Place, Scales};
use crate::plot::{PlotError, Sheet, Word};
use crate::simulation::street::{Street, StreetSink, StreetSummary};
use crate::street::Ground;

use super::console::fail;
use super::exit::Exit;

/// Size of the film, pixels: its frames are many.
const FILM: (u32, u32) = (1000, 625);

/// What has to be taken while the run goes on.
pub struct Watched {
    place: Place,
    film: Film,
    gauges: Gauges,
}

impl Watched {
    /// What will be drawn of a run on a ground.
    pub fn new(ground: &Ground, model: &Model) -> Self {
        let duration = model.options.end.seconds_since(model.options.start);
        // the table is a part of the program, and held by its tests
        let people = hazard_table::embedded().map(|table| table.people.breaks).unwrap_or_default();
        let scales = Scales { duration, people };
        let place = Place::on(ground, &crate::inundation::Surroundings::default(), model, scales);
        Self { film: Film::new(&place, duration), gauges: Gauges::new(&ground.gauges), place }
    }
    /// The sinks that it needs.
    pub fn sinks(&mut self) -> [&mut dyn StreetSink; 2] {
        [&mut self.film, &mut self.gauges]
    }
    /// Draws all pictures into a folder, each as SVG and PNG, and the film as an animated PNG.
    ///
    /// # Errors
    /// When one cannot be drawn or written; this has been said then.
    pub fn draw(
        &self,
        model: &Model,
        street: &Street,
        summary: &StreetSummary,
        folder: &Path,
        sheet: &Sheet,
    ) -> Result<(), Exit> {
        let title = model.title.iter().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or("");
        let titled = |word: Word| match title {
            "" => sheet.word(word).to_owned(),
            title => format!("{title} – {}", sheet.word(word)),
        };
        let mut pictures = album(&self.place, street, summary, title, sheet);
        pictures.push(("street_gauges".to_owned(), self.gauges.draw(&titled(Word::Depth), sheet)));
        let told = |name: &str, error: &PlotError| {
            fail(format!("{name}: {error}"));
            if matches!(error, PlotError::Write { .. }) { Exit::File } else { Exit::Input }
        };
        let save = |(name, picture): &(String, Result<crate::plot::Picture, PlotError>)| match picture {
            Ok(picture) => ["svg", "png"]
                .iter()
                .try_for_each(|end| picture.write(folder.join(format!("{name}.{end}"))))
                .map_err(|error| told(name, &error)),
            Err(PlotError::Empty(_)) => Ok(()),
            Err(error) => Err(told(name, error)),
        };
        pictures.par_iter().map(save).collect::<Result<Vec<()>, Exit>>()?;
        let small = Sheet { width: FILM.0, height: FILM.1, ..sheet.clone() };
        let name = "street_film";
        match self.film.draw(&titled(Word::Depth), &small) {
            Ok(film) => film.write(&folder.join(format!("{name}.png"))).map_err(|error| {
                fail(format!("{name}: {error}"));
                Exit::File
            }),
            Err(PlotError::Empty(_)) => Ok(()),
            Err(error) => Err(told(name, &error)),
        }
    }
}
