//! What the dashboard's map is drawn on.

use api::MapSource;
use axum::http::HeaderValue;
use clap::Args;
use url::Url;

use super::server::origin;

/// The dashboard's map.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Map")]
pub struct Map {
    /// Style that the dashboard's map is drawn with, in the format of `MapLibre`, like
    /// `https://mapas.example.org/estilo.json`; without it the map is the outlines of countries in
    /// the binary.
    #[arg(long, env = "GAD_MAP_STYLE_URL", value_name = "URL", value_parser = style)]
    pub map_style_url: Option<Url>,
    /// Origins that the style takes tiles, letters and marks from, besides its own;
    /// comma-separated, like `https://teselas.example.org`. The dashboard may ask no others.
    #[arg(long, env = "GAD_MAP_ORIGINS", value_delimiter = ',', value_name = "ORIGINS", value_parser = origin)]
    pub map_origins: Vec<HeaderValue>,
}

impl Map {
    /// What the API serves of it.
    pub fn source(self) -> MapSource {
        let own = self.map_style_url.as_ref().map(|style| style.origin().ascii_serialization());
        let others = self.map_origins.iter().filter_map(|origin| origin.to_str().ok()).map(str::to_owned);
        MapSource { origins: own.into_iter().chain(others).collect(), style: self.map_style_url }
    }
}

/// Where a style lies.
fn style(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("must be like https://mapas.example.org/estilo.json".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_may_ask_the_host_of_the_style_and_those_that_are_named() {
        let map = Map {
            map_style_url: Some(Url::parse("https://mapas.example.org/a/estilo.json").unwrap()),
            map_origins: vec![HeaderValue::from_static("https://teselas.example.org:8443")],
        };
        assert_eq!(map.source().origins, ["https://mapas.example.org", "https://teselas.example.org:8443"]);
    }
}
