//! The only place that touches the browser: clock, clipboard, downloads, focus, lock, and below it files.
//!
//! On a host, where tests draw components, the few functions that drawing needs answer as a
//! browser without the feature would.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use js_sys::JsString;
use kubeconfig_inspector::{secret::Secret, time::Timestamp};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, ClipboardEvent, DataTransfer, Document, Element, EventTarget, HtmlAnchorElement,
    HtmlDialogElement, HtmlDocument, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, Node, Performance, Url, Window,
};
use yew::{Callback, DragEvent, Event, FocusEvent, Html, InputEvent, KeyboardEvent, NodeRef};

mod given;

pub(super) use given::{PASTED, Portion, Unread, opens_folders, picked, stop_reading, take_long};
use given::{dropped, next_turn, read_list, take_text};

mod boot {
    //! What `www/frame.js` tells: see the head of that file.

    use super::{Blob, DataTransfer, JsString, Node, wasm_bindgen};

    #[wasm_bindgen(js_namespace = inspector)]
    extern "C" {
        pub(super) fn refused() -> Vec<String>;
        pub(super) fn allowed() -> Vec<String>;
        pub(super) fn policy() -> String;
        #[wasm_bindgen(js_name = uncovered)]
        pub(super) fn open() -> Vec<String>;
        pub(super) fn requests() -> u32;
        pub(super) fn version() -> String;
        pub(super) fn commit() -> String;
        pub(super) fn digest() -> String;
        pub(super) fn single() -> String;
        pub(super) fn save();
        pub(super) fn keep(text: &JsString) -> u32;
        pub(super) fn hold(kept: u32, start: *const u8, length: usize);
        pub(super) fn forget();
        pub(super) fn early() -> Option<DataTransfer>;
        pub(super) fn part(selector: &str) -> Node;
        // Sees the bytes where they are: passed as a JavaScript array, they would be copied twice.
        pub(super) fn blob(before: &Blob, bytes: &[u8], media_type: &str) -> Blob;
    }
}

/// What the page's boot code found out before any of our code ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lock {
    /// Ways of sending that the browser refused when they were tried.
    pub(super) refused: Vec<String>,
    /// Ways that it did not refuse.
    pub(super) allowed: Vec<String>,
    /// The policies in force, one a line.
    pub(super) policy: String,
    /// What no policy stops, in plain words.
    pub(super) open: Vec<String>,
    /// Version of this build.
    pub(super) version: String,
    /// Commit of this build.
    pub(super) commit: String,
    /// SHA-256 of the program, in hex.
    pub(super) digest: String,
    /// SHA-256 of the single file, in hex; empty where the page is that file.
    pub(super) single: String,
}

impl Lock {
    /// Whether there were attempts, and all were refused.
    pub(super) fn holds(&self) -> bool {
        !self.refused.is_empty() && self.allowed.is_empty()
    }
}

/// The lock as it was proven when the page started.
pub(super) fn lock() -> Lock {
    if !HERE {
        return Lock::default();
    }
    Lock {
        refused: boot::refused(),
        allowed: boot::allowed(),
        policy: boot::policy(),
        open: boot::open(),
        version: boot::version(),
        commit: boot::commit(),
        digest: boot::digest(),
        single: boot::single(),
    }
}

/// How many requests the page has made since the lock closed; the browser counts them.
pub(super) fn requests() -> u32 {
    if HERE { boot::requests() } else { 0 }
}

/// Saves the page as a single file; it is put together outside of the frame, from what is there.
pub(super) fn save_page() {
    if HERE {
        boot::save();
    }
}

thread_local! {
    /// Long texts that the boot code finds in the program's memory; they must not move or go.
    static HELD: RefCell<Vec<Arc<Secret<Vec<u8>>>>> = const { RefCell::new(Vec::new()) };
}

/// Has the boot code keep `text`, to show it should the program stop. Returns what it is kept under.
fn keep(text: &JsString) -> u32 {
    boot::keep(text)
}

/// Tells the boot code that what is kept under that number is in the program's memory as well, where it
/// stays until all is forgotten: a long text is not there twice.
fn hold(kept: u32, bytes: Arc<Secret<Vec<u8>>>) {
    boot::hold(kept, bytes.reveal().as_ptr(), bytes.len());
    HELD.with_borrow_mut(|it| it.push(bytes));
}

/// Drops what is kept of the input for the case that the program stops.
pub(super) fn forget() {
    if HERE {
        boot::forget();
        drop(HELD.take());
    }
}

/// The part of the landing that matches `selector`: `www/frame.html` has it, so that it is there before
/// the program. There is one of it, for one place.
pub(super) fn part(selector: &str) -> Html {
    if HERE { Html::VRef(boot::part(selector)) } else { Html::default() }
}

/// An element that a page is drawn into.
pub(super) type Root = Element;

/// The one in the document.
pub(super) fn root() -> Option<Root> {
    document()?.get_element_by_id("app")
}

/// One outside of it.
pub(super) fn detached() -> Option<Root> {
    document()?.create_element("div").ok()
}

/// Has what is drawn into `root` laid out in the document, and takes it out again before anything is
/// painted or another script runs.
pub(super) fn lay_out(root: &Root) {
    let Some(body) = document().and_then(|it| it.body()) else { return };
    if body.append_child(root).is_ok() {
        // To answer this, the browser has to.
        root.scroll_top();
        root.remove();
    }
}

/// Whether there is a browser around us.
const HERE: bool = cfg!(target_arch = "wasm32");

fn window() -> Option<Window> {
    if HERE { web_sys::window() } else { None }
}

fn document() -> Option<Document> {
    window()?.document()
}

/// The visitor's clock.
pub(super) fn now() -> Timestamp {
    // Milliseconds since 1970 fit an i64 for the next 292 million years.
    Timestamp((js_sys::Date::now() / 1_000.0) as i64)
}

thread_local! {
    // Work that rests asks it thousands of times a second.
    static CLOCK: Option<Performance> = window().and_then(|it| it.performance());
}

/// Milliseconds since the page began to load, for measuring.
pub(super) fn milliseconds() -> f64 {
    CLOCK.with(|it| it.as_ref().map_or(0.0, Performance::now))
}

/// Minutes by which the visitor's zone is ahead of UTC at `at`; none without a browser.
pub(super) fn zone_minutes(at: Timestamp) -> Option<i32> {
    if !HERE {
        return None;
    }
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64 * 1_000.0));
    let minutes = date.get_timezone_offset();
    minutes.is_finite().then_some(-(minutes as i32))
}

/// A moment given as the value of a `datetime-local` field, which is in the visitor's zone.
pub(super) fn from_local(value: &str) -> Option<Timestamp> {
    let seconds = js_sys::Date::parse(value) / 1_000.0;
    seconds.is_finite().then_some(Timestamp(seconds as i64))
}

/// Something that happens later, unless it is dropped before.
pub(super) struct Timer {
    id: i32,
    _then: Closure<dyn FnMut()>,
}

/// Calls `then` once, `milliseconds` from now.
pub(super) fn after(milliseconds: i32, then: impl FnOnce() + 'static) -> Option<Timer> {
    let window = window()?;
    let then = Closure::once(then);
    let id = window
        .set_timeout_with_callback_and_timeout_and_arguments_0(
            then.as_ref().unchecked_ref(),
            milliseconds,
        )
        .ok()?;
    Some(Timer { id, _then: then })
}

/// As [`after`], whatever happens in between.
pub(super) fn later(milliseconds: i32, then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    if let Some(window) = window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            then.unchecked_ref(),
            milliseconds,
        );
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// An ear on the document or the window, which hears until it is dropped.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    then: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    fn new(
        target: impl Into<EventTarget>,
        name: &'static str,
        then: impl FnMut(web_sys::Event) + 'static,
    ) -> Option<Listener> {
        let target = target.into();
        let then = Closure::<dyn FnMut(web_sys::Event)>::new(then);
        target.add_event_listener_with_callback(name, then.as_ref().unchecked_ref()).ok()?;
        Some(Listener { target, name, then })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let then = self.then.as_ref().unchecked_ref();
        // It can only fail when the name or the function is not one, and both were accepted.
        let _ = self.target.remove_event_listener_with_callback(self.name, then);
    }
}

/// What can happen to the page as a whole.
pub(super) enum PageEvent {
    /// Files or a text were dropped, pasted or picked, and this much of them has been read.
    Gave(Portion),
    /// Something is being dragged over the page, or no longer.
    Dragging(bool),
    /// A key was pressed outside any field; its name.
    Pressed(String),
    /// The window lost the focus.
    Left,
}

/// Hears what happens to the page as a whole, until the answer is dropped, and takes what happened
/// before the program was there.
pub(super) fn listen(then: Callback<PageEvent>) -> Vec<Listener> {
    let (Some(window), Some(document)) = (window(), document()) else { return Vec::new() };
    let on_paste = {
        let then = then.clone();
        move |event: web_sys::Event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
            if is_field(event) {
                return;
            }
            let Some(data) = event.clipboard_data() else { return };
            if let Some(files) = data.files().filter(|it| 0 < it.length()) {
                event.prevent_default();
                return read_list(&files, &then);
            }
            if take_text(&data, 0, &then) {
                event.prevent_default();
            }
        }
    };
    let on_drag = {
        let then = then.clone();
        move |event: web_sys::Event| {
            // What is dropped on a file field is for the browser to open.
            if !is_file_field(&event) {
                event.prevent_default();
            }
            then.emit(PageEvent::Dragging(true));
        }
    };
    let on_leave = {
        let then = then.clone();
        move |event: web_sys::Event| {
            let left = event.dyn_ref::<DragEvent>().is_none_or(|it| it.related_target().is_none());
            if left {
                then.emit(PageEvent::Dragging(false));
            }
        }
    };
    let on_drop = {
        let then = then.clone();
        move |event: web_sys::Event| {
            // The field takes it, and tells so, after this event. It must still be there.
            if is_file_field(&event) {
                return;
            }
            event.prevent_default();
            then.emit(PageEvent::Dragging(false));
            if let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) {
                dropped(&data, &then);
            }
        }
    };
    let on_key = {
        let then = then.clone();
        move |event: web_sys::Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if !is_field(event) && !event.ctrl_key() && !event.meta_key() && !event.alt_key() {
                then.emit(PageEvent::Pressed(event.key()));
            }
        }
    };
    if let Some(early) = boot::early() {
        dropped(&early, &then);
    }
    let on_blur = move |_| then.emit(PageEvent::Left);
    [
        Listener::new(document.clone(), "paste", on_paste),
        Listener::new(document.clone(), "dragover", on_drag),
        Listener::new(document.clone(), "dragleave", on_leave),
        Listener::new(document.clone(), "drop", on_drop),
        Listener::new(document, "keydown", on_key),
        Listener::new(window, "blur", on_blur),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether `event` happened in a field that takes text.
fn is_field(event: &web_sys::Event) -> bool {
    let Some(target) = event.target() else { return false };
    target.dyn_ref::<HtmlTextAreaElement>().is_some()
        || target.dyn_ref::<HtmlSelectElement>().is_some()
        || target
            .dyn_ref::<HtmlInputElement>()
            .is_some_and(|it| !matches!(it.type_().as_str(), "checkbox" | "radio" | "file"))
}

fn is_file_field(event: &web_sys::Event) -> bool {
    let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|it| it.type_() == "file")
}

/// What the field holds, or what is chosen in the list, in which `event` happened.
pub(super) fn value(event: &Event) -> String {
    // Of every field it is a property of that name.
    event.target().map(|it| it.unchecked_ref::<HtmlInputElement>().value()).unwrap_or_default()
}

/// Whether `event` came from pasting or dropping rather than typing.
pub(super) fn was_pasted(event: &InputEvent) -> bool {
    matches!(event.input_type().as_str(), "insertFromPaste" | "insertFromDrop")
}

/// What the text area at `node` holds.
pub(super) fn text(node: &NodeRef) -> String {
    node.cast::<HtmlTextAreaElement>().map(|it| it.value()).unwrap_or_default()
}

/// Puts `text` into the text area at `node`. It becomes a property, never markup.
pub(super) fn set_text(node: &NodeRef, text: &str) {
    if let Some(area) = node.cast::<HtmlTextAreaElement>() {
        area.set_value(text);
    }
}

/// Selects all of the text area that `event` is about.
pub(super) fn select(event: &FocusEvent) {
    if let Some(area) = event.target() {
        area.unchecked_ref::<HtmlTextAreaElement>().select();
    }
}

/// Marks line `line`, counted from 1, in the text area at `node`, and goes there.
pub(super) fn select_line(node: &NodeRef, line: u32) {
    let Some(area) = node.cast::<HtmlTextAreaElement>() else { return };
    let text = area.value();
    let utf16 = |it: &str| it.encode_utf16().count();
    let before: usize =
        text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(utf16).sum();
    let length =
        text.split('\n').nth(line.saturating_sub(1) as usize).map(utf16).unwrap_or_default();
    let [start, end] = [before, before + length].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
    // A browser scrolls to the caret when the field takes the focus.
    let _ = area.set_selection_range(start, start);
    let _ = area.focus();
    let _ = area.set_selection_range(start, end);
}

/// How far the element at `node` is scrolled down, in units of `height` pixels.
pub(super) fn scrolled(node: &NodeRef, height: usize) -> usize {
    node.cast::<Element>().map_or(0, |it| usize::try_from(it.scroll_top()).unwrap_or(0) / height)
}

/// Scrolls the element at `node` to `top` pixels.
pub(super) fn scroll(node: &NodeRef, top: i32) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(top);
    }
}

/// Moves the focus to the element with that id, once what was just dispatched is drawn.
pub(super) fn focus(id: &'static str) {
    focus_on(id.to_owned());
}

/// As [`focus`], for an id that is made up while the page runs.
pub(super) fn focus_on(id: String) {
    try_focus(id, PATIENCE, false, "");
}

/// As [`focus_on`], pressing the button `more` while the element is not there.
pub(super) fn focus_behind(id: String, more: &'static str) {
    try_focus(id, PATIENCE, false, more);
}

/// As [`focus`], unless something else has taken the focus by then.
pub(super) fn keep_focus(id: &'static str) {
    try_focus(id.to_owned(), PATIENCE, true, "");
}

/// How often an element is looked for that is not there yet, every 20 milliseconds.
const PATIENCE: u32 = 500;
/// How often of these whatever happens; later only while nothing else has the focus.
const EAGER: u32 = 25;

/// What takes long is read and drawn in pieces, so the element may take a while to appear.
fn try_focus(id: String, attempts: u32, only_if_lost: bool, more: &'static str) {
    later(20, move || {
        let late = attempts + EAGER < PATIENCE;
        if (only_if_lost || late) && holds_focus() {
            return;
        }
        let element = document().and_then(|it| it.get_element_by_id(&id));
        match element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            Some(element) => {
                let _ = element.focus();
            }
            None if 0 < attempts && (more.is_empty() || !late) => {
                press(more);
                try_focus(id, attempts - 1, only_if_lost, more);
            }
            None => {}
        }
    });
}

/// Whether an element with that id is on the page.
pub(super) fn is_there(id: &str) -> bool {
    document().is_some_and(|it| it.get_element_by_id(id).is_some())
}

/// Whether something in the document has the focus.
pub(super) fn holds_focus() -> bool {
    document().is_some_and(|it| it.active_element() != it.body().map(Element::from))
}

/// Presses the button with that id.
pub(super) fn press(id: &str) {
    let element = document().and_then(|it| it.get_element_by_id(id));
    if let Some(button) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

/// Brings the element with that id into view.
pub(super) fn reveal(id: &str) {
    if let Some(element) = document().and_then(|it| it.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Opens the dialog at `node` over the page, which keeps the focus inside.
pub(super) fn open_dialog(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        // It throws when the dialog is open already, which is what we want.
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog at `node`.
pub(super) fn close_dialog(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Copies `text`, and then tells whether that worked.
///
/// The asynchronous clipboard is missing on plain http and on pages opened from a disk; there
/// a hidden field and the older command do it, unless a field would take long to lay out the text.
pub(super) fn copy(text: Rc<Secret<String>>, then: Callback<bool>) {
    let clipboard =
        window().map(|it| it.navigator()).map(|it| it.clipboard()).filter(|it| it.is_object());
    match clipboard {
        Some(clipboard) => spawn_local(async move {
            let done = JsFuture::from(clipboard.write_text(text.reveal())).await.is_ok();
            then.emit(done || copy_by_command(text.reveal()));
        }),
        None => then.emit(copy_by_command(text.reveal())),
    }
}

/// Bytes that a field takes before laying it out would hold the page.
pub(super) const MOST_IN_FIELD: usize = 1_000_000;

fn copy_by_command(text: &str) -> bool {
    let attempt = || {
        let document = document().filter(|_| text.len() < MOST_IN_FIELD)?;
        let before = document.active_element();
        let area: HtmlTextAreaElement =
            document.create_element("textarea").ok()?.dyn_into().ok()?;
        area.set_value(text);
        area.set_class_name("offscreen");
        document.body()?.append_child(&area).ok()?;
        area.select();
        let commands = document.dyn_ref::<HtmlDocument>()?;
        let done = commands.exec_command("copy").unwrap_or(false);
        area.set_value("");
        area.remove();
        if let Some(before) = before.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = before.focus();
        }
        Some(done)
    };
    attempt().unwrap_or(false)
}

/// Bytes that are handed to the browser, or taken from it, at once: it copies them, while the page
/// stands still.
const STRETCH: usize = 4 << 20;

/// Offers `text` as a file called `name`, and then tells whether that worked.
pub(super) fn download(
    name: String,
    media_type: &'static str,
    text: Rc<Secret<String>>,
    then: Callback<bool>,
) {
    spawn_local(async move {
        let done = offer(&name, media_type, text.reveal().as_bytes()).await;
        then.emit(done.is_ok());
        // To wipe a long text takes a while, too.
        let _ = next_turn().await;
        drop(text);
    });
}

async fn offer(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let mut blob = Blob::new()?;
    for (index, piece) in bytes.chunks(STRETCH).enumerate() {
        if 0 < index {
            next_turn().await?;
        }
        blob = boot::blob(&blob, piece, media_type);
    }
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = document().ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The click has started the download; the browser keeps what it needs.
    later(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
    Ok(())
}
