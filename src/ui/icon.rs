//! The few signs of the page, drawn here so that nothing has to be loaded.

use yew::prelude::*;

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    /// It works, or it is verified.
    Check,
    /// It does not.
    Cross,
    /// It works, with a but.
    Triangle,
    /// Worth knowing.
    Dot,
    /// Closed.
    Lock,
    /// Not closed.
    OpenLock,
    /// A file.
    File,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Check => "M3 8.5l3.2 3.2L13 4.8",
            Icon::Cross => "M4 4l8 8M12 4l-8 8",
            Icon::Triangle => "M8 2.2L14.6 13.6H1.4zM8 6.4v3.4M8 11.4v.6",
            Icon::Dot => "M8 2a6 6 0 110 12A6 6 0 018 2zM8 7.4v3.8M8 4.6v.6",
            Icon::Lock => "M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 015 0v2.5",
            Icon::OpenLock => "M3.5 7.5h9v6h-9zM5.5 7.5V4.6a2.5 2.5 0 014.8-.9",
            Icon::File => "M4 1.8h5l3.4 3.4v9H4zM9 1.8v3.4h3.4",
        }
    }
}

/// Draws `icon`. A word beside it must say the same.
pub(super) fn icon(icon: Icon) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d={icon.path()} />
        </svg>
    }
}
