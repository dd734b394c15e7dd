//! Writes every page as a file, with its styles, to look at: `cargo run --example gallery -- FOLDER`.

use std::path::Path;
use std::{env, fs, io};

#[path = "../tests/pages/samples/mod.rs"]
mod samples;

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("name a folder"))?;
    let folder = Path::new(&folder);
    let assets = folder.join("assets");
    fs::create_dir_all(&assets)?;
    fs::write(assets.join("app.css"), kernschil_web::assets::CSS)?;
    fs::write(assets.join("app.js"), kernschil_web::assets::JS)?;
    fs::write(assets.join("mark.svg"), kernschil_web::assets::MARK)?;
    for (name, page) in samples::pages() {
        let html = page.into_string().replace("\"/assets/", "\"assets/");
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(())
}
