//! `/geo`: what maps draw.

pub mod collection;
pub mod view;
