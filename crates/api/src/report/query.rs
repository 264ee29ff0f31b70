//! Which tasks a report is of.

use app::report::ReportQuery;
use app::{Actor, Context, Error};
use chrono::NaiveDate;
use domain::Language;
use domain::officer::Unit;
use domain::report::Period;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, Result};
use crate::problem::{FieldError, Problem};
use crate::schema::Idioma;

/// Days of the office, in its time zone, and whose tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// First day; today when absent.
    desde: Option<NaiveDate>,
    /// Last day, included, at most 366 days from the first; the first day when absent.
    hasta: Option<NaiveDate>,
    /// Only tasks to which somebody of this unit is sent.
    unidad: Option<String>,
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
        let first = self.desde.or(self.hasta).unwrap_or(today);
        let last = self.hasta.unwrap_or(first);
        let period = Period::new(first, last, zone).map_err(|error| bad("hasta", error))?;
        let unit = self.unidad.map(Unit::try_from).transpose().map_err(|error| bad("unidad", error))?;
        Ok(ReportQuery { period, unit })
    }
}

pub(super) fn bad(field: &str, msg: impl ToString) -> Problem {
    Problem::invalid(vec![FieldError::new("value_error", "query", field, msg.to_string(), Value::Null)])
}

/// What the use case finds wrong stands in the query here.
pub(super) fn in_query(error: Error) -> ApiError {
    let Error::Invalid(problems) = error else { return error.into() };
    let field = |p: app::FieldProblem| FieldError::new(p.code, "query", &p.field, p.message, Value::Null);
    Problem::invalid(problems.into_iter().map(field).collect()).into()
}
