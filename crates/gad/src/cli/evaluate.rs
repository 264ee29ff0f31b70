//! `gad evaluate`: the office's plan of twelve sections, carried out.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use evaluation::baseline::Baseline;
use evaluation::profile::Profile;
use evaluation::report;
use evaluation::run::{self, Findings, Order, Step};
use evaluation::scenario::Scenario;
use evaluation::target::{Remote, Whereabouts};
use evaluation::text::Language;
use evaluation::threshold::{Demands, Grade};
use evaluation::verdict::Verdict;
use indicatif::{ProgressBar, ProgressStyle};
use url::Url;

use crate::out;

/// What is typed before an office that is in use is pressed.
const CONFIRMATION: &str = "EVALUAR";

/// What to evaluate, and how.
#[derive(Args)]
#[command(after_help = "Examples:\n  gad evaluate --embedded --profile quick\n  \
    gad evaluate --scaled --profile standard --out informe\n  \
    gad evaluate --target http://127.0.0.1:8000 --email admin@demo.gad\n  \
    gad evaluate --only nominal --only steps --language en\n\n\
    Ctrl-C ends it early: what was measured by then is written, marked as partial.")]
pub struct Options {
    #[command(flatten)]
    at: At,
    /// How long and how hard: quick takes 3 minutes at most, standard 15, soak hours.
    #[arg(long, value_enum, default_value = "quick")]
    profile: ProfileName,
    /// Where the report goes; made when it is not there.
    #[arg(long, default_value = "evaluacion", value_name = "DIR")]
    out: PathBuf,
    /// In which language the report is written.
    #[arg(long, alias = "lang", value_enum, default_value = "es")]
    language: Tongue,
    /// The same number gives the same office and the same requests.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Only this scenario; may be given several times.
    #[arg(long, value_name = "SCENARIO",
        value_parser = PossibleValuesParser::new(Scenario::ALL.map(Scenario::name)))]
    only: Vec<String>,
    /// Thresholds of one's own, in place of those that the program brings.
    #[arg(long, value_name = "FILE")]
    thresholds: Option<PathBuf>,
    /// The resultados.json of an earlier run; the report then says what got better and what worse.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Prints the thresholds that the program brings, to begin one's own file with.
    #[arg(long)]
    print_thresholds: bool,
}

/// What is evaluated.
#[derive(Args)]
pub struct At {
    /// Makes an office of its own on a private directory and a free port. The default.
    #[arg(long)]
    embedded: bool,
    /// Makes one on a private PostgreSQL and Redis, with two replicas; says what to install.
    #[arg(long, conflicts_with = "embedded")]
    scaled: bool,
    /// Looks at an office that somebody else serves; only what does no harm, unless --allow-faults.
    #[arg(long, value_name = "URL", value_parser = crate::http::address, conflicts_with_all = ["embedded", "scaled"],
        requires = "email", requires = "password")]
    target: Option<Url>,
    /// With what an administrator of --target signs in.
    #[arg(long, env = "GAD_EVALUATE_EMAIL", value_name = "E-MAIL")]
    email: Option<String>,
    /// The password of --email.
    #[arg(long, env = "GAD_EVALUATE_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    password: Option<String>,
    /// Also writes to --target, and presses it beyond what it can do; asks for a typed word.
    #[arg(long, requires = "target")]
    allow_faults: bool,
}

/// A profile by its name.
#[derive(Clone, Copy, ValueEnum)]
enum ProfileName {
    Quick,
    Standard,
    Soak,
    /// Shows that everything runs; its figures tell nothing.
    #[value(hide = true)]
    Smoke,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Quick => Self::QUICK,
            ProfileName::Standard => Self::STANDARD,
            ProfileName::Soak => Self::SOAK,
            ProfileName::Smoke => Self::SMOKE,
        }
    }
}

/// A language of the report.
#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    Es,
    En,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Es => Self::Spanish,
            Tongue::En => Self::English,
        }
    }
}

/// Carries it out, writes the report, and says where it is.
pub async fn evaluate(options: Options, arguments: &[OsString]) -> Result<()> {
    if options.print_thresholds {
        out::document(evaluation::threshold::FILE)?;
        return Ok(());
    }
    let language = options.language.into();
    let order = Order {
        binary: std::env::current_exe().context("where this program lies is not known")?,
        at: whereabouts(&options.at).await?,
        out: options.out.clone(),
        profile: options.profile.into(),
        seed: options.seed,
        only: Scenario::ALL.into_iter().filter(|one| options.only.iter().any(|name| name == one.name())).collect(),
        demands: demands(&options)?,
        baseline: options.baseline.as_deref().map(baseline).transpose()?,
        command: command(arguments),
    };
    let progress = Progress::begin(language);
    let stop = async {
        // Where signals cannot be had, the evaluation goes to its end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let findings = run::evaluate(&order, |step| progress.shows(step), stop).await;
    progress.ends();
    let findings = findings?;
    let written = report::write(&findings, language, &order.out)?;
    print_verdicts(&findings, language)?;
    out::line(written.display())?;
    if findings.interrupted {
        bail!("ended before its end: the report is partial");
    }
    Ok(())
}

/// Where to find what is evaluated.
async fn whereabouts(options: &At) -> Result<Whereabouts> {
    let Some(url) = &options.target else {
        return Ok(if options.scaled && !options.embedded { Whereabouts::Scaled } else { Whereabouts::Embedded });
    };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { bail!("no host in {url}") };
    let mut found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    let address = found.as_mut().ok().and_then(Iterator::next).with_context(|| format!("{host} is not known"))?;
    let (Some(email), Some(password)) = (options.email.clone(), options.password.clone()) else {
        bail!("--target needs --email and --password");
    };
    if options.allow_faults {
        confirm(url)?;
    }
    Ok(Whereabouts::Remote(Remote { address, email, password, faults: options.allow_faults }))
}

/// Asks for the word by which somebody answers for what is about to be done.
fn confirm(url: &Url) -> Result<()> {
    out::notice(format_args!("This makes thousands of tasks at {url} and presses it until it refuses."));
    out::prompt(format_args!("Type {CONFIRMATION} to go on: "));
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    if typed.trim() != CONFIRMATION {
        bail!("not confirmed; nothing was done");
    }
    Ok(())
}

fn demands(options: &Options) -> Result<Demands> {
    let Some(file) = &options.thresholds else { return Demands::committed() };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Demands::read(&text).with_context(|| format!("{} does not fit", file.display()))
}

fn baseline(file: &Path) -> Result<Baseline> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Baseline::read(&text).with_context(|| format!("{} does not fit", file.display()))
}

/// The command line as somebody else would write it: where the program lies here tells nothing there,
/// and a password is nobody's business.
fn command(arguments: &[OsString]) -> String {
    let mut words = vec!["gad".to_owned()];
    for word in arguments.iter().skip(1).map(|word| word.to_string_lossy()) {
        let is_secret = words.last().is_some_and(|before| before == "--password");
        words.push(match word.strip_prefix("--password=") {
            _ if is_secret => "…".to_owned(),
            Some(_) => "--password=…".to_owned(),
            None => word.into_owned(),
        });
    }
    words.join(" ")
}

/// How many lines hold, and what does not, on the terminal.
fn print_verdicts(findings: &Findings, language: Language) -> Result<()> {
    for verdict in [Verdict::Holds, Verdict::Partly, Verdict::Broken, Verdict::Unmeasured] {
        out::line(format_args!(
            "{} {}: {}",
            verdict.sign(),
            verdict.word().of(language),
            findings.lines_with(verdict)
        ))?;
    }
    for judged in findings.lines.iter().filter(|judged| judged.verdict == Verdict::Broken) {
        for check in judged.checks.iter().filter(|check| check.grade == Some(Grade::Broken)) {
            let figure = check.value.map(|value| language.number(value)).unwrap_or_default();
            out::line(format_args!(
                "§ {}: {} ({} = {figure})",
                judged.line,
                check.threshold.wrong.of(language),
                check.threshold.measure
            ))?;
        }
    }
    for went in &findings.scenarios {
        if let Some(failure) = &went.failure {
            out::notice(format_args!("{}: {failure}", went.scenario));
        }
    }
    Ok(())
}

/// What runs now, and what is left.
struct Progress {
    bar: ProgressBar,
    language: Language,
}

impl Progress {
    fn begin(language: Language) -> Self {
        let bar = ProgressBar::new(1);
        // The template is ours and fits; without it a plain bar is shown.
        if let Ok(style) = ProgressStyle::with_template("{pos:>3}/{len} {bar:24} {elapsed:>4} {spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, language }
    }

    fn shows(&self, step: Step) {
        let said = match step {
            Step::Preparing => self.language.say("preparando la oficina", "making the office").to_owned(),
            Step::Begins(scenario, place, all) => {
                self.bar.set_length(u64::try_from(all).unwrap_or_default());
                self.bar.set_position(u64::try_from(place).unwrap_or_default());
                scenario.title().of(self.language).to_owned()
            }
            Step::Ended(scenario, well) => {
                self.bar.inc(1);
                let sign = if well { "✔" } else { "✘" };
                format!("{sign} {}", scenario.title().of(self.language))
            }
        };
        if self.bar.is_hidden() {
            // Nobody sees a bar in a log; what began and ended is of use there.
            out::notice(&said);
        } else if let Step::Ended(..) = step {
            self.bar.println(said);
        } else {
            self.bar.set_message(said);
        }
    }

    fn ends(&self) {
        self.bar.finish_and_clear();
    }
}
