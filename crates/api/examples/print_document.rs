fn main() { print!("{}", kernschil_api::document()); }
