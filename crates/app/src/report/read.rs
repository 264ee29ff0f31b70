//! What is asked of the record, and what is made of it.

use domain::officer::Unit;
use domain::report::{self, Crew, Density, Figures, Period, ResponseTargets, TaskFact};
use store::report::ReportFilter;

use super::chart::{self, Picture};
use super::{Language, chart::Image};
use crate::policy::{self, Permission};
use crate::{Actor, Context, Error, Result};

/// Most tasks of one report.
pub const MOST_TASKS: usize = 200_000;
/// Tasks read with one question to the record, so that none of them lasts long.
const PART: u32 = 10_000;
/// Most cells of a map.
pub const CELLS: usize = 5000;

/// What a report is of.
#[derive(Debug, Clone)]
pub struct ReportQuery {
    /// Tasks that were made on these days.
    pub period: Period,
    /// Only those to which somebody of this unit is sent.
    pub unit: Option<Unit>,
}

impl ReportQuery {
    fn filter(&self) -> ReportFilter {
        let unit = self.unit.as_ref().map(|unit| unit.as_str().to_owned());
        ReportFilter { from: self.period.from(), until: self.period.until(), unit }
    }
}

/// Counts and times over all.
pub async fn figures(cx: &Context, actor: &Actor, query: &ReportQuery) -> Result<Figures> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    let _turn = cx.reports.turn().await?;
    let (facts, period) = (facts(cx, query).await?, query.period);
    let targets = targets(cx);
    cx.reports.reckon("report", move || report::figures(&period, &facts, &targets)).await
}

/// The same tasks by unit and by officer.
pub async fn crew(cx: &Context, actor: &Actor, query: &ReportQuery) -> Result<Crew> {
    may_name(actor)?;
    let _turn = cx.reports.turn().await?;
    let facts = facts(cx, query).await?;
    let roster = cx.store.read().await?.reports().roster().await?;
    let targets = targets(cx);
    cx.reports.reckon("report", move || report::crew(&facts, &roster, &targets)).await
}

/// The same tasks by place, in cells of `side` degrees.
pub async fn density(cx: &Context, actor: &Actor, query: &ReportQuery, side: f64) -> Result<Density> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    let side = report::CELL_DEGREES.hold("celda", side).map_err(|error| Error::invalid(error.field, error))?;
    let _turn = cx.reports.turn().await?;
    let facts = facts(cx, query).await?;
    let density = cx.reports.reckon("report", move || report::density(&facts, side, CELLS)).await?;
    density.map_err(|error| Error::invalid(error.field, error))
}

/// The figures as a picture for a phone.
pub async fn picture(
    cx: &Context,
    actor: &Actor,
    query: &ReportQuery,
    language: Language,
    image: Image,
) -> Result<Vec<u8>> {
    let (figures, crew) = both(cx, actor, query).await?;
    let picture = Picture {
        office: cx.settings.project_name.clone(),
        period: query.period,
        unit: query.unit.clone(),
        figures,
        units: crew.units,
        at: cx.clock.now(),
        language,
    };
    cx.reports.reckon("chart", move || chart::draw(&picture, image)).await?
}

/// Figures and crew, of one reading.
pub(super) async fn both(cx: &Context, actor: &Actor, query: &ReportQuery) -> Result<(Figures, Crew)> {
    may_name(actor)?;
    let _turn = cx.reports.turn().await?;
    let (facts, period) = (facts(cx, query).await?, query.period);
    let roster = cx.store.read().await?.reports().roster().await?;
    let targets = targets(cx);
    let reckon = move || {
        let figures = report::figures(&period, &facts, &targets);
        (figures, report::crew(&facts, &roster, &targets))
    };
    cx.reports.reckon("report", reckon).await
}

/// The targets that the office set for response times.
pub fn targets(cx: &Context) -> ResponseTargets {
    let dispatch = &cx.settings.dispatch;
    ResponseTargets { assigned: dispatch.target_assigned, on_scene: dispatch.target_on_scene }
}

/// Figures by officer bear names.
fn may_name(actor: &Actor) -> Result<()> {
    policy::require(actor, Permission::ViewTeamMetrics)?;
    policy::require(actor, Permission::ViewPeople)
}

/// All tasks of a report, read in parts. A connection is held for one part at a time.
async fn facts(cx: &Context, query: &ReportQuery) -> Result<Vec<TaskFact>> {
    let (filter, mut facts) = (query.filter(), Vec::new());
    loop {
        let after = facts.last().map(|last: &TaskFact| (last.created_at, last.id));
        let part = cx.store.read().await?.reports().facts(&filter, after, PART).await?;
        let is_last = part.len() < PART as usize;
        facts.extend(part);
        if facts.len() > MOST_TASKS {
            return Err(Error::invalid("hasta", format!("more than {MOST_TASKS} tasks: give fewer days")));
        }
        if is_last {
            return Ok(facts);
        }
    }
}
