//! Directives and tags.

use super::{
    super::chars::{is_blank, is_word, width},
    Mark, Scanner, SyntaxError, Token, TokenKind,
};

impl Scanner<'_> {
    /// Mirrors: yaml_parser_fetch_directive and yaml_parser_scan_directive, sigs.k8s.io/yaml
    /// v1.4.0 goyaml.v2/scannerc.go.
    pub(super) fn fetch_directive(&mut self) -> Result<(), SyntaxError> {
        self.unroll_indent(None);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;

        let start = self.mark;
        self.skip();
        self.ensure(1)?;
        let name = self.take_word()?;
        if name.is_empty() {
            return Err(self.error(start, "could not find expected directive name"));
        }
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => self.version_directive(start)?,
            "TAG" => self.tag_directive(start)?,
            _ => return Err(self.error(start, "found unknown directive name")),
        };
        let end = self.mark;

        self.ensure(1)?;
        self.skip_blanks()?;
        self.skip_comment()?;
        if !self.is_break_or_end(0) {
            return Err(self.error(start, "did not find expected comment or line break"));
        }
        if self.line_break(0) != 0 {
            self.ensure(2)?;
            self.skip_line();
        }
        self.tokens.push_back(Token { kind, start, end });
        Ok(())
    }

    /// Mirrors: yaml_parser_scan_version_directive_value, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    fn version_directive<'a>(&mut self, start: Mark) -> Result<TokenKind<'a>, SyntaxError> {
        self.ensure(1)?;
        self.skip_blanks()?;
        let major = self.version_number(start)?;
        if self.byte(0) != b'.' {
            return Err(self.error(start, "did not find expected digit or '.' character"));
        }
        self.skip();
        let minor = self.version_number(start)?;
        Ok(TokenKind::VersionDirective { major, minor })
    }

    fn version_number(&mut self, start: Mark) -> Result<u8, SyntaxError> {
        self.ensure(1)?;
        let mut value = 0;
        let mut length = 0;
        while self.byte(0).is_ascii_digit() {
            length += 1;
            if 2 < length {
                return Err(self.error(start, "found extremely long version number"));
            }
            value = value * 10 + (self.byte(0) - b'0');
            self.skip();
            self.ensure(1)?;
        }
        if length == 0 {
            return Err(self.error(start, "did not find expected version number"));
        }
        Ok(value)
    }

    /// Mirrors: yaml_parser_scan_tag_directive_value, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    fn tag_directive<'a>(&mut self, start: Mark) -> Result<TokenKind<'a>, SyntaxError> {
        self.ensure(1)?;
        self.skip_blanks()?;
        let handle = self.tag_handle(true, start)?;
        self.ensure(1)?;
        if !is_blank(self.byte(0)) {
            return Err(self.error(start, "did not find expected whitespace"));
        }
        self.skip_blanks()?;
        let prefix = self.tag_uri("", start)?;
        self.ensure(1)?;
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective { handle, prefix })
    }

    /// Mirrors: yaml_parser_fetch_tag and yaml_parser_scan_tag, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    pub(super) fn fetch_tag(&mut self) -> Result<(), SyntaxError> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;

        let start = self.mark;
        self.ensure(2)?;
        let (handle, suffix) = if self.byte(1) == b'<' {
            self.skip();
            self.skip();
            let suffix = self.tag_uri("", start)?;
            if self.byte(0) != b'>' {
                return Err(self.error(start, "did not find the expected '>'"));
            }
            self.skip();
            (String::new(), suffix)
        } else {
            let handle = self.tag_handle(false, start)?;
            if 1 < handle.len() && handle.ends_with('!') {
                let suffix = self.tag_uri("", start)?;
                (handle, suffix)
            } else {
                match self.tag_uri(&handle, start)? {
                    // The tag `!` alone.
                    suffix if suffix.is_empty() => (suffix, "!".to_owned()),
                    suffix => ("!".to_owned(), suffix),
                }
            }
        };
        self.ensure(1)?;
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "did not find expected whitespace or line break"));
        }
        self.append(TokenKind::Tag { handle, suffix }, start);
        Ok(())
    }

    /// Mirrors: yaml_parser_scan_tag_handle, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn tag_handle(&mut self, directive: bool, start: Mark) -> Result<String, SyntaxError> {
        self.ensure(1)?;
        if self.byte(0) != b'!' {
            return Err(self.error(start, "did not find expected '!'"));
        }
        let from = self.mark.at;
        self.skip();
        self.ensure(1)?;
        let word = self.take_word()?;
        if self.byte(0) == b'!' {
            self.skip();
        } else if directive && !word.is_empty() {
            return Err(self.error(start, "did not find expected '!'"));
        }
        Ok(self.slice(from, self.mark.at).to_owned())
    }

    /// Takes the rest of a tag, of which `head` (with its `!`) has been taken already.
    ///
    /// Mirrors: yaml_parser_scan_tag_uri, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn tag_uri(&mut self, head: &str, start: Mark) -> Result<String, SyntaxError> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut found = !head.is_empty();
        self.ensure(1)?;
        loop {
            match self.byte(0) {
                b'%' => self.uri_escape(&mut uri, start)?,
                byte if is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    uri.push(byte);
                    self.skip();
                }
                _ => break,
            }
            self.ensure(1)?;
            found = true;
        }
        if !found {
            return Err(self.error(start, "did not find expected tag URI"));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// Takes as many `%XX` as make up one character.
    ///
    /// Mirrors: yaml_parser_scan_uri_escapes, sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    fn uri_escape(&mut self, uri: &mut Vec<u8>, start: Mark) -> Result<(), SyntaxError> {
        let mut left = None;
        while left != Some(0) {
            self.ensure(3)?;
            let digit = |ahead| char::from(self.byte(ahead)).to_digit(16);
            let octet = match (self.byte(0), digit(1), digit(2)) {
                (b'%', Some(high), Some(low)) => u8::try_from(high << 4 | low).unwrap_or(0),
                _ => return Err(self.error(start, "did not find URI escaped octet")),
            };
            left = Some(match left {
                None => match octet {
                    0x80..=0xBF | 0xF8.. => {
                        return Err(self.error(start, "found an incorrect leading UTF-8 octet"));
                    }
                    _ => width(octet) - 1,
                },
                Some(_) if octet & 0xC0 != 0x80 => {
                    return Err(self.error(start, "found an incorrect trailing UTF-8 octet"));
                }
                Some(left) => left - 1,
            });
            uri.push(octet);
            for _ in 0..3 {
                self.skip();
            }
        }
        Ok(())
    }
}
