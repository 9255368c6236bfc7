//! `pailao plot`: pictures from a results file and its model.

use std::path::{Path, PathBuf};

use crate::model::Model;
use crate::plot::{Fonts, Language, Picture, PlotError, Sheet};
use crate::results::out::OutFile;

use super::Lang;
use super::arguments::PlotArguments;
use super::console::{fail, report, say, tell};
use super::exit::Exit;
use super::load::load;
use super::pictures::{Album, Extremes};
use crate::results::whole_file::safe_name;

/// What is asked for besides the pictures that always come.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Ends of the long section; without them it leads through the place that floods most.
    pub section: Option<(String, String)>,
    /// Nodes to draw hydrographs of.
    pub nodes: Vec<String>,
    /// Links to draw hydrographs of.
    pub links: Vec<String>,
}

/// `pailao plot`.
pub fn plot(arguments: &PlotArguments) -> Exit {
    let lang = arguments.language.lang;
    let sheet = match sheet(lang, arguments.font.as_deref()) {
        Ok(sheet) => sheet,
        Err(exit) => return exit,
    };
    let loaded = match load(&arguments.model, arguments.encoding.encoding) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if loaded.verdict() == Exit::Input {
        report(&loaded.diagnostics, lang);
        return Exit::Input;
    }
    let selection = Selection {
        section: arguments.from.clone().zip(arguments.to.clone()),
        nodes: arguments.node.clone(),
        links: arguments.link.clone(),
    };
    match draw(&loaded.model, &arguments.results, &arguments.dir, &selection, None, &sheet) {
        Ok(files) => {
            let count = files.len();
            let folder = arguments.dir.display();
            say(lang.of(format!("{count} pictures in {folder}"), format!("{folder} 中有 {count} 幅图")));
            Exit::Done
        }
        Err(exit) => exit,
    }
}

/// The sheet that pictures are drawn on.
///
/// # Errors
/// When the font cannot be used; this has been said then.
pub fn sheet(lang: Lang, font: Option<&Path>) -> Result<Sheet, Exit> {
    let mut sheet = Sheet::new(lang.of(Language::En, Language::Zh));
    if let Some(font) = font {
        sheet.fonts = Fonts::with_file(font).map_err(|error| {
            fail(error.to_string());
            Exit::File
        })?;
    }
    Ok(sheet)
}

/// Draws pictures of results into a folder, each as SVG and PNG; the names of the pictures.
///
/// # Errors
/// When the results cannot be read, something asked for is not there, or a picture cannot be written;
/// this has been said then.
pub fn draw(
    model: &Model,
    results: &Path,
    folder: &Path,
    selection: &Selection,
    extremes: Option<Extremes>,
    sheet: &Sheet,
) -> Result<Vec<PathBuf>, Exit> {
    let unreadable = |error: std::io::Error| {
        fail(format!("{} cannot be read: {error}", results.display()));
        Exit::File
    };
    let file = OutFile::open(results).map_err(unreadable)?;
    if file.records() == 0 {
        fail(format!("{} holds no results yet", results.display()));
        return Err(Exit::File);
    }
    let mut album = Album::open(model, file, extremes, sheet).map_err(unreadable)?;
    if let Some(foreign) = album.foreign_element() {
        fail(format!("{} has no results of {foreign}: is this its model?", results.display()));
        return Err(Exit::Input);
    }
    std::fs::create_dir_all(folder).map_err(|error| {
        fail(format!("{} cannot be made: {error}", folder.display()));
        Exit::File
    })?;

    let mut written = Vec::new();
    let mut hang = |name: &str, asked: bool, picture: Result<Picture, PlotError>| -> Result<(), Exit> {
        match picture {
            Ok(picture) => {
                for ending in ["svg", "png"] {
                    let file = folder.join(format!("{}.{ending}", safe_name(name)));
                    picture.write(&file).map_err(|error| {
                        fail(error.to_string());
                        Exit::File
                    })?;
                }
                written.push(folder.join(safe_name(name)));
                Ok(())
            }
            // a picture that comes by itself stays away where there is nothing to show
            Err(PlotError::Empty(_) | PlotError::NoCoordinates) if !asked => Ok(()),
            Err(error) => {
                fail(format!("{name}: {error}"));
                Err(Exit::Input)
            }
        }
    };
    hang("plan", false, album.plan())?;
    let section = album.section(selection.section.as_ref());
    hang("long_section", selection.section.is_some(), section)?;
    hang("system", false, album.system())?;
    hang("outfalls", false, album.outfalls())?;
    hang("storage", false, album.storage())?;
    hang("flooding", false, album.flooding())?;
    for node in &selection.nodes {
        hang(&format!("node_{node}_level"), true, album.node_level(node))?;
        hang(&format!("node_{node}_inflow"), true, album.node_inflow(node))?;
    }
    for link in &selection.links {
        hang(&format!("link_{link}_flow"), true, album.link_flow(link))?;
    }
    let missing: String = sheet.fonts.missing(&album.names()).into_iter().take(20).collect();
    if !missing.is_empty() {
        tell(format!("warning: the font lacks {missing}; another one can be given with --font"));
    }
    Ok(written)
}
