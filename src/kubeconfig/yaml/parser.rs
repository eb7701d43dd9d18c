//! Tokens to events, by the grammar of YAML.
//!
//! A twin of libyaml's parser: a state machine with its own stack, so that no depth of nesting
//! reaches the stack of the program.

use std::borrow::Cow;

use super::{
    reader::Input,
    scanner::{Content, Mark, Scanner, Stage, Style, SyntaxError, Token, TokenKind},
};

/// What the parser sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventKind<'a> {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar {
        anchor: Option<&'a str>,
        /// The whole tag; empty when there is none.
        tag: String,
        value: Content,
        /// Whether the text itself decides what it is: it is plain and has no tag, or the tag `!`.
        implicit: bool,
    },
    SequenceStart {
        anchor: Option<&'a str>,
    },
    SequenceEnd,
    MappingStart {
        anchor: Option<&'a str>,
    },
    MappingEnd,
}

/// An event and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind<'a>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// Reads events on demand.
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    marks: Vec<Mark>,
    tag_directives: Vec<(String, String)>,
}

type Result<T> = std::result::Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Parser<'a> {
        Parser {
            scanner: Scanner::new(input),
            state: State::StreamStart,
            states: Vec::new(),
            marks: Vec::new(),
            tag_directives: Vec::new(),
        }
    }

    /// The next event.
    ///
    /// Mirrors: yaml_parser_state_machine, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    pub(super) fn next(&mut self) -> Result<Event<'a>> {
        match self.state {
            State::StreamStart => {
                self.state = State::ImplicitDocumentStart;
                let token = self.scanner.take()?;
                Ok(Event { kind: EventKind::StreamStart, start: token.start, end: token.end })
            }
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceFirstEntry => self.block_sequence_entry(true),
            State::BlockSequenceEntry => self.block_sequence_entry(false),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => self.block_mapping_key(true),
            State::BlockMappingKey => self.block_mapping_key(false),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceEntryMappingKey => self.flow_sequence_entry_mapping_key(),
            State::FlowSequenceEntryMappingValue => self.flow_sequence_entry_mapping_value(),
            State::FlowSequenceEntryMappingEnd => self.flow_sequence_entry_mapping_end(),
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => {
                let at = Mark::default();
                Ok(Event { kind: EventKind::StreamEnd, start: at, end: at })
            }
        }
    }

    // ---- documents

    /// Mirrors: yaml_parser_parse_document_start, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    fn document_start(&mut self, implicit: bool) -> Result<Event<'a>> {
        if !implicit {
            while self.scanner.peek()?.kind == TokenKind::DocumentEnd {
                self.scanner.take()?;
            }
        }
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            TokenKind::StreamEnd => {
                self.state = State::End;
                self.scanner.take()?;
                Ok(Event { kind: EventKind::StreamEnd, start, end })
            }
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart => self.explicit_document_start(start),
            _ if !implicit => self.explicit_document_start(start),
            _ => {
                self.directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(Event { kind: EventKind::DocumentStart, start, end })
            }
        }
    }

    fn explicit_document_start(&mut self, start: Mark) -> Result<Event<'a>> {
        self.directives()?;
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::DocumentStart {
            let at = token.start;
            return Err(error("did not find expected <document start>", at));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        let end = self.scanner.take()?.end;
        Ok(Event { kind: EventKind::DocumentStart, start, end })
    }

    /// Mirrors: yaml_parser_parse_document_content, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn document_content(&mut self) -> Result<Event<'a>> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let at = token.start;
                self.pop_state();
                Ok(empty_scalar(at))
            }
            _ => self.node(true, false),
        }
    }

    /// Mirrors: yaml_parser_parse_document_end, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    fn document_end(&mut self) -> Result<Event<'a>> {
        let token = self.scanner.peek()?;
        let start = token.start;
        let mut end = start;
        if token.kind == TokenKind::DocumentEnd {
            end = self.scanner.take()?.end;
        }
        self.tag_directives.clear();
        self.state = State::DocumentStart;
        Ok(Event { kind: EventKind::DocumentEnd, start, end })
    }

    /// Mirrors: yaml_parser_process_directives, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    fn directives(&mut self) -> Result<()> {
        let mut versioned = false;
        loop {
            let token = self.scanner.peek()?;
            let at = token.start;
            match &token.kind {
                TokenKind::VersionDirective { .. } if versioned => {
                    return Err(error("found duplicate %YAML directive", at));
                }
                TokenKind::VersionDirective { major: 1, minor: 1 } => versioned = true,
                TokenKind::VersionDirective { .. } => {
                    return Err(error("found incompatible YAML document", at));
                }
                TokenKind::TagDirective { handle, prefix } => {
                    if self.tag_directives.iter().any(|(it, _)| it == handle) {
                        return Err(error("found duplicate %TAG directive", at));
                    }
                    self.tag_directives.push((handle.clone(), prefix.clone()));
                }
                _ => break,
            }
            self.scanner.take()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", super::TAG_PREFIX)] {
            if self.tag_directives.iter().all(|(it, _)| it != handle) {
                self.tag_directives.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    // ---- nodes

    /// Mirrors: yaml_parser_parse_node, sigs.k8s.io/yaml v1.4.0 goyaml.v2/parserc.go.
    fn node(&mut self, block: bool, indentless_sequence: bool) -> Result<Event<'a>> {
        let token = self.scanner.peek()?;
        if let TokenKind::Alias(name) = token.kind {
            self.pop_state();
            let token = self.scanner.take()?;
            return Ok(Event { kind: EventKind::Alias(name), start: token.start, end: token.end });
        }
        let start = token.start;
        let properties = self.properties(start)?;
        let tag = self.resolve_tag(&properties, start)?;
        let anchor = properties.anchor;

        let token = self.scanner.peek()?;
        let content = token.start;
        let (kind, state, end) = match &token.kind {
            TokenKind::BlockEntry if indentless_sequence => {
                let kind = EventKind::SequenceStart { anchor };
                (kind, State::IndentlessSequenceEntry, token.end)
            }
            TokenKind::Scalar { .. } => return self.scalar(start, anchor, tag),
            TokenKind::FlowSequenceStart => {
                let kind = EventKind::SequenceStart { anchor };
                (kind, State::FlowSequenceFirstEntry, token.end)
            }
            TokenKind::FlowMappingStart => {
                let kind = EventKind::MappingStart { anchor };
                (kind, State::FlowMappingFirstKey, token.end)
            }
            TokenKind::BlockSequenceStart if block => {
                let kind = EventKind::SequenceStart { anchor };
                (kind, State::BlockSequenceFirstEntry, token.end)
            }
            TokenKind::BlockMappingStart if block => {
                let kind = EventKind::MappingStart { anchor };
                (kind, State::BlockMappingFirstKey, token.end)
            }
            _ if anchor.is_some() || !tag.is_empty() => {
                self.pop_state();
                let implicit = tag.is_empty();
                let value = Content::Source(0, 0);
                let kind = EventKind::Scalar { anchor, tag, value, implicit };
                return Ok(Event { kind, start, end: properties.end });
            }
            _ => {
                return Err(SyntaxError {
                    context: start,
                    ..error("did not find expected node content", content)
                });
            }
        };
        self.state = state;
        Ok(Event { kind, start, end })
    }

    fn scalar(&mut self, start: Mark, anchor: Option<&'a str>, tag: String) -> Result<Event<'a>> {
        let Token { kind: TokenKind::Scalar { value, style }, end, .. } = self.scanner.take()?
        else {
            return Err(error("did not find expected node content", start));
        };
        self.pop_state();
        let implicit = tag.is_empty() && style == Style::Plain || tag == "!";
        Ok(Event { kind: EventKind::Scalar { anchor, tag, value, implicit }, start, end })
    }

    /// Takes an anchor and a tag, in any order.
    fn properties(&mut self, start: Mark) -> Result<Properties<'a>> {
        let mut properties = Properties { anchor: None, tag: None, end: start };
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => {
                    properties.anchor = Some(name);
                    properties.end = self.scanner.take()?.end;
                }
                TokenKind::Tag { .. } if properties.tag.is_none() => {
                    let token = self.scanner.take()?;
                    properties.end = token.end;
                    properties.tag = Some(token);
                }
                _ => return Ok(properties),
            }
        }
    }

    fn resolve_tag(&self, properties: &Properties<'_>, start: Mark) -> Result<String> {
        let Some(Token { kind: TokenKind::Tag { handle, suffix }, start: at, .. }) =
            &properties.tag
        else {
            return Ok(String::new());
        };
        if handle.is_empty() {
            return Ok(suffix.clone());
        }
        let known = self.tag_directives.iter().find(|(it, _)| it == handle);
        match known {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}")),
            None => Err(SyntaxError { context: start, ..error("found undefined tag handle", *at) }),
        }
    }

    // ---- block collections

    /// Mirrors: yaml_parser_parse_block_sequence_entry, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn block_sequence_entry(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.open()?;
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::BlockEntry => {
                let end = self.scanner.take()?.end;
                self.state = State::BlockSequenceEntry;
                match self.scanner.peek()?.kind {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => Ok(empty_scalar(end)),
                    _ => self.nested(true, false),
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => {
                let at = token.start;
                Err(self.error_in_collection("did not find expected '-' indicator", at))
            }
        }
    }

    /// Mirrors: yaml_parser_parse_indentless_sequence_entry, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn indentless_sequence_entry(&mut self) -> Result<Event<'a>> {
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::BlockEntry {
            let at = token.start;
            self.pop_state();
            return Ok(Event { kind: EventKind::SequenceEnd, start: at, end: at });
        }
        let end = self.scanner.take()?.end;
        self.state = State::IndentlessSequenceEntry;
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(empty_scalar(end))
            }
            _ => self.nested(true, false),
        }
    }

    /// Mirrors: yaml_parser_parse_block_mapping_key, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn block_mapping_key(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.open()?;
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Key => {
                let end = self.scanner.take()?.end;
                self.state = State::BlockMappingValue;
                match self.scanner.peek()?.kind {
                    TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                        Ok(empty_scalar(end))
                    }
                    _ => self.nested(true, true),
                }
            }
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => {
                let at = token.start;
                Err(self.error_in_collection("did not find expected key", at))
            }
        }
    }

    /// Mirrors: yaml_parser_parse_block_mapping_value, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn block_mapping_value(&mut self) -> Result<Event<'a>> {
        let token = self.scanner.peek()?;
        self.state = State::BlockMappingKey;
        if token.kind != TokenKind::Value {
            return Ok(empty_scalar(token.start));
        }
        let end = self.scanner.take()?.end;
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(empty_scalar(end)),
            _ => self.nested(true, true),
        }
    }

    // ---- flow collections

    /// Mirrors: yaml_parser_parse_flow_sequence_entry, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_sequence_entry(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.open()?;
        }
        if self.scanner.peek()?.kind != TokenKind::FlowSequenceEnd {
            if !first {
                self.flow_separator("did not find expected ',' or ']'")?;
            }
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::Key => {
                    self.state = State::FlowSequenceEntryMappingKey;
                    let token = self.scanner.take()?;
                    let kind = EventKind::MappingStart { anchor: None };
                    return Ok(Event { kind, start: token.start, end: token.end });
                }
                TokenKind::FlowSequenceEnd => {}
                _ => {
                    self.state = State::FlowSequenceEntry;
                    return self.nested(false, false);
                }
            }
        }
        self.close(EventKind::SequenceEnd)
    }

    /// Mirrors: yaml_parser_parse_flow_sequence_entry_mapping_key, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_sequence_entry_mapping_key(&mut self) -> Result<Event<'a>> {
        self.state = State::FlowSequenceEntryMappingValue;
        match self.scanner.peek()?.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                Ok(empty_scalar(self.scanner.take()?.end))
            }
            _ => self.nested(false, false),
        }
    }

    /// Mirrors: yaml_parser_parse_flow_sequence_entry_mapping_value, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_sequence_entry_mapping_value(&mut self) -> Result<Event<'a>> {
        self.state = State::FlowSequenceEntryMappingEnd;
        let outer = self.scanner.peek()?.start;
        if self.scanner.peek()?.kind == TokenKind::Value {
            self.scanner.take()?;
            match self.scanner.peek()?.kind {
                TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {}
                _ => return self.nested(false, false),
            }
        }
        Ok(empty_scalar(outer))
    }

    /// Mirrors: yaml_parser_parse_flow_sequence_entry_mapping_end, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_sequence_entry_mapping_end(&mut self) -> Result<Event<'a>> {
        let at = self.scanner.peek()?.start;
        self.state = State::FlowSequenceEntry;
        Ok(Event { kind: EventKind::MappingEnd, start: at, end: at })
    }

    /// Mirrors: yaml_parser_parse_flow_mapping_key, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.open()?;
        }
        if self.scanner.peek()?.kind != TokenKind::FlowMappingEnd {
            if !first {
                self.flow_separator("did not find expected ',' or '}'")?;
            }
            match self.scanner.peek()?.kind {
                TokenKind::Key => {
                    self.scanner.take()?;
                    self.state = State::FlowMappingValue;
                    let token = self.scanner.peek()?;
                    return match token.kind {
                        TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                            Ok(empty_scalar(token.start))
                        }
                        _ => self.nested(false, false),
                    };
                }
                TokenKind::FlowMappingEnd => {}
                _ => {
                    self.state = State::FlowMappingEmptyValue;
                    return self.nested(false, false);
                }
            }
        }
        self.close(EventKind::MappingEnd)
    }

    /// Mirrors: yaml_parser_parse_flow_mapping_value, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/parserc.go.
    fn flow_mapping_value(&mut self, empty: bool) -> Result<Event<'a>> {
        self.state = State::FlowMappingKey;
        if !empty && self.scanner.peek()?.kind == TokenKind::Value {
            self.scanner.take()?;
            match self.scanner.peek()?.kind {
                TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {}
                _ => return self.nested(false, false),
            }
        }
        Ok(empty_scalar(self.scanner.peek()?.start))
    }

    /// Takes the comma between two entries.
    fn flow_separator(&mut self, problem: &'static str) -> Result<()> {
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::FlowEntry {
            let at = token.start;
            return Err(self.error_in_collection(problem, at));
        }
        self.scanner.take()?;
        Ok(())
    }

    // ---- what all of them do

    /// Parses a node, after which the current state goes on.
    fn nested(&mut self, block: bool, indentless_sequence: bool) -> Result<Event<'a>> {
        self.states.push(self.state);
        self.node(block, indentless_sequence)
    }

    /// Takes the token that opens a collection.
    fn open(&mut self) -> Result<()> {
        let token = self.scanner.take()?;
        self.marks.push(token.start);
        Ok(())
    }

    /// Takes the token that closes a collection.
    fn close(&mut self, kind: EventKind<'a>) -> Result<Event<'a>> {
        self.pop_state();
        self.marks.pop();
        let token = self.scanner.take()?;
        Ok(Event { kind, start: token.start, end: token.end })
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn error_in_collection(&mut self, problem: &'static str, at: Mark) -> SyntaxError {
        SyntaxError { context: self.marks.pop().unwrap_or_default(), ..error(problem, at) }
    }
}

struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<Token<'a>>,
    end: Mark,
}

/// A node that is not written at all.
fn empty_scalar<'a>(at: Mark) -> Event<'a> {
    let value = Content::Source(0, 0);
    let kind = EventKind::Scalar { anchor: None, tag: String::new(), value, implicit: true };
    Event { kind, start: at, end: at }
}

fn error(problem: &'static str, at: Mark) -> SyntaxError {
    let problem = Cow::Borrowed(problem);
    SyntaxError { stage: Stage::Parser, problem, at, context: Mark::default() }
}
