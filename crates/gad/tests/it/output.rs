//! Commands whose output is closed before it is read, or cannot be written.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::process::Stdio;

use crate::binary::{EMAIL, PASSWORD, Place};

/// What a shell reports for a program that SIGPIPE ended.
const CLOSED: i32 = 141;

/// Whether a command prints its result, or only leaves files and remarks.
#[derive(Clone, Copy, PartialEq)]
enum Prints {
    Result,
    Nothing,
    /// It serves until it is stopped: see `serving_goes_on`.
    Serves,
    /// It needs what this test does not have, and says so.
    Refusal,
}

/// Every command of `gad` with arguments by which it comes to its output, in an order in which that works twice;
/// `{dir}` is a directory, `{n}` another number each
/// time and `{password}` a password.
const COMMANDS: &[(&str, &str, Prints)] = &[
    ("serve", "", Prints::Serves),
    ("migrate", "", Prints::Result),
    ("seed", "--demo --users 2 --officers 1 --tasks 1 --password {password}", Prints::Result),
    (
        "user create",
        "--email p{n}@prueba.gad --nombre Prueba --apellido Prueba --dni P999999{n} --password {password}",
        Prints::Result,
    ),
    ("user list", "", Prints::Result),
    ("user disable", "1", Prints::Result),
    ("user enable", "1", Prints::Result),
    ("user link-code", "1", Prints::Result),
    ("user unlink", "1", Prints::Result),
    ("user level", "1 --nivel 3", Prints::Result),
    ("user password", "1 --password {password}", Prints::Result),
    ("token", "1", Prints::Result),
    ("export", "tasks", Prints::Result),
    ("backup", "--dir {dir}/backups-{n}", Prints::Result),
    ("restore", "{dir}/no-such-backup.gz", Prints::Refusal),
    ("audit verify", "", Prints::Result),
    ("audit checkpoint", "", Prints::Result),
    ("audit export", "--out {dir}/audit-{n}.jsonl", Prints::Nothing),
    ("audit key show", "", Prints::Result),
    ("audit key rotate", "", Prints::Result),
    ("audit key new", "--out {dir}/key-{n}", Prints::Result),
    ("doctor", "", Prints::Result),
    ("evaluate", "--print-thresholds", Prints::Result),
    ("config show", "", Prints::Result),
    ("config check", "", Prints::Result),
    ("config reference", "", Prints::Result),
    ("import grupo-gad", "--from postgres://nadie@127.0.0.1:1/nada", Prints::Refusal),
    ("openapi", "", Prints::Result),
    ("asyncapi", "", Prints::Result),
    ("completions", "bash", Prints::Result),
];

/// The commands without any below them, as `--help` lists them.
async fn leaves(place: &Place, command: Vec<String>) -> Vec<String> {
    let mut arguments = command.clone();
    arguments.push("--help".to_owned());
    let help = place.does(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let below: Vec<&str> = lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    if below.is_empty() {
        return vec![command.join(" ")];
    }
    let mut found = Vec::new();
    for name in below {
        found.extend(Box::pin(leaves(place, [&command[..], &[name.to_owned()]].concat())).await);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_ends_in_order_when_its_output_is_closed_or_full() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(&dir.path().join("data"));
    place.hires_as(EMAIL, "P1234567", 3).await;
    // The last administrator cannot be disabled.
    place.hires_as("otra@prueba.gad", "P7654321", 3).await;
    let listed: BTreeSet<String> = COMMANDS.iter().map(|(command, ..)| (*command).to_owned()).collect();
    let found: BTreeSet<String> = leaves(&place, Vec::new()).await.into_iter().collect();
    assert_eq!(found, listed, "every command has a row");
    let mut n = 0;
    for (command, arguments, prints) in COMMANDS {
        for is_full in [false, true] {
            n += 1;
            if *prints == Prints::Serves {
                continue;
            }
            let fill = |part: &str| {
                let part = part.replace("{dir}", dir.path().to_str().unwrap()).replace("{n}", &n.to_string());
                part.replace("{password}", PASSWORD)
            };
            let demo = Place::directory(&dir.path().join(format!("demo-{n}")));
            let mut gad = if *command == "seed" { &demo } else { &place }.gad(&[]);
            gad.args(command.split(' ')).args(arguments.split_whitespace().map(fill));
            let output = if is_full {
                Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap())
            } else {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                Stdio::from(writer)
            };
            let ended = gad.stdout(output).spawn().unwrap().wait_with_output().await.unwrap();
            let said = String::from_utf8_lossy(&ended.stderr);
            assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{command}: {said}");
            let code = ended.status.code();
            match (*prints, is_full) {
                (Prints::Result, false) => {
                    assert_eq!(code, Some(CLOSED), "{command}: {said}");
                    assert!(!said.contains("standard output"), "{command}: {said}");
                }
                (Prints::Result, true) => {
                    assert_eq!(code, Some(1), "{command}: {said}");
                    assert!(said.contains("cannot write to standard output: No space left"), "{command}: {said}");
                }
                (Prints::Nothing, _) => assert_eq!(code, Some(0), "{command}: {said}"),
                (Prints::Refusal, _) => assert!(matches!(code, Some(1 | 3)), "{command}: {code:?} {said}"),
                (Prints::Serves, _) => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn serving_goes_on_when_no_one_takes_the_line_with_the_address() {
    let dir = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut gad = Place::directory(dir.path()).gad(&["serve", "--listen", "127.0.0.1:0"]);
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = gad.stdout(full).stderr(log.reopen().unwrap()).spawn().unwrap();
    let address = async {
        loop {
            let said = std::fs::read_to_string(log.path()).unwrap();
            let line = said.lines().find(|line| line.contains("listening"));
            if let Some(address) = line.and_then(|line| line.split("address=").nth(1)) {
                return address.trim().to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let address = tokio::time::timeout(std::time::Duration::from_secs(10), address).await.unwrap();
    let person = crate::person::Person::new(format!("http://{address}"));
    let ready = async { while person.gets("/health/ready").await.status != 200 {} };
    tokio::time::timeout(std::time::Duration::from_secs(10), ready).await.expect("it serves");
    child.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_others_reaches_no_terminal_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::directory(dir.path());
    place.hires().await;
    let hostile = ["A\u{1b}[31mB", "A\u{9b}2JB", "A\u{7}B", "A\u{202e}B\u{2066}", "A\nB", "A\rB", "A\tB", "A\u{2028}B"];
    let mut intruder = place.intruder().await;
    for (n, name) in hostile.iter().enumerate() {
        place.hires_as(&format!("h{n}@prueba.gad"), &format!("H123456{n}"), 1).await;
        let name = name.replace('\'', "''");
        intruder.does(&format!("UPDATE usuarios SET nombre = '{name}' WHERE email = 'h{n}@prueba.gad'")).await;
    }
    drop(intruder);
    let listed = place.does(&["user", "list"]).await;
    let acts = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!listed.contains(acts), "{listed:?}");
    for part in ["A\\u{1b}[31mB", "A\\u{9b}2JB", "A\\u{7}B", "A\\nB", "A\\u{202e}B\\u{2066}"] {
        assert!(listed.contains(part), "{part} is not in {listed}");
    }
}
