//! Which tasks a report is of.

use app::report::ReportQuery;
use app::{Actor, Context, Error};
use chrono::NaiveDate;
use domain::Language;
use domain::officer::Unit;
use domain::report::Period;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::field::PeriodBound;
use crate::schema::Idioma;

/// Days of the office, in its time zone, and whose tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// First day, or a time on it; today when absent.
    desde: Option<PeriodBound>,
    /// Last day, included, or the end of it; at most 366 days from the first; the first day when absent.
    hasta: Option<PeriodBound>,
    /// Only tasks to which somebody of this unit is sent.
    #[param(value_type = Option<String>, min_length = 1, max_length = 100)]
    unidad: Option<Unit>,
}

/// In which language titles are written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LanguageQuery {
    /// Spanish or English.
    #[serde(default)]
    #[param(inline, default = "es", value_type = Idioma)]
    idioma: Language,
}

impl LanguageQuery {
    pub(super) const fn language(&self) -> Language {
        self.idioma
    }
}

/// What a report is of, as it was understood.
#[derive(Serialize, ToSchema)]
pub struct ScopeOut {
    /// First day.
    desde: NaiveDate,
    /// Last day, included.
    hasta: NaiveDate,
    /// IANA name of the time zone whose days these are.
    zona_horaria: &'static str,
    /// Only of this unit.
    unidad: Option<String>,
}

impl From<&ReportQuery> for ScopeOut {
    fn from(query: &ReportQuery) -> Self {
        Self {
            desde: query.period.first(),
            hasta: query.period.last(),
            zona_horaria: query.period.zone().name(),
            unidad: query.unit.as_ref().map(|unit| unit.as_str().to_owned()),
        }
    }
}

impl PeriodQuery {
    /// The question, asked by somebody who may; who may not is told so before what was wrong with it.
    pub(super) fn asked(self, cx: &Context, actor: &Actor) -> Result<ReportQuery> {
        app::policy::require(actor, app::policy::Permission::ViewTeamMetrics)?;
        let zone = cx.settings.time_zone;
        let today = Period::today(cx.clock.now(), zone).first();
        let last = self.hasta.map(|bound| bound.last_day(zone));
        let first = self.desde.map(|bound| bound.first_day(zone)).or(last).unwrap_or(today);
        let period = Period::new(first, last.unwrap_or(first), zone).map_err(|error| Error::invalid("hasta", error))?;
        Ok(ReportQuery { period, unit: self.unidad })
    }
}
