//! Pipe catalogues: the sizes that can be bought.

/// A series of pipes.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// Its name, such as `RC-pipe`.
    pub name: String,
    /// What it is, for reports.
    pub title: String,
    /// Where its sizes come from.
    pub source: String,
    /// Whether they were checked against the source.
    pub verified: bool,
    /// Manning's roughness of a new pipe, s/m^(1/3).
    pub roughness: f64,
    /// Inner diameters, m, increasing.
    pub diameters: Vec<f64>,
}

impl Catalogue {
    /// The smallest size of at least a diameter, m.
    pub fn at_least(&self, diameter: f64) -> Option<f64> {
        self.diameters.iter().copied().find(|size| *size >= diameter * (1.0 - 1.0e-9))
    }
    /// The size so many steps above the smallest one that is not below a diameter, m.
    pub fn steps_above(&self, diameter: f64, steps: usize) -> Option<f64> {
        let here = self.diameters.iter().rposition(|size| *size <= diameter * (1.0 + 1.0e-9));
        let index = here.map_or(steps.checked_sub(1), |here| Some(here + steps))?;
        self.diameters.get(index).copied()
    }
}

/// The catalogues of a study. The first is taken where a measure names none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogues(pub Vec<Catalogue>);

impl Catalogues {
    /// The catalogue of a name, or the first one for `None`.
    pub fn find(&self, name: Option<&str>) -> Option<&Catalogue> {
        match name {
            None => self.0.first(),
            Some(name) => self.0.iter().find(|catalogue| catalogue.name == name),
        }
    }
}
