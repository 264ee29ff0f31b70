use super::*;

fn parsed(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse_with(url, &|_| None).unwrap_or_else(|error| panic!("{url}: {:?}", why(error)))
}

fn why(error: Error) -> String {
    match error {
        Error::Internal(source) => source.to_string(),
        other => panic!("{other}"),
    }
}

fn refused(url: &str) -> String {
    why(DatabaseUrl::parse_with(url, &|_| None).expect_err(url))
}

/// Host, port, user, password and database of a target.
fn place(target: &DatabaseUrl) -> (String, u16, String, Option<String>, String) {
    let options = target.connect_options().unwrap();
    let (host, database) = (target.host().unwrap(), target.database().unwrap());
    (host, options.get_port(), options.get_username().to_owned(), target.password.clone(), database)
}

#[test]
fn every_form_of_libpq_names_the_same_database() {
    for url in [
        "postgres://ana:clave@h:6543/gad",
        "postgresql://ana:clave@h:6543/gad",
        "postgresql+asyncpg://ana:clave@h:6543/gad",
        "postgres:///gad?host=h&port=6543&user=ana&password=clave",
        "postgres://ana:clave@/gad?host=h&port=6543",
        "postgres://otra:mala@otro:1/nada?user=ana&password=clave&host=h&port=6543&dbname=gad",
        "postgres://%61na:cl%61ve@%68:6543/g%61d",
        "postgres://ana:clave@h:6543?dbname=gad",
    ] {
        let expected = ("h".to_owned(), 6543, "ana".to_owned(), Some("clave".to_owned()), "gad".to_owned());
        assert_eq!(place(&parsed(url)), expected, "{url}");
    }
}

#[test]
fn a_socket_is_named_in_the_query_or_encoded_in_the_host() {
    for url in [
        "postgres://ana:clave@/gad?host=/run/pg&port=6543",
        "postgres:///gad?host=/run/pg&port=6543&user=ana&password=clave",
        "postgres://ana:clave@%2Frun%2Fpg:6543/gad",
        "postgresql+asyncpg://ana:clave@/gad?host=%2Frun%2Fpg&port=6543",
    ] {
        let expected = ("/run/pg".to_owned(), 6543, "ana".to_owned(), Some("clave".to_owned()), "gad".to_owned());
        assert_eq!(place(&parsed(url)), expected, "{url}");
    }
}

#[test]
fn addresses_of_version_6_and_odd_passwords_are_taken_as_they_are() {
    let (host, port, ..) = place(&parsed("postgres://ana@[2001:db8::7]:6543/gad"));
    assert_eq!((&*host, port), ("2001:db8::7", 6543));
    for (url, password) in [
        ("postgres://ana:p%40ss%2Fw%3Ard%25@h/gad", "p@ss/w:rd%"),
        ("postgres://ana:p@ss:w#rd@h/gad", "p@ss:w#rd"),
        ("postgres://ana:cl+ve@h/gad", "cl+ve"),
        ("postgres://h/gad?user=ana&password=cl+ve%26", "cl+ve&"),
        ("postgres://ana:%C3%B1and%C3%BA@h/gad", "ñandú"),
    ] {
        assert_eq!(parsed(url).password.as_deref(), Some(password), "{url}");
    }
}

#[test]
fn variables_fill_what_the_url_leaves_open() {
    let environment = |name: &str| {
        let value = match name {
            "PGHOST" => "/run/otro",
            "PGPORT" => "6000",
            "PGUSER" => "ana",
            "PGPASSWORD" => "clave",
            "PGDATABASE" => "gad",
            "PGSSLMODE" => "require",
            "PGCONNECT_TIMEOUT" => "7",
            "PGAPPNAME" => "",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let open = DatabaseUrl::parse_with("postgres://", &environment).unwrap();
    let expected = ("/run/otro".to_owned(), 6000, "ana".to_owned(), Some("clave".to_owned()), "gad".to_owned());
    assert_eq!(place(&open), expected);
    assert_eq!((open.connect_timeout(), open.application_name()), (Some(Duration::from_secs(7)), None));
    let closed = DatabaseUrl::parse_with("postgres://eva:otra@h:7/casa?sslmode=disable", &environment).unwrap();
    let expected = ("h".to_owned(), 7, "eva".to_owned(), Some("otra".to_owned()), "casa".to_owned());
    assert_eq!(place(&closed), expected);
    assert_eq!(closed.ssl_mode, Some(SslMode::Disable));
    let broken = |name: &str| (name == "PGPORT").then(|| "x".to_owned());
    assert!(why(DatabaseUrl::parse_with("postgres://h/gad", &broken).unwrap_err()).contains("PGPORT"));
}

#[test]
fn what_is_not_honoured_is_refused_by_its_name() {
    for (url, name) in [
        ("mysql://h/gad", "postgres://"),
        ("gad.db", "postgres://"),
        ("postgres://a,b/gad", "list of hosts"),
        ("postgres://a:1,b:2/gad", "list of hosts"),
        ("postgres:///gad?host=a,b", "list of hosts"),
        ("postgres://h/gad?port=1,2", "list of hosts"),
        ("postgres://h:port/gad", "port"),
        ("postgres://h:0/gad", "port"),
        ("postgres://h:99999/gad", "port"),
        ("postgres://[::1/gad", "["),
        ("postgres://h/gad?target_session_attrs=read-write", "target_session_attrs"),
        ("postgres://h/gad?connect_timeout=0", "connect_timeout"),
        ("postgres://h/gad?connect_timeout=pronto", "connect_timeout"),
        ("postgres://h/gad?pgbouncer=true", "pgbouncer"),
        ("postgres://h/gad?search_path=oficina", "search_path"),
        ("postgres://h/gad?currentSchema=oficina", "currentSchema"),
        ("postgres://h/gad?sslmode=allow", "sslmode"),
        ("postgres://h/gad?sslmode=nada", "sslmode"),
        ("postgres://h/gad?sslrootcert=/ca.pem", "sslrootcert"),
        ("postgres://h/gad?sslcert=/c.pem", "sslkey"),
        ("postgres://h/gad?channel_binding=require", "channel_binding"),
        ("postgres://h/gad?gssencmode=require", "gssencmode"),
        ("postgres://h/gad?service=oficina", "service"),
        ("postgres://h/gad?hostaddr=nombre", "hostaddr"),
        ("postgres://h/gad?keepalives_idle=3", "keepalives_idle"),
        ("postgres://h/gad?statement-cache-capacity=3", "statement-cache-capacity"),
        ("postgres://h/gad?Sslmode=require", "Sslmode"),
        ("postgres://h/gad?sslmode", "sslmode"),
        ("postgres://ana:50%@h/gad", "password"),
    ] {
        let said = refused(url);
        assert!(said.contains(name), "{url}: {said}");
    }
}

#[test]
fn what_is_honoured_reaches_the_connection_and_the_programs() {
    let url = "postgres://ana:clave@h:6543/gad?sslmode=require&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem\
        &options=-c%20search_path%3Doficina&connect_timeout=9&application_name=turno%20noche&target_session_attrs=any";
    let target = parsed(url);
    let environment = target.program_environment().unwrap();
    for (name, value) in [
        ("PGHOST", "h"),
        ("PGPORT", "6543"),
        ("PGUSER", "ana"),
        ("PGPASSWORD", "clave"),
        ("PGDATABASE", "gad"),
        // An authority that is named is asked.
        ("PGSSLMODE", "verify-ca"),
        ("PGSSLROOTCERT", "/ca.pem"),
        ("PGSSLCERT", "/c.pem"),
        ("PGSSLKEY", "/k.pem"),
        ("PGOPTIONS", "-c search_path=oficina"),
        ("PGCONNECT_TIMEOUT", "9"),
    ] {
        assert!(environment.contains(&(name, value.to_owned())), "{name} in {environment:?}");
    }
    let options = target.connect_options().unwrap();
    assert!(matches!(options.get_ssl_mode(), sqlx::postgres::PgSslMode::VerifyCa));
    assert_eq!(options.get_options(), Some("-c search_path=oficina"));
    assert_eq!(target.application_name(), Some("turno noche"));
    let role = target.with_option("role", "jefe de turno").connect_options().unwrap();
    assert_eq!(role.get_options(), Some("-c search_path=oficina -c role=jefe\\ de\\ turno"));
}

#[test]
fn no_form_of_the_url_shows_its_password() {
    for (url, shown) in [
        ("postgres://ana:secreta@host:5432/gad", "postgres://ana:***@host:5432/gad"),
        (
            "postgresql+asyncpg://host/gad?user=ana&password=secreta",
            "postgresql+asyncpg://host/gad?user=ana&password=***",
        ),
        ("postgres://ana:secreta@/gad?host=/run/pg", "postgres://ana:***@/gad?host=/run/pg"),
        ("postgres://ana:sec/reta@host/gad", "postgres://ana:***@host/gad"),
        ("postgres://ana:sec?reta@host/gad", "postgres://ana:***@host/gad"),
        ("postgres://ana@host/gad", "postgres://ana@host/gad"),
        ("secreta", "(not a URL)"),
    ] {
        assert_eq!(redact(url), shown);
    }
    for url in [
        "postgres://ana:secreta@h:puerto/gad",
        "postgres://ana:secreta%@h/gad",
        "postgres://h/gad?password=secreta&x=1",
    ] {
        assert!(!refused(url).contains("secreta"), "{url}");
    }
    assert!(!format!("{:?}", parsed("postgres://ana:secreta@h/gad")).contains("secreta"));
}
