//! What is handed in: files, folders and texts, read in order while the page goes on.

use std::{cell::Cell, collections::VecDeque, mem, sync::Arc};

use js_sys::{Array, Function, JsString, Reflect, Uint8Array};
use kubeconfig_inspector::{secret::Secret, source::Source};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ClipboardEvent, DataTransfer, File, FileList, FileSystemDirectoryEntry,
    FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry, HtmlInputElement,
};
use yew::{Callback, Event, NodeRef, TargetCast};

use super::{
    super::{SLICE, state::LONG},
    PageEvent, STRETCH, hold, keep, milliseconds, text, window,
};

#[wasm_bindgen]
extern "C" {
    // As `web_sys` has them, but for strings that stay the browser's.
    type Transfer;
    #[wasm_bindgen(method, js_name = getData)]
    fn text(this: &Transfer, format: &str) -> JsString;
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, to: &Uint8Array) -> Encoded;
    type Encoded;
    #[wasm_bindgen(method, getter)]
    fn written(this: &Encoded) -> u32;
}

/// Files that were handed in at once, as far as they have been read since the portion before.
#[derive(Debug, Default)]
pub(in crate::ui) struct Portion {
    /// Whether an earlier portion of the same files was handed over.
    pub(in crate::ui) continues: bool,
    /// What could be read, in order. A first portion without any is the only one.
    pub(in crate::ui) sources: Vec<Source>,
    /// What could not.
    pub(in crate::ui) unread: Vec<Unread>,
    /// How many files are yet to come, of these and of all others that are being read.
    pub(in crate::ui) coming: usize,
}

/// A file or a folder that was handed in and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Unread {
    /// Its name, or its path below what was dropped.
    pub(in crate::ui) name: String,
    /// Why, in the words of the browser.
    pub(in crate::ui) why: String,
}

impl Unread {
    fn of(name: String, error: &JsValue) -> Unread {
        let why = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
        Unread { name, why: why.unwrap_or_default() }
    }
}

/// Whether scripts may open a folder that was dropped. In a frame without an origin, as ours is,
/// Chromium lets them open none; it is the browser without a name for the class of such files.
pub(in crate::ui) fn opens_folders() -> bool {
    let class = Reflect::get(&js_sys::global(), &"FileSystemFileEntry".into());
    class.is_ok_and(|it| !it.is_undefined())
}

/// Takes what was dropped: text, files, or folders with files in them.
pub(super) fn dropped(data: &DataTransfer, then: &Callback<PageEvent>) {
    let items = data.items();
    // The entries are only there while the event is being handled; take them all now. A text has none.
    let entries: Vec<(FileSystemEntry, Option<File>)> = (0..items.length())
        .filter_map(|n| items.get(n))
        .filter_map(|it| {
            let entry = it.webkit_get_as_entry().ok().flatten()?;
            Some((entry, it.get_as_file().ok().flatten()))
        })
        .collect();
    if !entries.is_empty() {
        let (then, reading) = (then.clone(), READING.get());
        spawn_local(async move {
            let (mut files, mut unread) = (Vec::new(), Vec::new());
            for (entry, file) in entries {
                match file.filter(|_| entry.is_file()) {
                    Some(file) => files.push((file.name(), Content::File(file))),
                    None => collect(entry, &mut files, &mut unread).await,
                }
            }
            read(files, unread, then, reading).await;
        });
    } else if let Some(files) = data.files().filter(|it| 0 < it.length()) {
        read_list(&files, then);
    } else {
        take_text(data, 0, then);
    }
}

/// Name of a text that came without one.
pub(in crate::ui) const PASTED: &str = "pasted";

/// Takes the text in `data`, if it has more than `least` characters, and says whether it did. A long one
/// is read as a file is, between frames.
pub(super) fn take_text(data: &DataTransfer, least: usize, then: &Callback<PageEvent>) -> bool {
    let text = data.unchecked_ref::<Transfer>().text("text/plain");
    let length = text.length() as usize;
    if length <= least {
        return false;
    }
    let kept = keep(&text);
    if length < LONG {
        let sources = vec![Source::new(PASTED, String::from(text))];
        hand_over(&mut Portion { sources, ..Portion::default() }, then);
    } else {
        let given = vec![(PASTED.to_owned(), Content::Text(text, kept))];
        spawn_local(read(given, Vec::new(), then.clone(), READING.get()));
    }
    true
}

/// Takes a long text that is being pasted into an empty text area, which would take a browser longer to
/// lay out than the program to read.
pub(in crate::ui) fn take_long(event: &web_sys::Event, node: &NodeRef, then: &Callback<PageEvent>) {
    let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
    let is_empty = text(node).is_empty();
    if is_empty && event.clipboard_data().is_some_and(|it| take_text(&it, LONG, then)) {
        event.prevent_default();
    }
}

/// All files at and below `entry`, with their paths; see [`opens_folders`].
async fn collect(
    entry: FileSystemEntry,
    files: &mut Vec<(String, Content)>,
    unread: &mut Vec<Unread>,
) {
    let mut waiting = vec![entry];
    while let Some(entry) = waiting.pop() {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        // Chromium has these classes without their names, so that nothing is an instance of them.
        if entry.is_file() {
            let entry = entry.unchecked_ref::<FileSystemFileEntry>();
            let found =
                promise(|resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
            match found.await.and_then(JsCast::dyn_into::<File>) {
                Ok(file) => files.push((path, Content::File(file))),
                Err(error) => unread.push(Unread::of(path, &error)),
            }
        } else if entry.is_directory() {
            let entry = entry.unchecked_ref::<FileSystemDirectoryEntry>();
            let (mut children, end) = list(&entry.create_reader()).await;
            unread.extend(end.map(|it| Unread::of(path, &it)));
            // The last one is taken first; keep the folder's own order.
            children.reverse();
            waiting.extend(children);
        }
    }
}

/// What is in a folder, and why that is not all of it. A browser hands it out in portions and ends
/// with an empty one.
async fn list(reader: &FileSystemDirectoryReader) -> (Vec<FileSystemEntry>, Option<JsValue>) {
    let mut found = Vec::new();
    loop {
        let portion = promise(|resolve, reject| {
            // The method throws on misuse only, and `reject` hears of everything else.
            let call = reader.read_entries_with_callback_and_callback(&resolve, &reject);
            debug_assert!(call.is_ok());
        })
        .await;
        let portion = match portion {
            Ok(portion) => portion,
            Err(error) => return (found, Some(error)),
        };
        let portion: Vec<FileSystemEntry> =
            Array::from(&portion).iter().map(JsCast::unchecked_into).collect();
        if portion.is_empty() {
            return (found, None);
        }
        found.extend(portion);
    }
}

/// The answer of an interface that takes two callbacks.
async fn promise(call: impl FnOnce(Function, Function)) -> Result<JsValue, JsValue> {
    let mut call = Some(call);
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        if let Some(call) = call.take() {
            call(resolve, reject);
        }
    });
    JsFuture::from(promise).await
}

/// Takes the files that were chosen in a file field, and empties it for the next time.
pub(in crate::ui) fn picked(event: &Event, then: &Callback<PageEvent>) {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
    if let Some(files) = input.files() {
        read_list(&files, then);
    }
    input.set_value("");
}

pub(super) fn read_list(files: &FileList, then: &Callback<PageEvent>) {
    // Empty unless a folder was chosen.
    let path = |it: &File| Reflect::get(it, &"webkitRelativePath".into()).ok()?.as_string();
    let files = (0..files.length()).filter_map(|n| files.get(n));
    let files = files.map(|it| {
        let path = path(&it).filter(|it| !it.is_empty());
        (path.unwrap_or_else(|| it.name()), Content::File(it))
    });
    spawn_local(read(files.collect(), Vec::new(), then.clone(), READING.get()));
}

/// Something to read.
enum Content {
    File(File),
    /// A file that is being read already.
    Begun(JsFuture),
    /// A text, and under what number it is kept.
    Text(JsString, u32),
}

impl Content {
    /// Begins to read a file, all of it.
    fn begun(self) -> Content {
        match self {
            Content::File(it) => Content::Begun(JsFuture::from(it.array_buffer())),
            it => it,
        }
    }

    /// Its bytes; held for the case that the program stops unless all is forgotten that was there `before`.
    async fn bytes(self, before: Reading) -> Result<Arc<Secret<Vec<u8>>>, JsValue> {
        match self {
            Content::File(it) => Ok(Arc::new(contents(it).await?)),
            Content::Begun(it) => Ok(Arc::new(Secret::new(Uint8Array::new(&it.await?).to_vec()))),
            Content::Text(text, kept) => {
                let bytes = Arc::new(encoded(text).await?);
                if still(before, 0, 0) {
                    hold(kept, bytes.clone());
                }
                Ok(bytes)
            }
        }
    }
}

/// What is in `file`.
async fn contents(file: File) -> Result<Secret<Vec<u8>>, JsValue> {
    let mut bytes = Vec::new();
    let read = fill(&mut bytes, &file).await;
    // What was read is wiped, too, when the rest cannot be.
    let bytes = Secret::new(bytes);
    read.map(|()| bytes)
}

async fn fill(bytes: &mut Vec<u8>, file: &File) -> Result<(), JsValue> {
    let size = file.size();
    // Room for all at once: a vector that grows leaves copies behind.
    let room = bytes.try_reserve_exact(size as usize);
    room.map_err(|_| js_sys::Error::new("The file is larger than the memory that there is."))?;
    let mut at = 0.0;
    // An empty one, too: what is no file, as a folder, says so when it is read.
    loop {
        let end = size.min(at + STRETCH as f64);
        let part = if end - at < size {
            file.slice_with_f64_and_f64(at, end)?
        } else {
            file.clone().into()
        };
        append(bytes, &Uint8Array::new(&JsFuture::from(part.array_buffer()).await?));
        at = end;
        if size <= at {
            return Ok(());
        }
    }
}

/// Adds what is in `piece`.
fn append(bytes: &mut Vec<u8>, piece: &Uint8Array) {
    let start = bytes.len();
    bytes.resize(start + piece.length() as usize, 0);
    if let Some(room) = bytes.get_mut(start..) {
        piece.copy_to(room);
    }
}

/// Characters that are taken at once.
const PIECE: u32 = 1 << 16;
/// Bytes that a character takes at most; one that takes four counts twice in JavaScript.
const WIDEST: u32 = 3;

/// `text` in UTF-8. As a string it would be handed over character by character, and in one go.
async fn encoded(text: JsString) -> Result<Secret<Vec<u8>>, JsValue> {
    let encoder = TextEncoder::new();
    let piece = Uint8Array::new_with_length(PIECE * WIDEST);
    let mut bytes = Vec::with_capacity(text.length() as usize);
    let mut until = milliseconds() + SLICE;
    let mut at = 0;
    while at < text.length() {
        let mut end = text.length().min(at + PIECE);
        // The two halves of a character stay together.
        if end < text.length() && (0xd800..0xdc00).contains(&(text.char_code_at(end - 1) as u32)) {
            end -= 1;
        }
        let written = encoder.encode_into(&text.slice(at, end), &piece).written();
        append(&mut bytes, &piece.subarray(0, written));
        at = end;
        if until <= milliseconds() {
            next_turn().await?;
            until = milliseconds() + SLICE;
        }
    }
    piece.fill(0, 0, PIECE * WIDEST);
    Ok(Secret::new(bytes))
}

/// Lets the browser draw and hear keys.
pub(super) async fn next_turn() -> Result<JsValue, JsValue> {
    promise(|resolve, _| {
        // A page has a window.
        let _ = window().map(|it| it.set_timeout_with_callback(&resolve));
    })
    .await
}

/// Files that are being read.
#[derive(Clone, Copy)]
struct Reading {
    /// Counts how often everything was forgotten.
    forgotten: u32,
    /// How many files are yet to come.
    coming: usize,
}

thread_local! {
    static READING: Cell<Reading> = const { Cell::new(Reading { forgotten: 0, coming: 0 }) };
}

/// Leaves unread what has not been read yet.
pub(in crate::ui) fn stop_reading() {
    let forgotten = READING.get().forgotten.wrapping_add(1);
    READING.set(Reading { forgotten, coming: 0 });
}

/// How long files are gathered before they are handed over, in milliseconds.
const PORTION: f64 = 300.0;

/// Of more files than this none is expected to be large: to ask one for its size would take a browser a third
/// as long as to read it.
const MANY: usize = 64;
/// How many of so many are being read at once, so that the page need not wait for each.
const AHEAD: usize = 16;

/// Reads `files` and hands over what could be read, and what could not: the first one at once, as it
/// may be the only one, the others in portions. Stops when all is forgotten that was there `before`.
async fn read(
    files: Vec<(String, Content)>,
    unread: Vec<Unread>,
    then: Callback<PageEvent>,
    before: Reading,
) {
    // Listing a folder took a while.
    if !still(before, files.len(), 0) {
        return;
    }
    let mut portion = Portion { unread, ..Portion::default() };
    let mut due = 0.0;
    let ahead = if MANY < files.len() { AHEAD } else { 0 };
    let mut files = files.into_iter();
    let mut begun = VecDeque::new();
    while let Some((name, file)) = begun.pop_front().or_else(|| files.next()) {
        let read = file.bytes(before).await;
        if !still(before, 0, 1) {
            return;
        }
        let missing = ahead - begun.len();
        begun.extend(files.by_ref().take(missing).map(|(name, it)| (name, it.begun())));
        match read {
            Ok(bytes) => portion.sources.push(Source { name, bytes }),
            Err(error) => portion.unread.push(Unread::of(name, &error)),
        }
        if !portion.sources.is_empty() && due <= milliseconds() {
            hand_over(&mut portion, &then);
            due = milliseconds() + PORTION;
        }
    }
    if !(portion.continues && portion.sources.is_empty() && portion.unread.is_empty()) {
        hand_over(&mut portion, &then);
    }
}

/// Counts files that are yet to come and such that came, unless what was there `before` is forgotten.
fn still(before: Reading, more: usize, less: usize) -> bool {
    let mut it = READING.get();
    it.coming = (it.coming + more).saturating_sub(less);
    let still = it.forgotten == before.forgotten;
    if still {
        READING.set(it);
    }
    still
}

fn hand_over(portion: &mut Portion, then: &Callback<PageEvent>) {
    let next = Portion { continues: true, ..Portion::default() };
    let coming = READING.get().coming;
    then.emit(PageEvent::Gave(Portion { coming, ..mem::replace(portion, next) }));
}
