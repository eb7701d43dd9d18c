//! Repairs what copying does to a kubeconfig: chat formatting, prompts, quoting, typography.
//!
//! Knows nothing of what kubectl accepts; the caller tries the candidates. A repair that could
//! be made in two ways is not made.

use super::{
    Format, Intake, Piece, content,
    transcript::{self, Apart},
    wrapped,
};
use crate::pace::Pace;

/// Bytes of a text that is mended: what people copy is shorter, and taking a text apart holds it
/// several times.
const MOST: usize = 4_000_000;

/// Repaired readings of `bytes`, least repair first. Rests between passes over the text.
pub(super) async fn candidates(pace: Pace<'_>, bytes: &[u8]) -> Vec<Intake> {
    if MOST < bytes.len() {
        return Vec::new();
    }
    let text = content::text(bytes);
    let text = text.reveal();
    if !content::is_kubeconfig(text) && !holds_a_wrapping(text) {
        return Vec::new();
    }
    pace.rest().await;
    let mut mending =
        Mending { text: text.to_string(), mended: Vec::new(), candidates: Vec::new() };
    mending.read(pace).await;
    let unescaped = unescape(&mending.text);
    mending.take(pace, unescaped).await;
    let plain = characters(pace, &mending.text).await;
    mending.take(pace, plain).await;
    let n_sure = mending.candidates.len();
    let (text, did) = transcript::mend_slips(pace, &mending.text).await;
    mending.take(pace, Repaired { text, did }).await;
    for it in mending.candidates.iter_mut().skip(n_sure) {
        it.is_guess = true;
    }
    mending.candidates
}

/// A text, the repairs of all of it so far, and how it could be read after each.
struct Mending {
    text: String,
    mended: Vec<String>,
    candidates: Vec<Intake>,
}

impl Mending {
    async fn take(&mut self, pace: Pace<'_>, repaired: Repaired) {
        if !repaired.did.is_empty() {
            self.text = repaired.text;
            self.mended.extend(repaired.did.into_iter().map(str::to_owned));
            self.read(pace).await;
        }
    }

    async fn read(&mut self, pace: Pace<'_>) {
        self.candidates.extend(read(pace, &self.text, &self.mended).await);
        pace.rest().await;
    }
}

/// A text after a repair, and what was done to it as sentences; none when nothing was.
struct Repaired {
    text: String,
    did: Vec<&'static str>,
}

/// Whether a copied terminal or a fenced block may hold one of the other wrappings.
fn holds_a_wrapping(text: &str) -> bool {
    let marks = ["```", "~~~", "kind: Secret", "-----BEGIN ", "\"config\"", "$ ", "# ", "> "];
    marks.iter().any(|it| text.contains(it))
}

/// Takes `text` apart; none when nothing came out of it, when it is the text itself, or when what would
/// be left out belongs to it.
async fn read(pace: Pace<'_>, text: &str, mended: &[String]) -> Option<Intake> {
    let (lines, unquoted) = transcript::unquote(pace, text).await;
    let apart = transcript::take_apart(pace, &lines).await;
    if apart.lost {
        return None;
    }
    let mut intake = Intake { mended: mended.to_vec(), ..Intake::default() };
    intake.mended.extend(unquoted.map(str::to_owned));
    if apart.kubeconfigs.is_empty() {
        let inner = unwrapped(pace, &apart.blocks).await?;
        intake.mended.push("The text around it was left out.".to_owned());
        return inner.found().then(|| Intake {
            mended: intake.mended,
            message: transcript::message(&apart.rest),
            ..inner
        });
    }
    for block in &apart.kubeconfigs {
        let even = tabs(&(block.join("\n") + "\n"));
        pace.rest().await;
        let whole = wrapped_values(pace, &even.text).await;
        pace.rest().await;
        for did in even.did.into_iter().chain(whole.did) {
            if !intake.mended.iter().any(|it| it == did) {
                intake.mended.push(did.to_owned());
            }
        }
        intake.kubeconfigs.push(Piece::new("", whole.text));
    }
    pace.rest().await;
    intake.mended.extend(left_out(&apart));
    if intake.mended.is_empty() && apart.indent == 0 {
        return None;
    }
    if intake.mended.is_empty() {
        intake.mended.push("The common indentation was removed.".to_owned());
    }
    intake.format = Format::Kubeconfig;
    intake.message = transcript::message(&apart.rest);
    Some(intake)
}

/// What the first of `blocks` that wraps something wraps.
async fn unwrapped(pace: Pace<'_>, blocks: &[String]) -> Option<Intake> {
    for it in blocks {
        let found = wrapped::open(pace, it.as_bytes()).await.filter(Intake::found);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What taking a text apart left out of it, as sentences.
fn left_out(apart: &Apart) -> Vec<String> {
    let mut said = Vec::new();
    if apart.fenced {
        said.push("The code fence was removed.".to_owned());
    }
    match apart.rest.lines().filter(|it| !it.trim().is_empty()).count() {
        0 => {}
        1 => said.push("One line that is not part of the kubeconfig was left out.".to_owned()),
        n => said.push(format!("{n} lines that are not part of the kubeconfig were left out.")),
    }
    if 1 < apart.kubeconfigs.len() {
        said.push("The text holds several kubeconfigs; each is read by itself.".to_owned());
    }
    said
}

/// A text on one line with `\n` written out, as it stands in a JSON string or a variable.
fn unescape(text: &str) -> Repaired {
    let inner = text.trim().trim_matches(['"', '\'']);
    if inner.contains('\n') || inner.matches("\\n").count() < 3 {
        return Repaired { text: text.to_owned(), did: Vec::new() };
    }
    let text = inner.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"");
    Repaired { text, did: vec!["Line breaks written as \\n were turned into line breaks."] }
}

/// One kind of character that word processors, chats and web pages put in.
struct Typography {
    found: fn(char) -> bool,
    becomes: &'static str,
    did: &'static str,
}

static TYPOGRAPHY: &[Typography] = &[
    Typography {
        found: |it| {
            matches!(it, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
        },
        becomes: " ",
        did: "Special blanks, as the no-break space, were turned into ordinary blanks.",
    },
    Typography {
        found: |it| matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'),
        becomes: "",
        did: "Invisible characters of zero width were removed.",
    },
    Typography {
        found: |it| matches!(it, '“' | '”' | '„' | '‟' | '«' | '»'),
        becomes: "\"",
        did: "Typographic quotation marks were turned into straight ones.",
    },
    Typography {
        found: |it| matches!(it, '‘' | '’' | '‚' | '‛'),
        becomes: "'",
        did: "Typographic quotation marks were turned into straight ones.",
    },
    Typography {
        found: |it| it == '：',
        becomes: ": ",
        did: "Full-width colons were turned into ordinary ones.",
    },
    Typography {
        found: |it| matches!(it, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'),
        becomes: "",
        did: "Control characters were removed.",
    },
];

/// Typography and terminal colors back to plain characters.
async fn characters(pace: Pace<'_>, text: &str) -> Repaired {
    let mut did = Vec::new();
    let mut note = |it| {
        if !did.contains(&it) {
            did.push(it);
        }
    };
    let plain = transcript::without_colors(text);
    if plain.len() != text.len() {
        note("Terminal colors were removed.");
    }
    let mut out = String::with_capacity(plain.len());
    for (step, it) in plain.chars().enumerate() {
        pace.rest_at_times(step).await;
        match TYPOGRAPHY.iter().find(|kind| !it.is_ascii_graphic() && (kind.found)(it)) {
            None => out.push(it),
            Some(kind) => {
                note(kind.did);
                out.push_str(kind.becomes);
            }
        }
    }
    pace.rest().await;
    let dashes = |line: &str| {
        let body = line.trim_start();
        ["– ", "— ", "• ", "− "].iter().any(|it| body.starts_with(it))
    };
    if out.lines().any(dashes) {
        note("Typographic dashes before list items were turned into hyphens.");
        let hyphen = |line: &str| match dashes(line) {
            true => line.replacen(['–', '—', '•', '−'], "-", 1),
            false => line.to_owned(),
        };
        out = out.lines().map(hyphen).collect::<Vec<_>>().join("\n");
    }
    for (entity, character) in ENTITIES {
        pace.rest().await;
        if out.contains(entity) {
            note("HTML entities were turned into the characters that they stand for.");
            out = out.replace(entity, character);
        }
    }
    Repaired { text: out, did }
}

/// The entities that a web page leaves in copied text; the ampersand last.
const ENTITIES: [(&str, &str); 5] =
    [("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&gt;", ">"), ("&amp;", "&")];

/// Indentation by tabs alone to two blanks each. Mixed with blanks, nobody can tell how wide
/// a tab was, and the text is left as it is.
fn tabs(text: &str) -> Repaired {
    let indents = || text.lines().map(|it| it.len() - it.trim_start_matches([' ', '\t']).len());
    let leads = || text.lines().zip(indents()).filter_map(|(line, n)| line.get(..n));
    let unchanged = !leads().any(|it| it.contains('\t')) || leads().any(|it| it.contains(' '));
    if unchanged {
        return Repaired { text: text.to_owned(), did: Vec::new() };
    }
    let mut out = String::new();
    for line in text.lines() {
        let body = line.trim_start_matches('\t');
        out.push_str(&"  ".repeat(line.len() - body.len()));
        out.push_str(body);
        out.push('\n');
    }
    Repaired { text: out, did: vec!["Indentation by tabs was turned into blanks."] }
}

/// Long values that a mail program broke over several lines, joined again.
async fn wrapped_values(pace: Pace<'_>, text: &str) -> Repaired {
    let mut out = String::with_capacity(text.len() + 1);
    let mut did = Vec::new();
    // Where the last line begins.
    let mut begin = 0;
    for (index, line) in text.lines().enumerate() {
        pace.rest_at_times(index).await;
        let last = out.get(begin..).unwrap_or_default();
        if transcript::continues(last, line) {
            out.truncate(begin + last.trim_end().len());
            out.push_str(line.trim());
            did = vec!["Long values that were broken over several lines were joined."];
            continue;
        }
        if 0 < index {
            out.push('\n');
        }
        begin = out.len();
        out.push_str(line);
    }
    out.push('\n');
    Repaired { text: out, did }
}
