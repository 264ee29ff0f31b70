//! How Telegram accounts are linked to users.

use clap::Args;

/// How Telegram accounts are linked to users.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Telegram")]
pub struct Linking {
    /// Name of the office's bot, like `oficina_bot`, for links that open it with a code in hand.
    #[arg(long, global = true, env = "GAD_TELEGRAM_BOT_NAME", value_name = "NAME", value_parser = name)]
    pub telegram_bot_name: Option<String>,
    /// Hours that a code is good by which a user's Telegram account is linked.
    #[arg(long, global = true, env = "GAD_LINK_CODE_HOURS", default_value_t = 24, value_name = "N",
          value_parser = clap::value_parser!(i64).range(1..=168))]
    pub link_code_hours: i64,
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim_start_matches('@');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if (5..=32).contains(&name.len()) && name.bytes().all(is_allowed) {
        Ok(name.to_owned())
    } else {
        Err("must hold 5 to 32 letters, digits and _, like oficina_bot".to_owned())
    }
}
