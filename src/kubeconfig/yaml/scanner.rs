//! Characters to tokens.
//!
//! A hand-written twin of libyaml's scanner as go-yaml carries it: the same tokens, the same
//! refusals at the same character, and also its quirks, since a file that passes only thanks to a
//! quirk passes in kubectl. Long runs of ordinary characters are taken in one step, because nine
//! tenths of a kubeconfig are base64.

use std::{borrow::Cow, collections::VecDeque};

use super::{
    chars::{self, is_blank, is_word},
    reader::{BYTE_ORDER_MARK, Fault, Input, Window},
};

mod flow;
mod block;
mod tag;

/// A position in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Offset in bytes.
    pub(super) at: usize,
    /// Offset in characters.
    pub(super) index: usize,
    /// Line, counted from 0.
    pub(super) line: usize,
    /// Column in characters, counted from 0.
    pub(super) column: usize,
}

/// Who refuses a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The bytes are no characters.
    Reader,
    /// The characters are no tokens.
    Scanner,
    /// The tokens are in no order that YAML knows.
    Parser,
}

/// Why a text is not YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) stage: Stage,
    /// go-yaml's words.
    pub(super) problem: Cow<'static, str>,
    /// Where it was noticed.
    pub(super) at: Mark,
    /// Where what could not be finished begins.
    pub(super) context: Mark,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// The text of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// It stands in the source, between these offsets.
    Source(usize, usize),
    /// It had to be put together.
    Written(String),
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'a> {
    StreamStart,
    StreamEnd,
    VersionDirective { major: u8, minor: u8 },
    TagDirective { handle: String, prefix: String },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag { handle: String, suffix: String },
    Scalar { value: Content, style: Style },
}

/// The smallest piece of YAML that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

/// A place where a key may turn out to begin, once a colon follows.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token_number: usize,
    mark: Mark,
}

/// Indexes by token number. Numbers come in ascending order, and mostly go again at once.
#[derive(Default)]
struct Numbered(Vec<(usize, usize)>);

impl Numbered {
    fn find(&self, number: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |it| it.0)
    }

    fn get(&self, number: usize) -> Option<usize> {
        Some(self.0.get(self.find(number).ok()?)?.1)
    }

    fn insert(&mut self, number: usize, index: usize) {
        self.remove(number);
        self.0.push((number, index));
    }

    fn remove(&mut self, number: usize) {
        if let Ok(at) = self.find(number) {
            self.0.remove(at);
        }
    }
}

/// Reads tokens on demand.
pub(super) struct Scanner<'a> {
    input: &'a Input<'a>,
    text: &'a str,
    bytes: &'a [u8],
    /// None where go-yaml's buffer makes no difference.
    window: Option<Window>,
    mark: Mark,
    started: bool,
    ended: bool,
    tokens: VecDeque<Token<'a>>,
    tokens_parsed: usize,
    token_available: bool,
    /// Column of the innermost block collection; none outside of all.
    indent: Option<usize>,
    indents: Vec<Option<usize>>,
    flow_level: usize,
    simple_key_allowed: bool,
    /// One per flow level and one for the block context.
    simple_keys: Vec<SimpleKey>,
    /// Token numbers of simple keys, to their index in `simple_keys`.
    simple_key_of_token: Numbered,
}

/// Levels of flow collections, and of block collections, that go-yaml opens at most.
const MAX_DEPTH: usize = 10_000;

/// Characters that a key without `?` may take at most.
const MAX_SIMPLE_KEY: usize = 1024;

impl<'a> Scanner<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Scanner<'a> {
        let text = input.text.as_ref();
        let watched = input.fault.is_some() || input.marked;
        Scanner {
            input,
            text,
            bytes: text.as_bytes(),
            window: watched.then(Window::new),
            mark: Mark::default(),
            started: false,
            ended: false,
            tokens: VecDeque::new(),
            tokens_parsed: 0,
            token_available: false,
            indent: None,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: false,
            simple_keys: Vec::new(),
            simple_key_of_token: Numbered::default(),
        }
    }

    /// The next token, which stays where it is.
    ///
    /// Mirrors: peek_token, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    pub(super) fn peek(&mut self) -> Result<&Token<'a>, SyntaxError> {
        if !self.token_available {
            self.fetch_more_tokens()?;
        }
        self.tokens.front().ok_or_else(|| SyntaxError {
            stage: Stage::Parser,
            problem: Cow::Borrowed("unknown problem parsing YAML content"),
            at: self.mark,
            context: Mark::default(),
        })
    }

    /// The next token, taken out.
    ///
    /// Mirrors: skip_token, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    pub(super) fn take(&mut self) -> Result<Token<'a>, SyntaxError> {
        self.peek()?;
        self.token_available = false;
        self.tokens_parsed += 1;
        let token = self.tokens.pop_front().expect("peek has just found a token");
        self.ended = token.kind == TokenKind::StreamEnd;
        Ok(token)
    }

    /// Mirrors: yaml_parser_fetch_more_tokens, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_more_tokens(&mut self) -> Result<(), SyntaxError> {
        loop {
            if !self.tokens.is_empty() {
                // The first token may still turn out to begin a key.
                let Some(index) = self.simple_key_of_token.get(self.tokens_parsed) else { break };
                if !self.simple_key_is_valid(index)? {
                    break;
                }
            }
            if self.ended {
                break;
            }
            self.fetch_next_token()?;
        }
        self.token_available = true;
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_next_token, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_next_token(&mut self) -> Result<(), SyntaxError> {
        self.ensure(1)?;
        if !self.started {
            self.fetch_stream_start();
            return Ok(());
        }
        self.scan_to_next_token()?;
        self.unroll_indent(Some(self.mark.column));
        self.ensure(4)?;

        let in_block = self.flow_level == 0;
        let first = self.byte(0);
        match first {
            0 => return self.fetch_stream_end(),
            b'%' if self.mark.column == 0 => return self.fetch_directive(),
            b'-' | b'.' if self.at_document_indicator() => {
                let kind = match first {
                    b'-' => TokenKind::DocumentStart,
                    _ => TokenKind::DocumentEnd,
                };
                return self.fetch_document_indicator(kind);
            }
            b'[' => return self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => return self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => return self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => return self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => return self.fetch_flow_entry(),
            b'-' if self.is_blank_or_end(1) => return self.fetch_block_entry(),
            b'?' if !in_block || self.is_blank_or_end(1) => return self.fetch_key(),
            b':' if !in_block || self.is_blank_or_end(1) => return self.fetch_value(),
            b'*' | b'&' => return self.fetch_anchor(),
            b'!' => return self.fetch_tag(),
            b'|' if in_block => return self.fetch_block_scalar(true),
            b'>' if in_block => return self.fetch_block_scalar(false),
            b'\'' => return self.fetch_quoted(true),
            b'"' => return self.fetch_quoted(false),
            _ => {}
        }
        let starts_plain = match first {
            b'-' => !is_blank(self.byte(1)),
            b'?' | b':' => in_block && !self.is_blank_or_end(1),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => false,
            _ => !self.is_blank_or_end(0),
        };
        if starts_plain {
            return self.fetch_plain();
        }
        Err(self.error(self.mark, "found character that cannot start any token"))
    }

    // ---- simple keys

    /// Mirrors: yaml_simple_key_is_valid, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn simple_key_is_valid(&mut self, index: usize) -> Result<bool, SyntaxError> {
        let here = self.mark;
        let Some(key) = self.simple_keys.get_mut(index) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < here.line || key.mark.index + MAX_SIMPLE_KEY < here.index {
            if key.required {
                let context = key.mark;
                return Err(self.error(context, "could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn next_token_number(&self) -> usize {
        self.tokens_parsed + self.tokens.len()
    }

    /// Mirrors: yaml_parser_save_simple_key, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn save_simple_key(&mut self) -> Result<(), SyntaxError> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let key = SimpleKey {
            possible: true,
            required: self.flow_level == 0 && self.indent == Some(self.mark.column),
            token_number: self.next_token_number(),
            mark: self.mark,
        };
        self.remove_simple_key()?;
        let index = self.simple_keys.len().saturating_sub(1);
        if let Some(last) = self.simple_keys.last_mut() {
            *last = key;
        }
        self.simple_key_of_token.insert(key.token_number, index);
        Ok(())
    }

    /// Mirrors: yaml_parser_remove_simple_key, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn remove_simple_key(&mut self) -> Result<(), SyntaxError> {
        let Some(key) = self.simple_keys.last_mut() else { return Ok(()) };
        if !key.possible {
            return Ok(());
        }
        let key_was = *key;
        if key_was.required {
            return Err(self.error(key_was.mark, "could not find expected ':'"));
        }
        key.possible = false;
        self.simple_key_of_token.remove(key_was.token_number);
        Ok(())
    }

    // ---- indentation

    /// Opens a block collection at `column` if that is further in; its token goes to the end of
    /// the queue, or in front of the token `number`.
    ///
    /// Mirrors: yaml_parser_roll_indent, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn roll_indent(
        &mut self,
        column: usize,
        number: Option<usize>,
        kind: TokenKind<'a>,
        mark: Mark,
    ) -> Result<(), SyntaxError> {
        if 0 < self.flow_level || Some(column) <= self.indent {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = Some(column);
        if MAX_DEPTH < self.indents.len() {
            let context = self.simple_keys.last().map(|it| it.mark).unwrap_or_default();
            return Err(self.error(context, format!("exceeded max depth of {MAX_DEPTH}")));
        }
        self.insert(number, Token { kind, start: mark, end: mark });
        Ok(())
    }

    /// Closes the block collections that are further in than `column`; all, when there is none.
    ///
    /// Mirrors: yaml_parser_unroll_indent, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn unroll_indent(&mut self, column: Option<usize>) {
        if 0 < self.flow_level {
            return;
        }
        while column < self.indent {
            self.append(TokenKind::BlockEnd, self.mark);
            self.indent = self.indents.pop().flatten();
        }
    }

    // ---- tokens without content

    /// Mirrors: yaml_parser_fetch_stream_start, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_stream_start(&mut self) {
        self.simple_keys.push(SimpleKey::default());
        self.simple_key_allowed = true;
        self.started = true;
        self.append(TokenKind::StreamStart, self.mark);
    }

    /// Mirrors: yaml_parser_fetch_stream_end, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_stream_end(&mut self) -> Result<(), SyntaxError> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll_indent(None);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.append(TokenKind::StreamEnd, self.mark);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_document_indicator, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    fn fetch_document_indicator(&mut self, kind: TokenKind<'a>) -> Result<(), SyntaxError> {
        self.unroll_indent(None);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        self.skip();
        self.skip();
        self.skip();
        self.append(kind, start);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_flow_collection_start and yaml_parser_increase_flow_level,
    /// sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_keys.push(SimpleKey {
            token_number: self.next_token_number(),
            mark: self.mark,
            ..SimpleKey::default()
        });
        self.flow_level += 1;
        if MAX_DEPTH < self.flow_level {
            return Err(self.error(self.mark, format!("exceeded max depth of {MAX_DEPTH}")));
        }
        self.simple_key_allowed = true;
        self.single(kind);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_flow_collection_end and yaml_parser_decrease_flow_level,
    /// sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Result<(), SyntaxError> {
        self.remove_simple_key()?;
        if 0 < self.flow_level {
            self.flow_level -= 1;
            if let Some(last) = self.simple_keys.pop() {
                // This is also the number of the opening token, unless a key came after it; so
                // an empty collection loses its claim to be a key itself.
                self.simple_key_of_token.remove(last.token_number);
            }
        }
        self.simple_key_allowed = false;
        self.single(kind);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_flow_entry, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_flow_entry(&mut self) -> Result<(), SyntaxError> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.single(TokenKind::FlowEntry);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_block_entry, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_block_entry(&mut self) -> Result<(), SyntaxError> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(
                    self.error(self.mark, "block sequence entries are not allowed in this context")
                );
            }
            let here = self.mark;
            self.roll_indent(here.column, None, TokenKind::BlockSequenceStart, here)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.single(TokenKind::BlockEntry);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_key, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_key(&mut self) -> Result<(), SyntaxError> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error(self.mark, "mapping keys are not allowed in this context"));
            }
            let here = self.mark;
            self.roll_indent(here.column, None, TokenKind::BlockMappingStart, here)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.single(TokenKind::Key);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_value, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn fetch_value(&mut self) -> Result<(), SyntaxError> {
        let last = self.simple_keys.len().saturating_sub(1);
        if self.simple_key_is_valid(last)? {
            let key = self.simple_keys.get(last).copied().unwrap_or_default();
            let mark = key.mark;
            let token = Token { kind: TokenKind::Key, start: mark, end: mark };
            self.insert(Some(key.token_number), token);
            let number = Some(key.token_number);
            self.roll_indent(mark.column, number, TokenKind::BlockMappingStart, mark)?;
            if let Some(key) = self.simple_keys.get_mut(last) {
                key.possible = false;
            }
            self.simple_key_of_token.remove(key.token_number);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(
                        self.error(self.mark, "mapping values are not allowed in this context")
                    );
                }
                let here = self.mark;
                self.roll_indent(here.column, None, TokenKind::BlockMappingStart, here)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.single(TokenKind::Value);
        Ok(())
    }

    /// Mirrors: yaml_parser_fetch_anchor and yaml_parser_scan_anchor, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    fn fetch_anchor(&mut self) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let alias = self.byte(0) == b'*';
        self.skip();
        self.ensure(1)?;
        let name = self.take_word()?;
        let closed = self.is_blank_or_end(0)
            || matches!(self.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !closed {
            return Err(self.error(start, "did not find expected alphabetic or numeric character"));
        }
        self.append(if alias { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }

    // ---- white space

    /// Mirrors: yaml_parser_scan_to_next_token, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn scan_to_next_token(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.ensure(1)?;
            if self.mark.column == 0 && self.buffer_starts_with_byte_order_mark() {
                self.skip();
            }
            self.ensure(1)?;
            while self.byte(0) == b' '
                || self.byte(0) == b'\t' && (0 < self.flow_level || !self.simple_key_allowed)
            {
                self.skip();
                self.ensure(1)?;
            }
            self.skip_comment()?;
            if self.line_break(0) == 0 {
                return Ok(());
            }
            self.ensure(2)?;
            self.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// go-yaml looks for a byte order mark where its buffer begins, wherever in it the scanner
    /// may be.
    fn buffer_starts_with_byte_order_mark(&self) -> bool {
        self.window.as_ref().is_some_and(|it| {
            self.text.get(it.start..).is_some_and(|it| it.starts_with(BYTE_ORDER_MARK))
        })
    }

    fn skip_blanks(&mut self) -> Result<(), SyntaxError> {
        while is_blank(self.byte(0)) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(())
    }

    fn skip_comment(&mut self) -> Result<(), SyntaxError> {
        if self.byte(0) == b'#' {
            let (end, characters) = chars::line_end(self.bytes, self.mark.at);
            self.run_to(end, characters, 1)?;
        }
        Ok(())
    }

    // ---- characters

    /// The byte `ahead` of the current one; 0 behind the end, since no text holds a NUL.
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.mark.at + ahead).copied().unwrap_or(0)
    }

    /// Bytes of the line break there; 0 where there is none, and 1 for each half of CR LF.
    fn line_break(&self, ahead: usize) -> usize {
        chars::line_break(self.bytes, self.mark.at + ahead)
    }

    /// Whether a blank, a line break or the end stands there.
    fn is_blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | 0) || self.line_break(ahead) != 0
    }

    /// Whether a line break or the end stands there.
    fn is_break_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.line_break(ahead) != 0
    }

    /// Whether `---` or `...` begins the line, as a word of its own.
    fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!(
                (self.byte(0), self.byte(1), self.byte(2)),
                (b'-', b'-', b'-') | (b'.', b'.', b'.')
            )
            && self.is_blank_or_end(3)
    }

    /// Makes sure that go-yaml would have `wanted` characters from here on.
    fn ensure(&mut self, wanted: usize) -> Result<(), SyntaxError> {
        let Some(window) = &mut self.window else { return Ok(()) };
        window.ensure(self.input, self.mark.at, wanted).map_err(|it| self.reader_error(it))
    }

    /// Goes one character ahead.
    ///
    /// Mirrors: skip, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn skip(&mut self) {
        self.mark.at += chars::width(self.byte(0));
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Goes ahead over a run of characters without line breaks, as if one by one with `wanted`
    /// characters made sure of after each.
    fn run_to(&mut self, end: usize, characters: usize, wanted: usize) -> Result<(), SyntaxError> {
        if self.window.is_none() {
            self.mark.at = end;
            self.mark.index += characters;
            self.mark.column += characters;
            return Ok(());
        }
        while self.mark.at < end {
            self.skip();
            self.ensure(wanted)?;
        }
        Ok(())
    }

    /// Goes ahead over a line break, and says what it counts for in a value.
    ///
    /// Mirrors: skip_line and read_line, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn skip_line(&mut self) -> &'static str {
        let (width, characters, value) = match (self.byte(0), self.byte(1)) {
            (b'\r', b'\n') => (2, 2, "\n"),
            (b'\r' | b'\n', _) => (1, 1, "\n"),
            (0xC2, _) => (2, 1, "\n"),
            (0xE2, _) if self.byte(2) == 0xA8 => (3, 1, "\u{2028}"),
            (0xE2, _) => (3, 1, "\u{2029}"),
            _ => return "",
        };
        self.mark.at += width;
        self.mark.index += characters;
        self.mark.column = 0;
        self.mark.line += 1;
        value
    }

    /// Takes letters, digits, `_` and `-`.
    fn take_word(&mut self) -> Result<&'a str, SyntaxError> {
        let start = self.mark.at;
        while is_word(self.byte(0)) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(self.slice(start, self.mark.at))
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    // ---- the queue

    /// Appends a token that ends here.
    fn append(&mut self, kind: TokenKind<'a>, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark });
    }

    /// Appends a token of one character, and goes over it.
    fn single(&mut self, kind: TokenKind<'a>) {
        let start = self.mark;
        self.skip();
        self.append(kind, start);
    }

    /// Puts a token in front of the one with that number, or last when that one is gone.
    ///
    /// Mirrors: yaml_insert_token, sigs.k8s.io/yaml v1.4.0 goyaml.v2/apic.go.
    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        match number.and_then(|it| it.checked_sub(self.tokens_parsed)) {
            Some(at) if at < self.tokens.len() => self.tokens.insert(at, token),
            _ => self.tokens.push_back(token),
        }
    }

    // ---- errors

    fn error(&self, context: Mark, problem: impl Into<Cow<'static, str>>) -> SyntaxError {
        SyntaxError { stage: Stage::Scanner, problem: problem.into(), at: self.mark, context }
    }

    fn reader_error(&self, fault: Fault) -> SyntaxError {
        let before = self.slice(self.mark.at, fault.at);
        let mut at = Mark { at: fault.at, ..self.mark };
        for character in before.chars() {
            at.index += 1;
            at.column += 1;
            if character == '\n' {
                at.line += 1;
                at.column = 0;
            }
        }
        SyntaxError {
            stage: Stage::Reader,
            problem: Cow::Borrowed(fault.problem),
            at,
            context: Mark::default(),
        }
    }
}
