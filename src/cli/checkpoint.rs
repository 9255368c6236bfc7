//! `--checkpoint`, `--resume`, `--until`: a long run that is stopped and goes on.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::clock::DateTime;
use crate::model::crs::plain;
use crate::scenario::words::Words;
use crate::simulation::checkpoint::{self, Checkpoints, Fact, Found, Refusal};

use super::arguments::RunArguments;
use super::console::{fail, say, tell};
use super::exit::Exit;
use super::language::Lang;
use super::load::Loaded;
use super::street::Joined;

/// How often a checkpoint is kept where the arguments do not say.
const EVERY: Duration = Duration::from_secs(600);

/// The checkpoints that a run is asked to keep, and the one that it goes on from.
pub struct Plan {
    path: PathBuf,
    facts: Vec<Fact>,
    every: Duration,
    found: Option<Found>,
    lang: Lang,
}

/// Where the checkpoint of results lies: `a.checkpoint` of `a.out`, and of `storm.p5` `storm.p5.checkpoint`, lest that of
/// `storm.p50` be the same.
pub fn beside(out: &Path) -> PathBuf {
    if out.extension().is_none_or(|end| end == "out") {
        return out.with_extension("checkpoint");
    }
    let mut name = out.as_os_str().to_owned();
    name.push(".checkpoint");
    PathBuf::from(name)
}

impl Plan {
    /// What the arguments ask for; `None` when they do not speak of checkpoints.
    ///
    /// # Errors
    /// When the run cannot go on from the checkpoint that is there; this has been said then.
    pub fn of(
        arguments: &RunArguments,
        loaded: &Loaded,
        joined: Option<&Joined>,
        out: &Path,
    ) -> Result<Option<Self>, Exit> {
        let lang = arguments.language.lang;
        let asked = &arguments.checkpoints;
        if asked.checkpoint.is_none() && !asked.resume && asked.until.is_none() {
            return Ok(None);
        }
        let path = beside(out);
        let facts = facts(arguments, loaded, joined)?;
        let found = if asked.resume {
            Found::read(&path, &facts).map_err(|refusal| refuse(&path, &refusal, lang))?
        } else {
            None
        };
        let place = path.display();
        if !arguments.quiet && asked.resume {
            say(match &found {
                Some(found) => {
                    let time = found.time();
                    lang.of(format!("Goes on from {time} ({place})"), format!("从 {time} 继续（{place}）"))
                }
                None => lang.of(
                    format!("No checkpoint at {place}: begins at the start"),
                    format!("没有检查点 {place}：从头开始"),
                ),
            });
        }
        Ok(Some(Self { path, facts, every: asked.checkpoint.unwrap_or(EVERY), found, lang }))
    }

    /// Whether the run goes on from a checkpoint.
    pub fn goes_on(&self) -> bool {
        self.found.is_some()
    }

    /// The checkpoints of the run, which begins now. One of an older run goes, since its results do.
    pub fn begin(&mut self) -> Checkpoints<'static> {
        let (path, lang) = (self.path.clone(), self.lang);
        let unkept = move |error: &std::io::Error| {
            let path = path.display();
            tell(lang.of(
                format!("warning: no checkpoint could be kept ({path}): {error}"),
                format!("警告：无法保存检查点（{path}）：{error}"),
            ));
        };
        let checkpoints = Checkpoints::new(&self.path, self.facts.clone(), self.every, unkept);
        match self.found.take() {
            Some(found) => checkpoints.going_on(found),
            None => {
                self.remove();
                checkpoints
            }
        }
    }

    /// Says how a run that was stopped at a time goes on, if its checkpoint is of that time or one before.
    pub fn tell(&self, kept: Option<DateTime>) {
        let (Some(time), place) = (kept, self.path.display()) else { return };
        tell(self.lang.of(
            format!("checkpoint of {time}: {place}; the same command with --resume goes on from there"),
            format!("{time} 的检查点：{place}；同一命令加 --resume 即可由此继续"),
        ));
    }

    /// Removes the checkpoint: nothing is left to go on with.
    pub fn remove(&self) {
        if let Err(error) = checkpoint::remove(&self.path) {
            fail(format!("{} cannot be removed: {error}", self.path.display()));
        }
    }
}

/// Says why a run does not go on.
fn refuse(path: &Path, refusal: &Refusal, lang: Lang) -> Exit {
    let place = path.display();
    let anew = lang.of("without --resume the run begins anew", "不加 --resume 则从头开始");
    let (why, exit) = match refusal {
        Refusal::Unreadable(error) => {
            (lang.of(format!("cannot be read: {error}"), format!("无法读取：{error}")), Exit::File)
        }
        Refusal::Foreign => (
            lang.of("is no checkpoint of this version of pailao", "不是此版本 pailao 的检查点").to_owned(),
            Exit::Input,
        ),
        Refusal::Damaged => (
            lang.of("is damaged: it is not as it was written", "已损坏：内容与写入时不符").to_owned(),
            Exit::Input,
        ),
        Refusal::Other(others) => {
            let names: Vec<&str> =
                others.iter().map(|words| lang.of(words.en.as_str(), words.zh.as_str())).collect();
            let names = names.join(lang.of(", ", "、"));
            let differs = lang.of(
                format!("belongs to another run; what differs: {names}"),
                format!("属于另一次运行，不同之处：{names}"),
            );
            (differs, Exit::Input)
        }
    };
    fail(format!("{place} {why}; {anew}"));
    exit
}

/// What the results of a run depend on. Threads and languages are not among it: the bytes do not depend on them.
fn facts(arguments: &RunArguments, loaded: &Loaded, joined: Option<&Joined>) -> Result<Vec<Fact>, Exit> {
    let fact = |en: &str, zh: &str, value: String| Fact { what: Words::new(en, zh), value };
    let yes = |is: bool| (if is { "yes" } else { "no" }).to_owned();
    let surface = joined.map(Joined::asked).unwrap_or_default();
    let mut facts = vec![
        checkpoint::program(),
        fact("the model", "模型文件", hash_of(&arguments.model)?),
        fact("--encoding", "--encoding", format!("{:?}", arguments.encoding.encoding)),
        fact("--crs", "--crs", arguments.surface.crs.as_deref().map(plain).unwrap_or_default()),
        fact("--csv", "--csv", yes(arguments.csv.is_some())),
        fact("--plots", "--plots", yes(arguments.plots.is_some())),
        fact("--stack", "--stack", yes(joined.is_some_and(Joined::has_stack))),
        fact("what is asked of the surface", "地表设置", Fact::hash(surface.as_bytes())),
    ];
    let files = loaded.companions.iter().cloned().chain(joined.map(Joined::files).unwrap_or_default());
    for file in files {
        let name = file.display().to_string();
        facts.push(fact(&name, &name, hash_of(&file)?));
    }
    Ok(facts)
}

fn hash_of(file: &Path) -> Result<String, Exit> {
    std::fs::read(file).map(|bytes| Fact::hash(&bytes)).map_err(|error| {
        fail(format!("{} cannot be read: {error}", file.display()));
        Exit::File
    })
}
