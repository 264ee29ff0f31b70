//! `GET /reports/export` and the pictures.

use app::Context;
use app::report::chart::Image;
use app::report::{Format, ReportQuery, Table};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::query::{LanguageQuery, PeriodQuery};
use crate::error::Result;
use crate::extract::{Authenticated, QueryPair, QueryTriple};
use crate::problem::Problem;
use crate::schema::BinaryFile;

/// What kind of file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `csv` is one table, `xlsx` a workbook with all of them.
    #[serde(default)]
    #[param(inline, default = "xlsx")]
    formato: Formato,
    /// Which table, for `csv`.
    #[serde(default)]
    #[param(inline, default = "dias")]
    tabla: Tabla,
    /// For `csv`: `true` for programs (`,`, decimal point, no byte-order mark). Else it is written for a
    /// spreadsheet with the settings of `idioma`: in Spanish with `;` and decimal comma.
    #[serde(default)]
    plano: bool,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Formato {
    Csv,
    #[default]
    Xlsx,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Tabla {
    Resumen,
    #[default]
    Dias,
    Horas,
    Tipos,
    Prioridades,
    Unidades,
    Efectivos,
    Tiempos,
}

impl From<Tabla> for Table {
    fn from(table: Tabla) -> Self {
        match table {
            Tabla::Resumen => Self::Summary,
            Tabla::Dias => Self::Days,
            Tabla::Horas => Self::Hours,
            Tabla::Tipos => Self::Kinds,
            Tabla::Prioridades => Self::Priorities,
            Tabla::Unidades => Self::Units,
            Tabla::Efectivos => Self::Officers,
            Tabla::Tiempos => Self::Response,
        }
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The figures of a period as a file, for level 2. That it was taken is audited.
#[utoipa::path(get, path = "/api/v1/reports/export", tag = "reports", security(("bearer" = [])),
    operation_id = "report_export", params(PeriodQuery, LanguageQuery, ExportQuery),
    responses((status = 200, content((inline(BinaryFile) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv"))), (status = "4XX", body = Problem)))]
pub async fn export(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryTriple(query, language, wanted): QueryTriple<PeriodQuery, LanguageQuery, ExportQuery>,
) -> Result<Response> {
    let query = query.asked(&cx, &actor)?;
    let table = Table::from(wanted.tabla);
    let (format, kind, name) = match wanted.formato {
        Formato::Csv => {
            (Format::Csv { table, plain: wanted.plano }, "text/csv; charset=utf-8", format!("{}.csv", table.as_str()))
        }
        Formato::Xlsx => (Format::Xlsx, XLSX, "informe.xlsx".to_owned()),
    };
    let file = app::report::export(&cx, &actor, &query, language.language(), format).await?;
    let name = format!("attachment; filename=\"{}-{}-{name}\"", query.period.first(), query.period.last());
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], file).into_response())
}

async fn picture(
    cx: &Context,
    actor: &app::Actor,
    query: &ReportQuery,
    language: &LanguageQuery,
    (image, kind): (Image, &'static str),
) -> Result<Response> {
    let picture = app::report::picture(cx, actor, query, language.language(), image).await?;
    Ok(([(header::CONTENT_TYPE, kind)], picture).into_response())
}

/// The figures of a period as a picture for a phone, 1080 pixels wide, for level 2.
#[utoipa::path(get, path = "/api/v1/reports/chart.png", tag = "reports", security(("bearer" = [])),
    operation_id = "report_chart_png", params(PeriodQuery, LanguageQuery),
    responses((status = 200, content_type = "image/png", body = inline(BinaryFile)), (status = "4XX", body = Problem)))]
pub async fn png(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(query, language): QueryPair<PeriodQuery, LanguageQuery>,
) -> Result<Response> {
    picture(&cx, &actor, &query.asked(&cx, &actor)?, &language, (Image::Png, "image/png")).await
}

/// The same picture as lines, which can be enlarged.
#[utoipa::path(get, path = "/api/v1/reports/chart.svg", tag = "reports", security(("bearer" = [])),
    operation_id = "report_chart_svg", params(PeriodQuery, LanguageQuery),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = "4XX", body = Problem)))]
pub async fn svg(
    State(cx): State<Context>,
    Authenticated(actor): Authenticated,
    QueryPair(query, language): QueryPair<PeriodQuery, LanguageQuery>,
) -> Result<Response> {
    picture(&cx, &actor, &query.asked(&cx, &actor)?, &language, (Image::Svg, "image/svg+xml")).await
}
