//! Every form of a database's URL against a real server: what serves, backs up.

use std::path::Path;

use serde_json::Value;

use crate::binary::Place;
use crate::cluster::{Cluster, ENCODED, PASSWORD};
use crate::operator::works;
use crate::redis_server::tls::Papers;

/// A server that speaks TLS, and lets the role `cifrada` in by TLS only.
async fn by_tls(cluster: Cluster, papers: &Papers) -> Cluster {
    let signed = |name: &str| std::fs::read_to_string(papers.file(name)).unwrap();
    let certificate = cluster.gets_a_file("server.crt", &signed("cert.pem"));
    let key = cluster.gets_a_file("server.key", &signed("key.pem"));
    let rules = "local all all trust\nhostnossl all cifrada all reject\nhost all all all scram-sha-256\n\
        local replication all trust\n";
    let rules = cluster.gets_a_file("pg_hba.conf", rules);
    let settings = [
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", certificate.display()),
        format!("ssl_key_file={}", key.display()),
        format!("hba_file={}", rules.display()),
    ];
    cluster.restarted_with(&settings).await
}

/// A URL, variables beside it, and the database and role that they name.
type Form<'a> = (String, &'a [(&'a str, &'a str)], (&'a str, &'a str));

async fn serves_and_backs_up(url: &str, variables: &[(&str, &str)], dir: &Path, expected: (&str, &str)) {
    let place = Place::database(url);
    let gad = |arguments: &[&str]| {
        let mut command = place.gad(arguments);
        command.envs(variables.iter().copied());
        command
    };
    let looked = gad(&["migrate", "--check"]).output().await.unwrap();
    assert!(looked.status.success(), "{url}: {}", String::from_utf8_lossy(&looked.stderr));
    let taken = gad(&["backup", "--dir", dir.to_str().unwrap(), "--json"]).output().await.unwrap();
    let said = String::from_utf8_lossy(&taken.stderr);
    assert!(taken.status.success() && !said.contains("warning"), "{url}: {said}");
    let taken: Value = serde_json::from_slice(&taken.stdout).unwrap();
    let (meta, file) = (&taken["meta"], taken["file"].as_str().unwrap());
    assert_eq!((meta["database"].as_str(), meta["user"].as_str()), (Some(expected.0), Some(expected.1)), "{url}");
    for ending in ["", ".sha256", ".meta"] {
        std::fs::remove_file(format!("{file}{ending}")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_url_serves_and_backs_up_in_every_form() {
    let papers = Papers::for_host("localhost");
    let (cluster, backups) = (by_tls(Cluster::start().await, &papers).await, tempfile::tempdir().unwrap());
    for role in ["gad", "cifrada"] {
        cluster.role(role).await;
    }
    let plain = cluster.database("oficina", "gad").await;
    let place = Place::database(&plain);
    works(&place).await;
    Place::database(&format!("{}?sslmode=require", cluster.database("secreta", "cifrada").await))
        .does(&["migrate"])
        .await;
    let (port, socket) = (cluster.port(), cluster.directory().to_str().unwrap().to_owned());
    let number = port.to_string();
    let authority = papers.authority();
    let authority = authority.to_str().unwrap();
    let secret = format!("cifrada:{ENCODED}@localhost:{port}/secreta");
    let encoded_socket = socket.replace('/', "%2F");
    let forms: [Form<'_>; 12] = [
        (plain.clone(), &[], ("oficina", "gad")),
        (plain.replace("postgres://", "postgresql+asyncpg://"), &[], ("oficina", "gad")),
        (format!("postgres:///oficina?host={socket}&port={port}&user=gad"), &[], ("oficina", "gad")),
        (format!("postgres://gad@/oficina?host={socket}&port={port}"), &[], ("oficina", "gad")),
        (format!("postgres://gad@{encoded_socket}:{port}/oficina"), &[], ("oficina", "gad")),
        (
            format!("postgresql://nadie@/nada?host=127.0.0.1&port={port}&user=gad&password={ENCODED}&dbname=oficina"),
            &[],
            ("oficina", "gad"),
        ),
        (
            "postgres://".to_owned(),
            &[
                ("PGHOST", "127.0.0.1"),
                ("PGPORT", &number),
                ("PGUSER", "gad"),
                ("PGPASSWORD", PASSWORD),
                ("PGDATABASE", "oficina"),
            ],
            ("oficina", "gad"),
        ),
        // Variables of another database change nothing of what the URL says.
        (
            plain.clone(),
            &[("PGHOST", "/nowhere"), ("PGUSER", "nadie"), ("PGDATABASE", "nada"), ("PGSERVICE", "otra")],
            ("oficina", "gad"),
        ),
        (format!("postgres://{secret}?sslmode=require"), &[], ("secreta", "cifrada")),
        (format!("postgres://{secret}?sslmode=verify-full&sslrootcert={authority}"), &[], ("secreta", "cifrada")),
        (format!("postgresql+asyncpg://{secret}?ssl=require"), &[], ("secreta", "cifrada")),
        (
            format!("postgres://{secret}"),
            &[("PGSSLMODE", "verify-ca"), ("PGSSLROOTCERT", authority)],
            ("secreta", "cifrada"),
        ),
    ];
    for (url, variables, expected) in forms {
        serves_and_backs_up(&url, variables, backups.path(), expected).await;
    }
    // Another authority, and a name that the certificate does not have.
    let others = Papers::for_host("localhost");
    let other = others.authority();
    for url in [
        format!("postgres://{secret}?sslmode=verify-full&sslrootcert={}", other.display()),
        format!("postgres://{secret}?sslmode=require&sslrootcert={}", other.display()),
        format!("postgres://{}?sslmode=verify-full&sslrootcert={authority}", secret.replace("localhost", "127.0.0.1")),
        format!("postgres://{secret}?sslmode=disable"),
    ] {
        for arguments in [&["migrate", "--check"][..], &["backup", "--dir", backups.path().to_str().unwrap()]] {
            let said = Place::database(&url).says(arguments).await;
            assert_eq!(said.code, 3, "{url} {arguments:?}: {}", said.err);
            assert!(!said.err.contains(PASSWORD) && !said.err.contains(ENCODED), "{}", said.err);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_honoured_is_refused_by_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let backups = dir.path().to_str().unwrap();
    let url = "postgres://ana:secreta@127.0.0.1:1/gad?target_session_attrs=read-write";
    let place = Place::database(url);
    for arguments in [
        &["config", "check"][..],
        &["migrate"],
        &["serve"],
        &["doctor"],
        &["user", "list"],
        &["backup", "--dir", backups],
        &["import", "grupo-gad", "--from", "postgres://127.0.0.1:1/viejo"],
    ] {
        let said = place.says(arguments).await;
        let all = format!("{}{}", said.out, said.err);
        assert!(said.code != 0 && all.contains("target_session_attrs"), "{arguments:?}: {all}");
        assert!(!all.contains("secreta"), "{all}");
    }
    let empty = Place::directory(dir.path());
    let said = empty.says(&["import", "grupo-gad", "--from", url]).await;
    assert!(said.code != 0 && said.err.contains("target_session_attrs"), "{}", said.err);
}
