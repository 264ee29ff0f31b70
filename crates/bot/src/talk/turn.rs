//! One update while it is worked: who is behind it, and what is to be said.

use std::sync::Arc;

use app::{Actor, Context, IdempotencyKey, Request};
use sha2::{Digest, Sha256};

use super::Dialogue;
use super::say::{Say, With};
use crate::model::{Answer, Callback, Change, ChatState, Content, Keyboard, Mark, Markup, Outgoing, Update};

/// One update while it is worked.
pub struct Turn<'a> {
    /// The office.
    pub cx: &'a Context,
    /// Its number.
    pub update: i64,
    /// The chat.
    pub chat: &'a ChatState,
    /// Its language.
    pub say: Say,
    /// Who is behind it.
    pub actor: Actor,
    /// The button that was pressed.
    pub press: Option<&'a Callback>,
    /// What was waited for.
    pub dialogue: Option<Dialogue>,
    /// What becomes of it.
    pub answer: Answer,
    toast: Option<(String, bool)>,
    shown: bool,
}

impl<'a> Turn<'a> {
    /// Begins to work an update.
    pub fn new(
        cx: &'a Context,
        update: &'a Update,
        chat: &'a ChatState,
        actor: Actor,
        dialogue: Option<Dialogue>,
    ) -> Self {
        let (say, answer) = (Say(chat.language), Answer::default());
        let press = if let Content::Callback(press) = &update.content { Some(press) } else { None };
        Self { cx, update: update.id, chat, say, actor, press, dialogue, answer, toast: None, shown: false }
    }

    /// Says something in a new message.
    pub fn reply(&mut self, html: impl Into<String>, markup: impl Into<Markup>) {
        let message = Outgoing::text(self.chat.chat, html).with(markup);
        self.answer.messages.push(message);
    }

    /// Says a text without values in a new message.
    pub fn tell(&mut self, key: &str) {
        let text = self.say.it(key);
        self.reply(text, Markup::None);
    }

    /// Says something in place of the message whose button was pressed, or in a new one. A second
    /// text of one update never takes the place of the first.
    pub fn show(&mut self, html: impl Into<String>, keyboard: Keyboard) {
        match self.press.and_then(|press| press.message) {
            Some(message) if !self.shown => {
                self.shown = true;
                self.answer.messages.push(Outgoing::edit(self.chat.chat, message, html).with(keyboard));
            }
            _ => self.reply(html, keyboard),
        }
    }

    /// A short notice over the pressed button; one has to confirm an alert.
    pub fn notice(&mut self, plain: String, alert: bool) {
        self.toast = Some((plain, alert));
    }

    /// A notice without values over the pressed button, or a message where none was pressed.
    pub fn remark(&mut self, key: &str) {
        if self.press.is_some() {
            let text = self.say.label(key);
            self.notice(text, true);
        } else {
            self.tell(key);
        }
    }

    /// Waits for something from now on.
    pub fn wait(&mut self, dialogue: Dialogue) {
        self.answer.dialogue = Change::Set(dialogue);
    }

    /// Waits for nothing any more.
    pub fn end(&mut self) {
        self.answer.dialogue = Change::End;
    }

    /// Counts something.
    pub fn mark(&mut self, mark: Mark) {
        self.answer.marks.push(mark);
    }

    /// Whether the person may do something.
    pub fn may(&self, permission: app::policy::Permission) -> bool {
        app::policy::require(&self.actor, permission).is_ok()
    }

    /// A text of the catalogue in HTML.
    pub fn html(&self, key: &str, with: With) -> String {
        self.say.html(key, with)
    }

    /// A text of the catalogue for a button.
    pub fn label(&self, key: &str) -> String {
        self.say.label(key)
    }

    /// What becomes of the update. A pressed button is answered before all else, so that it stops
    /// turning.
    pub fn done(mut self) -> Answer {
        if let Some(press) = self.press {
            let (text, alert) = self.toast.take().map_or((None, false), |(text, alert)| (Some(text), alert));
            let answered = Outgoing::callback_answer(self.chat.chat, &press.query, text.as_deref(), alert);
            self.answer.messages.insert(0, answered);
        }
        self.answer
    }
}

/// The request as the use cases see it: the same update worked twice is the same request, so that
/// its change is made once.
pub fn request_of(update: &Update, endpoint: &str) -> Arc<Request> {
    let hash = Sha256::digest(format!("telegram update {}", update.id));
    Arc::new(Request {
        id: format!("tg-{}", update.id),
        endpoint: endpoint.to_owned(),
        method: "BOT".to_owned(),
        ip: None,
        user_agent: None,
        idempotency: Some(IdempotencyKey { key: format!("tg:{}", update.id), request_hash: hash.into() }),
        channel: Some(domain::Channel::Telegram),
        target: None,
        said_at: update.said_at(),
    })
}
