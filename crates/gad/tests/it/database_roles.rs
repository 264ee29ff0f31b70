//! Every command as the role that an office has: one that owns its database, or just a schema in
//! it, and is no superuser.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::binary::Place;
use crate::cluster::Cluster;
use crate::operator::{codes, works};

async fn backs_up(place: &Place, dir: &Path) -> PathBuf {
    let taken = place.does(&["backup", "--dir", dir.to_str().unwrap(), "--json"]).await;
    serde_json::from_str::<Value>(&taken).unwrap()["file"].as_str().unwrap().into()
}

async fn restores(place: &Place, file: &Path) -> String {
    place.does(&["restore", file.to_str().unwrap(), "--confirm", "RESTAURAR"]).await
}

/// It is served, answers, and the operator finds nothing broken.
async fn is_an_office(place: &Place, tasks: &[String]) {
    assert_eq!(codes(place).await, tasks);
    place.does(&["doctor"]).await;
    place.does(&["audit", "verify"]).await;
    place.does(&["migrate"]).await;
    let server = place.serves().await;
    let supervisor = server.supervisor().await;
    let task = json!({ "codigo": "PRUEBA-1", "titulo": "Recorrer la plaza", "tipo": "patrullaje",
        "inicio_programado": "2026-11-24T12:00:00Z", "delegado_usuario_id": supervisor.user.unwrap().0 });
    supervisor.posts("/api/v1/tasks/", task).await.ok();
    assert_eq!(supervisor.gets("/api/v1/efectivos/cercanos?lat=-34.6&lng=-58.4").await.status, 200);
    assert!(server.ends().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_database_restores_what_it_backed_up() {
    let (cluster, backups) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("gad").await;
    let place = Place::database(&cluster.database("oficina", "gad").await);
    works(&place).await;
    let tasks = codes(&place).await;
    let file = backs_up(&place, backups.path()).await;
    is_an_office(&place, &tasks).await;
    // Over the record that it is a copy of, and into a database that is new.
    restores(&place, &file).await;
    is_an_office(&place, &tasks).await;
    let new = Place::database(&cluster.database("nueva", "gad").await);
    restores(&new, &file).await;
    is_an_office(&new, &tasks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_superuser_restores_or_migrates_stays_usable_for_the_role_of_the_office() {
    let (cluster, backups) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("gad").await;
    cluster.role("otra").await;
    let office = Place::database(&cluster.database("oficina", "gad").await);
    works(&office).await;
    let tasks = codes(&office).await;
    let file = backs_up(&office, backups.path()).await;
    for database in ["oficina", "nueva"] {
        if database == "nueva" {
            cluster.database(database, "gad").await;
        }
        let said = restores(&Place::database(&cluster.url("postgres", database)), &file).await;
        assert!(said.contains("its tables belong to role gad"), "{said}");
        is_an_office(&Place::database(&cluster.url("gad", database)), &tasks).await;
    }
    // A migration of a superuser's, too.
    cluster.database("otra_nueva", "gad").await;
    Place::database(&cluster.url("gad", "otra_nueva")).does(&["migrate"]).await;
    let undo = "DROP TABLE audit_pendientes, audit_cadena, audit_puntos, audit_claves; \
        DROP FUNCTION audit_logs_baja CASCADE; ALTER TABLE meta DROP COLUMN audit_adopta_hasta; \
        DROP INDEX ix_audit_logs_retencion, ix_audit_logs_usuario, ix_audit_logs_recurso, ix_audit_logs_momento; \
        DELETE FROM _sqlx_migrations WHERE description = 'cadena'";
    cluster.sql("otra_nueva", undo).await;
    Place::database(&cluster.url("postgres", "otra_nueva")).does(&["migrate"]).await;
    Place::database(&cluster.url("gad", "otra_nueva")).does(&["audit", "verify"]).await;
    // Another role may neither restore over it nor migrate it.
    cluster.sql("oficina", "GRANT ALL ON SCHEMA public TO otra").await;
    let said = Place::database(&cluster.url("otra", "oficina"))
        .says(&["restore", file.to_str().unwrap(), "--confirm", "RESTAURAR"])
        .await;
    assert_eq!((said.code, said.err.contains("belong to role gad")), (1, true), "{}", said.err);
}

/// A dump as former versions took it: the whole database, extensions included, without saying which
/// schemas it is about.
fn takes_as_before(cluster: &Cluster, database: &str, dir: &Path) -> PathBuf {
    let arguments =
        ["--format=plain", "--no-owner", "--no-privileges", "--no-comments", "--encoding=UTF8", "-U", "gad"];
    let mut dump = std::process::Command::new("pg_dump");
    dump.args(arguments).arg("-h").arg(cluster.directory()).args(["-p", &cluster.port().to_string(), database]);
    let dump = dump.output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let text = String::from_utf8(dump.stdout).unwrap();
    assert!(text.contains("CREATE EXTENSION") && text.contains("COPY public.spatial_ref_sys"), "as it was");
    let file = dir.join("postgres_oficina_20260101T000000Z.sql.gz");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    let bytes = gzip.finish().unwrap();
    let (sum, size) = (hex::encode(Sha256::digest(&bytes)), bytes.len());
    std::fs::write(&file, bytes).unwrap();
    let beside = |ending: &str| format!("{}{ending}", file.display());
    std::fs::write(beside(".sha256"), format!("{sum}  postgres_oficina.sql.gz\n")).unwrap();
    let meta = json!({ "timestamp": "2026-01-01T00:00:00Z", "engine": "postgres", "database": database, "host": "db",
        "user": "gad", "size_bytes": size, "sha256": sum, "schema": 19, "gad": "0.1.0" });
    std::fs::write(beside(".meta"), meta.to_string()).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_former_version_is_restored_by_the_owner_of_the_database() {
    let (cluster, backups) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("gad").await;
    let place = Place::database(&cluster.database("oficina", "gad").await);
    works(&place).await;
    let tasks = codes(&place).await;
    let file = takes_as_before(&cluster, "oficina", backups.path());
    restores(&place, &file).await;
    is_an_office(&place, &tasks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_owns_one_schema_only_has_an_office_in_it() {
    let (cluster, backups) = (Cluster::start().await, tempfile::tempdir().unwrap());
    cluster.role("turno").await;
    cluster.role("ajena").await;
    cluster.database("compartida", "ajena").await;
    cluster.sql("compartida", "CREATE SCHEMA turno AUTHORIZATION turno; CREATE SCHEMA ajena AUTHORIZATION ajena").await;
    cluster.sql("compartida", "CREATE TABLE ajena.suya (id int); CREATE TABLE public.suya (id int)").await;
    let place = Place::database(&cluster.url("turno", "compartida"));
    works(&place).await;
    let tasks = codes(&place).await;
    is_an_office(&place, &tasks).await;
    let file = backs_up(&place, backups.path()).await;
    let tasks = codes(&place).await;
    restores(&place, &file).await;
    assert_eq!(codes(&place).await, tasks);
    place.does(&["doctor"]).await;
    let mut superuser = cluster.superuser("compartida").await;
    let schemas = "SELECT DISTINCT schemaname FROM pg_tables WHERE tableowner = 'turno'";
    let schemas: Vec<String> = sqlx::query_scalar(schemas).fetch_all(&mut superuser).await.unwrap();
    assert_eq!(schemas, ["turno"]);
    let others: i64 = sqlx::query("SELECT count(*) FROM pg_tables WHERE tablename = 'suya'")
        .fetch_one(&mut superuser)
        .await
        .unwrap()
        .get(0);
    assert_eq!(others, 2, "what belongs to others is left alone");
    // The role of another schema learns where the backup belongs.
    let said = Place::database(&cluster.url("ajena", "compartida"))
        .says(&["restore", file.to_str().unwrap(), "--confirm", "RESTAURAR"])
        .await;
    assert_eq!((said.code, said.err.contains("holds schema turno")), (1, true), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_needs_to_read_the_old_database_and_to_own_the_new_one() {
    let cluster = Cluster::start().await;
    for role in ["gad", "lectora"] {
        cluster.role(role).await;
    }
    cluster.database("vieja", "postgres").await;
    cluster.sql("vieja", include_str!("import/shape_a.sql")).await;
    cluster.sql("vieja", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO lectora").await;
    let place = Place::database(&cluster.database("nueva", "gad").await);
    let from = cluster.url("lectora", "vieja");
    let report = place.does(&["import", "grupo-gad", "--from", &from, "--json"]).await;
    let report: Value = serde_json::from_str(&report).unwrap();
    assert!(report["tables"].to_string().contains("added"), "{report}");
    assert!(!codes(&place).await.is_empty());
    place.does(&["doctor"]).await;
}

/// Refused before anything was changed; gives the statement that the message names.
async fn is_refused(place: &Place, why: &str) -> String {
    let said = place.says(&["migrate"]).await;
    assert_eq!((said.code, said.err.contains(why)), (1, true), "{why}: {}", said.err);
    let (_, statement) = said.err.trim().rsplit_once(": ").unwrap();
    statement.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_database_lacks_is_named_with_the_statement_that_mends_it() {
    let cluster = Cluster::start().await;
    cluster.role("gad").await;
    // No PostGIS.
    cluster.sql("postgres", "CREATE DATABASE sin OWNER gad").await;
    let without = Place::database(&cluster.url("gad", "sin"));
    let statement = is_refused(&without, "the extension postgis is missing").await;
    cluster.sql("sin", &statement).await;
    without.does(&["migrate"]).await;
    // PostGIS where the role does not look, nor may.
    cluster.sql("postgres", "CREATE DATABASE apartada OWNER gad").await;
    cluster.sql("apartada", "CREATE SCHEMA gis; CREATE EXTENSION postgis SCHEMA gis").await;
    let apart = Place::database(&cluster.url("gad", "apartada"));
    for why in ["which role gad may not use", "not in the search path"] {
        let statement = is_refused(&apart, why).await;
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        let tables: i64 = sqlx::query_scalar(tables).fetch_one(&mut cluster.superuser("apartada").await).await.unwrap();
        assert_eq!(tables, 0, "nothing was begun");
        cluster.sql("apartada", &statement).await;
    }
    works(&apart).await;
    let tasks = codes(&apart).await;
    let backups = tempfile::tempdir().unwrap();
    let file = backs_up(&apart, backups.path()).await;
    restores(&apart, &file).await;
    is_an_office(&apart, &tasks).await;
    // Into a database where PostGIS is elsewhere it cannot go.
    let said = without.says(&["restore", file.to_str().unwrap(), "--confirm", "RESTAURAR"]).await;
    assert_eq!((said.code, said.err.contains("needs PostGIS in schema gis")), (1, true), "{}", said.err);
    // Tables may not be made.
    cluster.database("ajena", "postgres").await;
    let foreign = Place::database(&cluster.url("gad", "ajena"));
    let statement = is_refused(&foreign, "may not make tables in schema public").await;
    cluster.sql("ajena", &statement).await;
    foreign.does(&["migrate"]).await;
    // The tables belong to another role.
    cluster.database("tomada", "gad").await;
    let taken = Place::database(&cluster.url("gad", "tomada"));
    taken.does(&["migrate"]).await;
    let undo = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    cluster.sql("tomada", undo).await;
    let give = "SELECT format('ALTER TABLE %I OWNER TO postgres', tablename) FROM pg_tables WHERE tableowner = 'gad'";
    let mut superuser = cluster.superuser("tomada").await;
    let statements: Vec<String> = sqlx::query_scalar(give).fetch_all(&mut superuser).await.unwrap();
    cluster.sql("tomada", &statements.join("; ")).await;
    cluster.sql("tomada", "GRANT SELECT ON _sqlx_migrations TO gad").await;
    let statement = is_refused(&taken, "belong to role postgres").await;
    cluster.sql("tomada", &statement).await;
    let owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public' \
        AND tablename <> 'spatial_ref_sys'";
    let owners: Vec<String> = sqlx::query_scalar(owners).fetch_all(&mut superuser).await.unwrap();
    assert_eq!(owners, ["gad"]);
}
