//! What a database must have before its schema is changed, asked before the first migration, and
//! the statement that brings it about where it is missing.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};
use store::{Error, Result};

use crate::database_url::DatabaseUrl;
use crate::error::{from_sqlx, is_dead, unavailable};
use crate::options::PgOptions;

/// Where the tables of a record are, or would be made, and by whom.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one answer of the database, asked at once")]
pub struct SchemaPlace {
    /// Who signed in.
    pub role: String,
    /// The database.
    pub database: String,
    /// The schema of the record's tables; where there are none, the first schema of the search path
    /// that exists, in which they would be made.
    pub schema: Option<String>,
    /// Who owns the tables of the record; `None` where there are none.
    pub owner: Option<String>,
    /// Whether the role may act as that owner.
    pub acts_as_owner: bool,
    /// The schema of the extension `postgis`; `None` where it is not installed.
    pub postgis: Option<String>,
    /// Whether the server is a standby, which takes no changes.
    pub is_standby: bool,
    search_path: String,
    may_create: bool,
    may_use_postgis: bool,
    sees_postgis: bool,
    quoted: Quoted,
}

/// Names as they are written in statements.
#[derive(Debug, Clone)]
struct Quoted {
    role: String,
    database: String,
    schema: String,
    postgis: String,
    owner: String,
}

const LOOK: &str = "\
SELECT current_user::text AS role, current_database()::text AS database, home.name AS schema, \
  current_setting('search_path') AS search_path, \
  pg_get_userbyid(own.relowner)::text AS owner, coalesce(pg_has_role(own.relowner, 'MEMBER'), false) AS acts_as_owner, \
  ext.nspname::text AS postgis, pg_is_in_recovery() AS is_standby, \
  coalesce(has_schema_privilege(home.name, 'CREATE'), false) AS may_create, \
  coalesce(has_schema_privilege(ext.oid, 'USAGE'), false) AS may_use_postgis, \
  to_regtype('geography') IS NOT NULL AS sees_postgis, \
  quote_ident(current_user) AS role_q, quote_ident(current_database()) AS database_q, \
  coalesce(quote_ident(pg_get_userbyid(own.relowner)), '') AS owner_q, \
  coalesce(quote_ident(home.name), '') AS schema_q, coalesce(quote_ident(ext.nspname), '') AS postgis_q \
FROM (SELECT) AS one \
LEFT JOIN pg_class own ON own.oid = to_regclass('_sqlx_migrations') \
CROSS JOIN LATERAL (SELECT coalesce((SELECT nspname::text FROM pg_namespace WHERE oid = own.relnamespace), \
  current_schema()::text) AS name) AS home \
LEFT JOIN (SELECT n.oid, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
  WHERE e.extname = 'postgis') AS ext ON true";

impl SchemaPlace {
    /// Asks the database that `url` names.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be reached.
    pub async fn look(url: &DatabaseUrl) -> Result<Self> {
        let mut conn = url.connect().await?;
        let place = look(&mut conn).await;
        let _ = conn.close().await;
        place
    }

    /// Asks the database that `url` names whether a record can be made in it, and makes the
    /// extension `postgis` where the role may.
    ///
    /// # Errors
    /// `Unprepared` with what is missing and the statement that brings it about.
    pub async fn prepare(url: &DatabaseUrl) -> Result<Self> {
        let mut conn = url.connect().await?;
        let place = prepare(&mut conn).await;
        let _ = conn.close().await;
        place
    }
}

/// A condition of SQL: the object whose row of a catalog is called `row` belongs to no extension.
pub fn of_no_extension(row: &str) -> String {
    format!("NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {row}.oid AND d.deptype = 'e')")
}

/// A text as SQL writes it.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// How the connection finds the database.
pub(crate) async fn look(conn: &mut PgConnection) -> Result<SchemaPlace> {
    let limit = PgOptions::default().write;
    let asked = resilience::deadline("postgresql", limit, sqlx::query(LOOK).fetch_one(&mut *conn)).await;
    let row = asked.map_err(unavailable)?.map_err(from_sqlx)?;
    let text = |name: &str| row.try_get::<String, _>(name).map_err(from_sqlx);
    let maybe = |name: &str| row.try_get::<Option<String>, _>(name).map_err(from_sqlx);
    let whether = |name: &str| row.try_get::<bool, _>(name).map_err(from_sqlx);
    Ok(SchemaPlace {
        role: text("role")?,
        database: text("database")?,
        schema: maybe("schema")?,
        owner: maybe("owner")?,
        acts_as_owner: whether("acts_as_owner")?,
        postgis: maybe("postgis")?,
        is_standby: whether("is_standby")?,
        search_path: text("search_path")?,
        may_create: whether("may_create")?,
        may_use_postgis: whether("may_use_postgis")?,
        sees_postgis: whether("sees_postgis")?,
        quoted: Quoted {
            role: text("role_q")?,
            database: text("database_q")?,
            schema: text("schema_q")?,
            postgis: text("postgis_q")?,
            owner: text("owner_q")?,
        },
    })
}

/// Looks, makes the extension where it is missing and the role may, and says what else is missing.
/// From then on the connection acts as the owner of the record's tables.
pub(crate) async fn prepare(conn: &mut PgConnection) -> Result<SchemaPlace> {
    let mut place = look(conn).await?;
    if place.is_standby {
        return Err(Error::ReadOnly("the server is a standby (pg_is_in_recovery)".into()));
    }
    if place.postgis.is_none() {
        create_postgis(conn, &place).await?;
        place = look(conn).await?;
    }
    if place.acts_as_owner && place.owner.as_deref().is_some_and(|owner| owner != place.role) {
        // What a superuser makes would belong to the superuser, and the office could not use it.
        let become_owner = format!("SET ROLE {}", place.quoted.owner);
        conn.execute(AssertSqlSafe(become_owner)).await.map_err(from_sqlx)?;
        place = look(conn).await?;
    }
    place.may_make_tables()?;
    place.finds_postgis()?;
    Ok(place)
}

impl SchemaPlace {
    fn may_make_tables(&self) -> Result<()> {
        let Quoted { role, database, schema, .. } = &self.quoted;
        if self.schema.is_none() {
            let path = &self.search_path;
            return Err(unprepared(
                format!("no schema of the search path of role {role} exists or may be used (search_path = {path})"),
                &format!("CREATE SCHEMA {role} AUTHORIZATION {role}"),
                &format!("in the database {database}, as its owner or a superuser"),
            ));
        }
        if let Some(owner) = self.owner.as_ref().filter(|_| !self.acts_as_owner) {
            return Err(unprepared(
                format!("the tables of the record belong to role {owner}, and the URL signs in as role {role}"),
                &self.hand_over(),
                &format!("in the database {database}, as a superuser; or give the URL with which {owner} signs in"),
            ));
        }
        if !self.may_create {
            return Err(unprepared(
                format!("role {role} may not make tables in schema {schema}"),
                &format!("GRANT CREATE, USAGE ON SCHEMA {schema} TO {role}"),
                &format!("in the database {database}, as the owner of the schema or a superuser"),
            ));
        }
        Ok(())
    }

    fn finds_postgis(&self) -> Result<()> {
        let Quoted { role, database, postgis, .. } = &self.quoted;
        if !self.may_use_postgis {
            return Err(unprepared(
                format!("PostGIS is in schema {postgis}, which role {role} may not use"),
                &format!("GRANT USAGE ON SCHEMA {postgis} TO {role}"),
                &format!("in the database {database}, as the owner of the schema or a superuser"),
            ));
        }
        if !self.sees_postgis {
            let path = if self.search_path.is_empty() { "public" } else { &self.search_path };
            return Err(unprepared(
                format!("PostGIS is in schema {postgis}, which is not in the search path of role {role} ({path})"),
                &format!("ALTER ROLE {role} IN DATABASE {database} SET search_path = {path}, {postgis}"),
                "as that role or a superuser, or give options=-c%20search_path%3D… in the URL",
            ));
        }
        Ok(())
    }

    /// The statement that gives the record's tables to the role that signs in.
    fn hand_over(&self) -> String {
        let Quoted { role, schema, .. } = &self.quoted;
        let schema = literal(schema);
        format!(
            "DO $$ DECLARE it record; BEGIN FOR it IN SELECT c.oid::regclass AS name FROM pg_class c \
             WHERE c.relnamespace = {schema}::regnamespace AND c.relkind IN ('r', 'p') AND {} \
             LOOP EXECUTE format({}, it.name); END LOOP; \
             FOR it IN SELECT p.oid::regprocedure AS name FROM pg_proc p \
             WHERE p.pronamespace = {schema}::regnamespace AND {} \
             LOOP EXECUTE format({}, it.name); END LOOP; END $$",
            of_no_extension("c"),
            literal(&format!("ALTER TABLE %s OWNER TO {role}")),
            of_no_extension("p"),
            literal(&format!("ALTER ROUTINE %s OWNER TO {role}")),
        )
    }
}

/// Makes the extension, which takes a superuser or a server that trusts owners of databases with it.
async fn create_postgis(conn: &mut PgConnection, place: &SchemaPlace) -> Result<()> {
    match conn.execute("CREATE EXTENSION postgis").await {
        Ok(_) => Ok(()),
        Err(error) if is_dead(&error) => Err(from_sqlx(error)),
        Err(error) => {
            let reason = error.as_database_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
            Err(unprepared(
                format!(
                    "the extension postgis is missing in this database and could not be created ({reason}); PostGIS \
                     must be installed on the server (Debian: postgresql-15-postgis-3)"
                ),
                "CREATE EXTENSION postgis",
                &format!("in the database {}, as a superuser", place.quoted.database),
            ))
        }
    }
}

fn unprepared(missing: String, statement: &str, whereabouts: &str) -> Error {
    Error::Unprepared(format!("{missing}. Run {whereabouts}: {statement};"))
}
