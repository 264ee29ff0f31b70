//! The menu of commands that Telegram shows beside where people write.

use std::time::Duration;

use resilience::CancellationToken;
use serde_json::{Value, json};

use crate::Bot;
use crate::client::Failure;
use crate::model::Language;
use crate::talk::{COMMANDS, Say};

/// Pause after Telegram did not take it.
const PAUSE: Duration = Duration::from_secs(10);

/// Shows it, by and by if Telegram does not take it at once, until told to stop.
pub async fn show_menu(bot: &Bot, stop: &CancellationToken) {
    while let Some(Err(failure)) = stop.run_until_cancelled(show(bot)).await {
        tracing::warn!(error = &failure as &dyn std::error::Error, "the menu of commands is not shown");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// In private chats, in each language: in Spanish to whoever has no menu of their own.
async fn show(bot: &Bot) -> Result<(), Failure> {
    for (language, code) in [(Language::Spanish, None), (Language::English, Some("en"))] {
        bot.telegram.set_commands(&commands(Say(language)), code).await?;
    }
    Ok(())
}

/// All commands: who may not use one is told so, and Telegram keeps no menu by level.
fn commands(say: Say) -> Value {
    let one = |word: &str| json!({ "command": word, "description": say.label(&format!("command-{word}")) });
    COMMANDS.iter().map(|(_, word, _)| one(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_is_what_telegram_takes_in_both_languages() {
        for language in [Language::Spanish, Language::English] {
            let menu = commands(Say(language));
            let menu = menu.as_array().unwrap();
            assert_eq!(menu.len(), COMMANDS.len());
            for line in menu {
                let (word, said) = (line["command"].as_str().unwrap(), line["description"].as_str().unwrap());
                // Bot API, `BotCommand`: 1 to 32 lower-case letters, digits and underscores; 1 to 256 characters.
                assert!(word.len() <= 32 && word.chars().all(|letter| letter.is_ascii_lowercase()), "{word}");
                assert!((1..=256).contains(&said.chars().count()), "{said}");
            }
        }
    }
}
