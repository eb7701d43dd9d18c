//! Block scalars: `|` and `>`.

use super::{
    super::chars::{self, is_blank},
    Content, Mark, Scanner, Style, SyntaxError, Token, TokenKind,
};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// `-`: all go.
    Strip,
    /// One stays.
    Clip,
    /// `+`: all stay.
    Keep,
}

impl Scanner<'_> {
    /// Mirrors: yaml_parser_fetch_block_scalar and yaml_parser_scan_block_scalar,
    /// sigs.k8s.io/yaml v1.4.0 goyaml.v2/scannerc.go.
    pub(super) fn fetch_block_scalar(&mut self, literal: bool) -> Result<(), SyntaxError> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;

        let start = self.mark;
        let (chomping, increment) = self.block_header(start)?;
        let mut end = self.mark;
        let mut indent = increment.map(|it| self.indent.unwrap_or(0) + it);
        let mut trailing = String::new();
        self.block_breaks(&mut indent, &mut trailing, start, &mut end)?;

        self.ensure(1)?;
        let mut value = String::new();
        let mut leading = "";
        let mut leading_blank = false;
        while Some(self.mark.column) == indent && self.byte(0) != 0 {
            let blank = is_blank(self.byte(0));
            if !literal && leading == "\n" && !leading_blank && !blank {
                if trailing.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(leading);
            }
            value.push_str(&trailing);
            trailing.clear();
            leading_blank = blank;

            let from = self.mark.at;
            let (to, characters) = chars::line_end(self.bytes, from);
            self.run_to(to, characters, 1)?;
            value.push_str(self.slice(from, to));
            self.ensure(2)?;
            leading = self.skip_line();
            self.block_breaks(&mut indent, &mut trailing, start, &mut end)?;
        }
        if chomping != Chomping::Strip {
            value.push_str(leading);
        }
        if chomping == Chomping::Keep {
            value.push_str(&trailing);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let kind = TokenKind::Scalar { value: Content::Written(value), style };
        self.tokens.push_back(Token { kind, start, end });
        Ok(())
    }

    /// Takes the indicator, what modifies it, and the rest of the line.
    fn block_header(&mut self, start: Mark) -> Result<(Chomping, Option<usize>), SyntaxError> {
        self.skip();
        self.ensure(1)?;
        let mut chomping = self.chomping();
        if chomping.is_some() {
            self.ensure(1)?;
        }
        let mut increment = None;
        if self.byte(0).is_ascii_digit() {
            if self.byte(0) == b'0' {
                return Err(self.error(start, "found an indentation indicator equal to 0"));
            }
            increment = Some(usize::from(self.byte(0) - b'0'));
            self.skip();
            if chomping.is_none() {
                self.ensure(1)?;
                chomping = self.chomping();
            }
        }
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
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.skip();
        Some(chomping)
    }

    /// Goes over empty lines and the indentation of the next one, which sets `indent` when it is
    /// not known yet.
    ///
    /// Mirrors: yaml_parser_scan_block_scalar_breaks, sigs.k8s.io/yaml v1.4.0
    /// goyaml.v2/scannerc.go.
    fn block_breaks(
        &mut self,
        indent: &mut Option<usize>,
        breaks: &mut String,
        start: Mark,
        end: &mut Mark,
    ) -> Result<(), SyntaxError> {
        *end = self.mark;
        let mut widest = 0;
        loop {
            self.ensure(1)?;
            let inside = |column: usize| indent.is_none_or(|it| column < it);
            while inside(self.mark.column) && self.byte(0) == b' ' {
                self.skip();
                self.ensure(1)?;
            }
            widest = widest.max(self.mark.column);
            if inside(self.mark.column) && self.byte(0) == b'\t' {
                return Err(self
                    .error(start, "found a tab character where an indentation space is expected"));
            }
            if self.line_break(0) == 0 {
                break;
            }
            self.ensure(2)?;
            breaks.push_str(self.skip_line());
            *end = self.mark;
        }
        if indent.is_none() {
            *indent = Some(widest.max(self.indent.map_or(0, |it| it + 1)).max(1));
        }
        Ok(())
    }
}
