//! What people are spoken and written to in.

use crate::wire::wire_enum;

wire_enum! {
    /// What the bot speaks and reports are written in.
    #[derive(Default)]
    pub enum Language {
        /// Spanish, unless another was chosen.
        #[default]
        Spanish = "es",
        /// English.
        English = "en",
    }
}
