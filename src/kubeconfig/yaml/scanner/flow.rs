//! Plain and quoted scalars.

use super::{
    super::chars::{self, is_blank},
    Content, Mark, Scanner, Style, SyntaxError, Token, TokenKind,
};

/// A value under construction: a slice of the text as long as that is possible.
struct Builder {
    /// What had to be put together.
    owned: Option<String>,
    /// Where the slice begins that comes after `owned`.
    start: usize,
    /// Where it ends.
    end: usize,
}

impl Builder {
    fn new(at: usize) -> Builder {
        Builder { owned: None, start: at, end: at }
    }

    /// Closes the slice, adds `text` that is not in the source, and goes on at `next`.
    fn splice(&mut self, source: &str, text: &str, next: usize) {
        let owned = self.owned.get_or_insert_default();
        owned.push_str(source.get(self.start..self.end).unwrap_or_default());
        owned.push_str(text);
        self.start = next;
        self.end = next;
    }

    fn finish(mut self, source: &str) -> Content {
        if self.owned.is_some() {
            self.splice(source, "", 0);
        }
        match self.owned {
            Some(owned) => Content::Written(owned),
            None => Content::Source(self.start, self.end),
        }
    }
}

/// What a row of line breaks inside a scalar stands for: one becomes a space, of several the
/// first is dropped; U+2028 and U+2029 stay.
fn fold(leading: &str, trailing: &str) -> String {
    match (leading, trailing) {
        ("\n", "") => " ".to_owned(),
        ("\n", _) => trailing.to_owned(),
        _ => format!("{leading}{trailing}"),
    }
}

impl Scanner<'_> {
    /// Mirrors: yaml_parser_fetch_plain_scalar and yaml_parser_scan_plain_scalar,
    /// sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    pub(super) fn fetch_plain(&mut self) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;

        let start = self.mark;
        let mut end = self.mark;
        let least_column = self.indent.map_or(0, |it| it + 1);
        let mut value = Builder::new(start.at);
        let mut folded: Option<(&'static str, String)> = None;
        loop {
            self.ensure(4)?;
            if self.at_document_indicator() || self.byte(0) == b'#' {
                break;
            }
            let (word_end, characters) = self.plain_word();
            if self.mark.at < word_end {
                if let Some((leading, trailing)) = folded.take() {
                    value.splice(self.text, &fold(leading, &trailing), self.mark.at);
                }
                self.run_to(word_end, characters, 2)?;
                value.end = word_end;
                end = self.mark;
            }
            if !is_blank(self.byte(0)) && self.line_break(0) == 0 {
                break;
            }
            self.ensure(1)?;
            self.plain_gap(&mut folded, least_column)?;
            if self.flow_level == 0 && self.mark.column < least_column {
                break;
            }
        }
        if folded.is_some() {
            self.simple_key_allowed = true;
        }
        let value = value.finish(self.text);
        let kind = TokenKind::Scalar { value, style: Style::Plain };
        self.tokens.push_back(Token { kind, start, end });
        Ok(())
    }

    /// How far the word goes that a plain scalar goes on with.
    fn plain_word(&self) -> (usize, usize) {
        let in_flow = 0 < self.flow_level;
        let stops = |at: usize, byte: u8| match byte {
            b' ' | b'\t' => true,
            b':' => {
                matches!(self.bytes.get(at + 1), None | Some(b' ' | b'\t'))
                    || chars::line_break(self.bytes, at + 1) != 0
            }
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => in_flow,
            _ => false,
        };
        chars::run(self.bytes, self.mark.at, stops, &chars::PLAIN)
    }

    /// Goes over blanks and line breaks inside a plain scalar. `folded` is set from the first
    /// line break on: that one, and those after it.
    fn plain_gap(
        &mut self,
        folded: &mut Option<(&'static str, String)>,
        least_column: usize,
    ) -> Result<(), SyntaxError> {
        let start = self.mark;
        loop {
            if is_blank(self.byte(0)) {
                let tab = self.byte(0) == b'\t';
                if folded.is_some() && self.mark.column < least_column && tab {
                    return Err(
                        self.error(start, "found a tab character that violates indentation")
                    );
                }
                self.skip();
            } else if self.line_break(0) != 0 {
                self.ensure(2)?;
                let line_break = self.skip_line();
                match folded {
                    None => *folded = Some((line_break, String::new())),
                    Some((_, trailing)) => trailing.push_str(line_break),
                }
            } else {
                return Ok(());
            }
            self.ensure(1)?;
        }
    }

    /// Mirrors: yaml_parser_fetch_flow_scalar and yaml_parser_scan_flow_scalar, sigs.k8s.io/yaml
    /// v1.4.0 goyaml.v2/scannerc.go.
    pub(super) fn fetch_quoted(&mut self, single: bool) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;

        let start = self.mark;
        self.skip();
        let quote = if single { b'\'' } else { b'"' };
        let classes = if single { &chars::SINGLE_QUOTED } else { &chars::DOUBLE_QUOTED };
        let mut value = Builder::new(self.mark.at);
        loop {
            self.ensure(4)?;
            if self.at_document_indicator() {
                return Err(self.error(start, "found unexpected document indicator"));
            }
            if self.byte(0) == 0 {
                return Err(self.error(start, "found unexpected end of stream"));
            }
            let mut leading_blanks = false;
            loop {
                let stops = |_, byte: u8| byte.is_ascii();
                let (end, characters) = chars::run(self.bytes, self.mark.at, stops, classes);
                self.run_to(end, characters, 2)?;
                value.end = end;
                match (self.byte(0), self.byte(1)) {
                    (b'\'', b'\'') if single => {
                        self.skip();
                        self.skip();
                        value.splice(self.text, "'", self.mark.at);
                    }
                    (b'\\', _) if !single && self.line_break(1) != 0 => {
                        self.ensure(3)?;
                        self.skip();
                        self.skip_line();
                        value.splice(self.text, "", self.mark.at);
                        leading_blanks = true;
                        break;
                    }
                    (b'\\', _) if !single => {
                        let character = self.escape(start)?;
                        let mut buffer = [0; 4];
                        let character = character.encode_utf8(&mut buffer);
                        value.splice(self.text, character, self.mark.at);
                    }
                    _ => break,
                }
                self.ensure(2)?;
            }
            self.ensure(1)?;
            if self.byte(0) == quote {
                break;
            }
            self.quoted_gap(&mut value, leading_blanks)?;
        }
        self.skip();
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        let value = value.finish(self.text);
        self.append(TokenKind::Scalar { value, style }, start);
        Ok(())
    }

    /// Goes over blanks and line breaks between quotes. After an escaped line break
    /// (`leading_blanks`) the blanks that follow are dropped.
    fn quoted_gap(
        &mut self,
        value: &mut Builder,
        mut leading_blanks: bool,
    ) -> Result<(), SyntaxError> {
        let mut leading = "";
        let mut trailing = String::new();
        loop {
            if is_blank(self.byte(0)) {
                self.skip();
            } else if self.line_break(0) != 0 {
                self.ensure(2)?;
                let line_break = self.skip_line();
                if leading_blanks {
                    trailing.push_str(line_break);
                } else {
                    leading = line_break;
                    leading_blanks = true;
                }
            } else {
                break;
            }
            self.ensure(1)?;
        }
        if leading_blanks {
            value.splice(self.text, &fold(leading, &trailing), self.mark.at);
        } else {
            value.end = self.mark.at;
        }
        Ok(())
    }

    /// Takes a backslash and what it stands for.
    fn escape(&mut self, start: Mark) -> Result<char, SyntaxError> {
        let (digits, character) = match self.byte(1) {
            b'0' => (0, '\0'),
            b'a' => (0, '\x07'),
            b'b' => (0, '\x08'),
            b't' | b'\t' => (0, '\t'),
            b'n' => (0, '\n'),
            b'v' => (0, '\x0B'),
            b'f' => (0, '\x0C'),
            b'r' => (0, '\r'),
            b'e' => (0, '\x1B'),
            b' ' => (0, ' '),
            b'"' => (0, '"'),
            b'\'' => (0, '\''),
            b'\\' => (0, '\\'),
            b'N' => (0, '\u{85}'),
            b'_' => (0, '\u{A0}'),
            b'L' => (0, '\u{2028}'),
            b'P' => (0, '\u{2029}'),
            b'x' => (2, '\0'),
            b'u' => (4, '\0'),
            b'U' => (8, '\0'),
            _ => return Err(self.error(start, "found unknown escape character")),
        };
        self.skip();
        self.skip();
        if digits == 0 {
            return Ok(character);
        }
        self.ensure(digits)?;
        let mut value: u64 = 0;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.byte(ahead)).to_digit(16) else {
                return Err(self.error(start, "did not find expected hexdecimal number"));
            };
            value = value << 4 | u64::from(digit);
        }
        let Some(character) = u32::try_from(value).ok().and_then(char::from_u32) else {
            return Err(self.error(start, "found invalid Unicode character escape code"));
        };
        for _ in 0..digits {
            self.skip();
        }
        Ok(character)
    }
}
