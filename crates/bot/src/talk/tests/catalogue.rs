//! Both languages have the same texts, and the program asks for those that there are.

use std::collections::BTreeMap;
use std::path::Path;

const FILES: [(&str, &str); 2] =
    [("es", include_str!("../../../texts/es.ftl")), ("en", include_str!("../../../texts/en.ftl"))];

/// Names of the texts of a file, each with the values that it shows.
fn texts(file: &str) -> BTreeMap<String, Vec<String>> {
    let resource = fluent_bundle::FluentResource::try_new(file.to_owned());
    assert!(resource.is_ok(), "{:?}", resource.err().map(|(_, faults)| faults));
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut name = String::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            key.clone_into(&mut name);
            assert!(texts.insert(name.clone(), Vec::new()).is_none(), "{name} stands twice");
        }
        for rest in line.split('$').skip(1) {
            let value: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            texts.get_mut(&name).unwrap().push(value);
        }
    }
    for values in texts.values_mut() {
        values.sort();
        values.dedup();
    }
    texts
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_values() {
    let [(_, spanish), (_, english)] = FILES.map(|(language, file)| (language, texts(file)));
    assert_eq!(spanish, english);
    assert!(spanish.len() > 150);
}

/// Quoted words of the sources of `talk` that look like names of texts.
fn asked(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().unwrap() != "tests" {
                asked(&path, found);
            }
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        found.extend(source.split('"').skip(1).step_by(2).map(str::to_owned));
    }
}

#[test]
fn every_text_is_used_somewhere() {
    let mut quoted = Vec::new();
    asked(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/talk"), &mut quoted);
    // Names that are put together from a word: `command-{word}`, `help-{step}`, `priority-{word}`.
    let made = ["command-", "help-", "priority-"];
    let unused: Vec<String> = texts(FILES[0].1)
        .into_keys()
        .filter(|name| !quoted.contains(name) && !made.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn every_text_that_is_put_together_is_there() {
    use crate::talk::create::Step;
    use domain::Priority;
    let texts = texts(FILES[0].1);
    let commands = crate::talk::COMMANDS.iter().map(|(_, word, _)| format!("command-{word}"));
    let steps = Step::ALL.iter().map(|step| format!("help-{}", step.name().replace('_', "-")));
    let dialogues = ["vincular", "finalizar", "rechazar", "nota", "buscar", "emergencia", "cerca"];
    let dialogues = dialogues.iter().map(|name| format!("help-{name}"));
    let priorities = Priority::ALL.iter().map(|priority| format!("priority-{}", priority.word()));
    for name in commands.chain(steps).chain(dialogues).chain(priorities) {
        assert!(texts.contains_key(&name), "{name} is missing");
    }
}

#[test]
fn the_page_of_commands_names_each_of_them() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bot-commands.md");
    let page = std::fs::read_to_string(page).unwrap();
    for (_, word, _) in crate::talk::COMMANDS {
        assert!(page.contains(&format!("`/{word}")), "/{word} is not on the page");
    }
}
