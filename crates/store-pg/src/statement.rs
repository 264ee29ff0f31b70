//! A statement with its arguments, which can be sent again on another connection.

use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe, Encode, Postgres, QueryBuilder, SqlSafeStr, SqlStr, Type};

/// SQL and the values of its parameters.
pub(crate) struct Statement {
    sql: SqlStr,
    args: PgArguments,
    broken: Option<sqlx::error::BoxDynError>,
}

/// Whether no row can hold the text: PostgreSQL knows no NUL, and refuses even to look for one.
pub(crate) fn is_unheard_of(text: &str) -> bool {
    text.contains('\0')
}

/// Begins a statement.
pub(crate) fn sql(text: &'static str) -> Statement {
    Statement { sql: text.into_sql_str(), args: PgArguments::default(), broken: None }
}

/// Begins a statement whose text was put together of literals.
pub(crate) fn composed(text: String) -> Statement {
    Statement { sql: AssertSqlSafe(text).into_sql_str(), args: PgArguments::default(), broken: None }
}

impl Statement {
    /// The value of the next parameter.
    pub fn bind<'t, T: Encode<'t, Postgres> + Type<Postgres>>(mut self, value: T) -> Self {
        if let Err(error) = self.args.add(value) {
            self.broken.get_or_insert(error);
        }
        self
    }

    /// Its text, without the values.
    pub fn text(&self) -> SqlStr {
        self.sql.clone()
    }

    /// The statement, ready to be sent once.
    pub fn query(&self) -> sqlx::Result<sqlx::query::Query<'static, Postgres, PgArguments>> {
        match &self.broken {
            None => Ok(sqlx::query_with(self.sql.clone(), self.args.clone())),
            Some(error) => Err(sqlx::Error::Encode(error.to_string().into())),
        }
    }
}

impl From<QueryBuilder<Postgres>> for Statement {
    fn from(mut builder: QueryBuilder<Postgres>) -> Self {
        use sqlx::Execute;
        let mut query = builder.build();
        let args = query.take_arguments();
        let sql = query.sql();
        match args {
            Ok(args) => Self { sql, args: args.unwrap_or_default(), broken: None },
            Err(error) => Self { sql, args: PgArguments::default(), broken: Some(error) },
        }
    }
}
