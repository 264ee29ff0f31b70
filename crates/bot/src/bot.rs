//! The bot of a replica: what its tasks share.

use std::ops::Deref;
use std::sync::Arc;

use app::Context;
use domain::lease::LeaseName;
use resilience::Tasks;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::client::{Telegram, Webhook};
use crate::{intake, lease, work};

/// The bot of this replica. Cheap to clone.
#[derive(Clone)]
pub struct Bot(Arc<Parts>);

/// What its tasks share.
pub struct Parts {
    /// The office.
    pub cx: Context,
    /// Telegram.
    pub telegram: Telegram,
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
    pub fn new(cx: Context, telegram: Telegram) -> Self {
        let me = cx.rng.uuid();
        Self(Arc::new(Parts { cx, telegram, me, received: Notify::new(), written: Notify::new() }))
    }

    /// Starts its tasks. Updates are asked for, unless they are to be posted to `webhook`.
    pub fn start(&self, tasks: &Tasks, webhook: Option<Webhook>) {
        let bot = self.clone();
        tasks.supervise("telegram-intake", move |stop| {
            let (bot, webhook) = (bot.clone(), webhook.clone());
            async move {
                lease::hold(&bot, LeaseName::TelegramIntake, &stop, |held, _| {
                    let (bot, webhook) = (&bot, &webhook);
                    async move {
                        match webhook {
                            Some(webhook) => intake::announce(bot, webhook, &held).await,
                            None => intake::poll(bot, &held).await,
                        }
                    }
                })
                .await;
            }
        });
        let bot = self.clone();
        tasks.supervise("telegram-work", move |stop| {
            let bot = bot.clone();
            async move { work::work(&bot, &stop).await }
        });
    }
}
