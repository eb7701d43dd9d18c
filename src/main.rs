//! The page around the library.

mod ui;

fn main() {
    ui::mount();
}
