//! The bot of a replica: what its tasks share.

use std::ops::Deref;
use std::sync::Arc;

use app::Context;
use domain::lease::LeaseName;
use resilience::Tasks;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::client::{Telegram, Webhook};
use crate::notices::Groups;
use crate::{intake, lease, notices, outgoing, work};

/// The bot of this replica. Cheap to clone.
#[derive(Clone)]
pub struct Bot(Arc<Parts>);

/// What its tasks share.
pub struct Parts {
    /// The office.
    pub cx: Context,
    /// Telegram.
    pub telegram: Telegram,
    /// Chats of the office that belong to nobody.
    pub groups: Groups,
    /// What tells this replica from others.
    pub me: Uuid,
    /// Told when updates have come to this replica.
    pub received: Notify,
    /// Told when this replica has written messages.
    pub written: Notify,
}

impl Deref for Bot {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Bot {
    /// A bot that does nothing yet.
    pub fn new(cx: Context, telegram: Telegram, groups: Groups) -> Self {
        let me = cx.rng.uuid();
        Self(Arc::new(Parts { cx, telegram, groups, me, received: Notify::new(), written: Notify::new() }))
    }

    /// Starts its tasks. Updates are asked for, unless they are to be posted to `webhook`. What is
    /// started last is stopped first: what others say until the end is still sent.
    pub fn start(&self, tasks: &Tasks, webhook: Option<Webhook>) {
        lease::begin_counting();
        outgoing::begin_counting();
        outgoing::nothing();
        notices::begin_counting();
        work::begin_counting();
        let bot = self.clone();
        tasks.supervise("telegram-sending", move |stop| {
            let bot = bot.clone();
            async move {
                lease::hold(&bot, LeaseName::TelegramSending, &stop, |held, _| {
                    let bot = &bot;
                    async move {
                        let sent = async {
                            outgoing::send(bot, &held).await;
                            held.cancel();
                        };
                        tokio::join!(sent, outgoing::watch(bot, &held));
                    }
                })
                .await;
            }
        });
        let bot = self.clone();
        tasks.supervise("telegram-notices", move |stop| {
            let bot = bot.clone();
            async move {
                lease::hold(&bot, LeaseName::TelegramNotices, &stop, |held, lease| {
                    let bot = &bot;
                    async move { notices::tell(bot, &held, &lease).await }
                })
                .await;
            }
        });
        let bot = self.clone();
        tasks.supervise("telegram-work", move |stop| {
            let bot = bot.clone();
            async move { work::work(&bot, &stop).await }
        });
        let bot = self.clone();
        tasks.supervise("telegram-intake", move |stop| {
            let (bot, webhook) = (bot.clone(), webhook.clone());
            async move {
                lease::hold(&bot, LeaseName::TelegramIntake, &stop, |held, _| {
                    let (bot, webhook) = (&bot, &webhook);
                    async move {
                        let updates = async {
                            match webhook {
                                Some(webhook) => intake::announce(bot, webhook, &held).await,
                                None => intake::poll(bot, &held).await,
                            }
                        };
                        // Beside them: nobody who writes waits for the menu.
                        tokio::join!(updates, intake::show_menu(bot, &held), intake::watch_chats(bot, &held));
                    }
                })
                .await;
            }
        });
    }
}
