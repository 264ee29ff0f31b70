//! From lines to pixels.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::{Error, Result};

/// Noto Sans, regular and bold. No font of the machine is looked at, so that a picture is the same
/// everywhere.
static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();

fn fonts() -> Arc<fontdb::Database> {
    let load = || {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
        fonts.load_font_data(notosans::BOLD_TTF.to_vec());
        fonts.set_sans_serif_family(super::canvas::FONT);
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}

/// The picture as PNG.
pub(super) fn png(svg: &str) -> Result<Vec<u8>> {
    let internal = |error: &dyn std::fmt::Display| Error::Internal(error.to_string().into());
    let options = Options { fontdb: fonts(), font_family: super::canvas::FONT.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| internal(&error))?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| internal(&"a picture without size"))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| internal(&error))
}
