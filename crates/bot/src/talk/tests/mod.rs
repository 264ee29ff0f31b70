//! Conversations with the bot, on a record of their own.

mod assign;
mod catalogue;
mod create;
mod finish;
mod link;
mod note;
mod oddities;
mod office;
mod times;
