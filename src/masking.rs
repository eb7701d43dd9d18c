//! Takes secrets out of texts that are not secret as a whole: URLs, arguments, messages.
//!
//! What cannot be told apart for sure is judged by the name that it goes by and by its shape,
//! and rather masked once too often.

use std::borrow::Cow;

/// What stands where a secret stood.
pub const MASK: &str = "[redacted]";

/// Bytes of an address that is looked at. Go has no such bound, and no server has such an address:
/// thousands of contexts may share one of millions of bytes.
pub const MAX_ADDRESS: usize = 16_384;

/// What is said in place of an address that is too long.
pub fn too_long(text: &str) -> String {
    format!("an address of {} bytes, which is too long", text.len())
}

/// `url` without user name and password, and without secrets in its query. What was a URL stays
/// one.
pub fn url(url: &str) -> String {
    if MAX_ADDRESS < url.len() {
        return too_long(url);
    }
    let url = &*without_keys(url);
    let (scheme, user, rest) = around_user(url);
    let user = if user.is_some() { "redacted" } else { "" };
    match rest.find(['?', '#', ';']).map(|it| rest.split_at(it + 1)) {
        Some((address, query)) => {
            format!("{scheme}{user}{address}{}", query_without_secrets(query))
        }
        None => format!("{scheme}{user}{rest}"),
    }
}

/// The scheme of `url`, the user name and password in it, and what follows: with those, from `@` on.
fn around_user(url: &str) -> (&str, Option<&str>, &str) {
    let (scheme, rest) = match url.find("://") {
        Some(at) => url.split_at(at + 3),
        None => ("", url),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let behind = rest.get(authority.len()..).unwrap_or_default();
    let is_whole = authority.contains('@') || !begins_password(authority);
    let end = match scheme.is_empty() || behind.starts_with(['?', '#']) || !is_whole {
        // What stands behind the colon may begin a password, which may hold any sign.
        true => rest.len(),
        false => rest.find(['?', '#']).unwrap_or(rest.len()),
    };
    let may_have_user = scheme.is_empty() || authority.contains(['@', ':']);
    // A slash in a password that was not escaped: the host is what stands behind the last `@`.
    let at = rest.get(..end).filter(|_| may_have_user).and_then(|it| it.rfind('@'));
    match at.and_then(|it| rest.split_at_checked(it)) {
        Some((user, rest)) => (scheme, Some(user), rest),
        None => (scheme, None, rest),
    }
}

/// Whether what stands behind the last colon of `authority` is no port.
fn begins_password(authority: &str) -> bool {
    let port = authority.rsplit_once(':').map_or("", |(_, it)| it);
    let is_port = port.len() <= 5 && port.bytes().all(|it| it.is_ascii_digit());
    !(is_port || port.ends_with(']'))
}

/// `text`, which may repeat of `written`, an address, all or a part, without the password in that.
pub fn without_password(text: &str, written: &str) -> String {
    let text = match url(written) {
        masked if masked == written => return text.to_owned(),
        masked => text.replace(written, &masked),
    };
    let user = around_user(written).1.unwrap_or_default();
    let password = user.split_once(':').map_or(user, |it| it.1);
    // As in `invalid port ":x"`. One may stand in another, and a short one in any word.
    let parts = password.split(|it| ":/?#@\"\\".contains(it)).filter(|it| 2 < it.len());
    let mut parts: Vec<&str> = parts.collect();
    parts.sort_by_key(|it| std::cmp::Reverse(it.len()));
    parts.into_iter().fold(text, |text, part| match part.len() {
        0..6 => text.replace(&[":", part].concat(), &[":", MASK].concat()),
        _ => text.replace(part, MASK),
    })
}

fn query_without_secrets(query: &str) -> String {
    let is_end: fn(char) -> bool = |it| matches!(it, '&' | ';' | '#' | '?');
    const SIGNS: &[&str] = &["sig", "auth", "jwt", "code", "ticket", "session"];
    let mut masked = String::with_capacity(query.len());
    for piece in query.split_inclusive(is_end) {
        let pair = piece.trim_end_matches(is_end);
        // In an address these are secrets; elsewhere they are words like others.
        let signs = |name: &str| SIGNS.iter().any(|it| name.ends_with(it));
        match pair.split_once('=') {
            Some((name, value))
                if names_secret(name)
                    || signs(&name.to_ascii_lowercase())
                    || looks_secret(value) =>
            {
                masked.extend([name, "=", MASK]);
            }
            Some((name, value)) if value.contains("://") => {
                masked.extend([name, "=", &url(value)]);
            }
            _ if looks_secret(pair) => masked.push_str(MASK),
            _ => masked.push_str(pair),
        }
        masked.push_str(piece.get(pair.len()..).unwrap_or_default());
    }
    masked
}

/// The arguments of a program without the secrets among them.
pub fn arguments<T: AsRef<str>>(arguments: &[T]) -> Vec<String> {
    let mut before: Option<&str> = None;
    let mut masked = Vec::with_capacity(arguments.len());
    let arguments: Vec<_> = arguments.iter().map(|it| without_keys(it.as_ref())).collect();
    for argument in arguments.iter().map(|it| &**it) {
        masked.push(match before.and_then(|it| value_without_secrets(it, argument)) {
            Some(value) => value,
            None => argument_without_secrets(argument),
        });
        before = Some(argument);
    }
    masked
}

/// `value` without what is secret in it by the flag before it; none when that tells nothing.
fn value_without_secrets(flag: &str, value: &str) -> Option<String> {
    match flag {
        _ if is_flag(value) || !flag.starts_with('-') || flag.contains('=') => None,
        // A port or a path belongs to other programs than curl and its like.
        "-p" => {
            let is_path = matches!(value.bytes().next(), Some(b'/' | b'.' | b'~' | b'$'));
            let is_port = value.bytes().all(|it| it.is_ascii_digit() || it == b':');
            (!is_path && !is_port).then(|| MASK.to_owned())
        }
        "-u" | "-U" | "-a" | "--user" | "--proxy-user" | "--auth" | "--basic-auth" | "--creds" => {
            let (name, password) = value.split_once([':', '%'])?;
            let is_name = matches!(name, "arn" | "urn" | "system") || password.starts_with('/');
            let is_number = password.bytes().all(|it| it.is_ascii_digit());
            let sign = value.get(name.len()..=name.len()).unwrap_or_default();
            (!is_name && !is_number).then(|| [name, sign, MASK].concat())
        }
        _ => names_secret(flag).then(|| MASK.to_owned()),
    }
}

fn argument_without_secrets(argument: &str) -> String {
    match argument.split_once('=') {
        Some((name, _)) if names_secret(name) && is_path(name) => format!("{name}={MASK}"),
        Some((name, value)) if is_path(name) => {
            let masked = value_without_secrets(name, value);
            format!("{name}={}", masked.unwrap_or_else(|| words_without_secrets(value)))
        }
        Some(_) | None => words_without_secrets(argument),
    }
}

/// `word` without what is secret in it, if it is a flag of one letter with its value: `-ubob:x`.
fn joined_without_secrets(word: &str) -> Option<String> {
    let (flag, value) = word.split_at_checked(2)?;
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    let is_user = matches!(flag, "-u" | "-U");
    // `-profile`
    let is_password = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase);
    let is_either = is_user && !value.contains(['=', '/']) || flag == "-p" && is_password;
    Some([flag, &value_without_secrets(flag, value).filter(|_| is_either)?].concat())
}

/// `path`, or a name that something has to be found by, unless somebody put the thing itself where
/// that belongs. kubectl puts a folder in front of it.
pub fn path(path: &str) -> String {
    // In lower case, only what begins like a token still looks like one.
    let is_secret =
        |it: &str| looks_secret(it) && (!is_worded(it) || looks_secret(&it.to_ascii_lowercase()));
    let ends = ['/', '\\', ' '];
    let mut from = 0;
    for part in path.split_inclusive(ends) {
        if is_secret(part.trim_end_matches(ends)) {
            // Base64 has slashes, so what follows may belong to it.
            return [path.get(..from).unwrap_or_default(), MASK].concat();
        }
        from += part.len();
    }
    match path.contains("-----BEGIN") || path.contains('\n') || is_secret(path) {
        true => MASK.to_owned(),
        false => path.to_owned(),
    }
}

/// Whether `text` is made of words, as names and paths are: capitals and digits do not change all the
/// time.
fn is_worded(text: &str) -> bool {
    let kind = |it: &u8| match it {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 0,
    };
    let is_change = |(a, b): &(i32, i32)| 0 < a * b && a != b;
    let kinds = || text.bytes().map(|it| kind(&it));
    let changes = kinds().zip(kinds().skip(1)).filter(is_change).count();
    changes * 10 <= text.len() * 3 && !text.starts_with("eyJ")
}

/// A message of kubectl without the secrets that it repeats from a file.
pub fn kubectl_words(message: &str) -> String {
    // go-yaml repeats the value that it could not use.
    const BEFORE_VALUES: &[&str] =
        &["invalid map key: ", ", value: ", "cannot decode !!str ", "anchor '"];
    let cut = BEFORE_VALUES.iter().filter_map(|it| Some(message.find(it)? + it.len())).min();
    match cut.and_then(|it| message.get(..it)) {
        Some(kept) => words_without_secrets(kept) + MASK,
        None => words_without_secrets(message),
    }
}

/// `text` without the private keys in it, whatever breaks their lines: in a script or in JSON, `\n` is
/// two signs. What has no end goes on to the end of the text, and what has no beginning begins with it.
fn without_keys(text: &str) -> Cow<'_, str> {
    let is_label: fn(char) -> bool = |it| it.is_ascii_uppercase() || it == ' ';
    // Up to where the text is copied or masked, and up to where it was looked at.
    let (mut kept, mut from, mut seen) = (String::new(), 0, 0);
    for (at, _) in text.match_indices("PRIVATE KEY") {
        let Some(before) = text.get(seen..at) else { continue };
        let armor = before.trim_end_matches(is_label);
        let begins = before.get(armor.len()..).unwrap_or_default();
        let ends = begins.starts_with("END ");
        let begins = begins.starts_with("BEGIN ");
        let start = if begins { seen + armor.trim_end_matches('-').len() } else { from };
        seen = at;
        if !armor.ends_with('-') || !(begins || ends) {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let rest = match begins {
            true => rest.split_once("-END ").map_or("", |it| it.1),
            false => rest,
        };
        kept.push_str(text.get(from..start).unwrap_or_default());
        kept.push_str(MASK);
        from = text.len() - rest.trim_start_matches(is_label).trim_start_matches('-').len();
        seen = from;
    }
    match from {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(kept + text.get(from..).unwrap_or_default()),
    }
}

/// A script or sentence without the words in it that are secret.
pub fn words_without_secrets(text: &str) -> String {
    let text = &*without_keys(text);
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let mut masked = String::with_capacity(text.len());
    let mut before = "";
    // Whether what comes next is a secret, the quote that it may stand in, and the quote up to which
    // everything belongs to one that is masked already.
    let (mut announced, mut quote, mut until) = (false, "", "");
    // The quote that was opened last, and whether what comes next is the rest of a secret.
    let (mut open, mut goes_on) = ("", false);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(word_length(rest, open));
        rest = behind;
        let quoted = piece.ends_with(QUOTES);
        let word = piece.trim_end_matches(is_word_end);
        // In a script within a string, quotes are escaped.
        let word = if quoted { word.trim_end_matches('\\') } else { word };
        let end = piece.get(word.len()..).unwrap_or_default();
        if !until.is_empty() {
            if end == until {
                masked.push_str(end);
                (until, open) = ("", "");
            }
            continue;
        }
        open = match quoted {
            true if end == open => "",
            // That of `it's` opens nothing.
            true if word.is_empty() || word.ends_with(['=', ':', '(', '[', '{']) => end,
            _ => open,
        };
        if goes_on {
            goes_on = !quoted && ends_no_value(end, open);
            masked.push_str(if goes_on { "" } else { end });
            quote = if quoted { end } else { "" };
            continue;
        }
        // kubectl itself speaks of a bearer token.
        let speaks = before.eq_ignore_ascii_case("bearer") && word == "token";
        let is_sign = word.chars().all(|it| ":=".contains(it));
        // `Authorization: token x`
        let header = announced && end == " " && is_header(before);
        let scheme = header && (announces_secret(word) || names_secret(word));
        let value = match () {
            () if is_sign || speaks || scheme => None,
            () if announced => (!is_flag(word)).then(|| MASK.to_owned()),
            () if matches!(before, "lookup" | "proxy-url" | "parse" | "parse:") => {
                Some(url(word)).filter(|it| it != word)
            }
            () => value_without_secrets(before.trim_start_matches(['[', '(']), word),
        };
        let secret = value.is_some();
        let value = value.unwrap_or_else(|| word_without_secrets(word));
        masked.push_str(&value);
        if secret && !quote.is_empty() && quote != end {
            until = quote;
        } else {
            let next = rest.split(is_word_end).next().unwrap_or_default();
            // `a.password=x,b=y`
            let is_other = next.starts_with("--") || word.contains('=') && next.contains('=');
            goes_on = value != word
                && value.ends_with(MASK)
                && !(next.is_empty() || is_other)
                && !end.is_empty()
                && ends_no_value(end, open);
            masked.push_str(if goes_on { "" } else { end });
        }
        quote = if quoted { end } else { "" };
        if !is_sign {
            let sets = before.eq_ignore_ascii_case("setx") || before == "set" && word.contains('.');
            let is_set = sets && !word.contains('=') && names_secret(word);
            announced = header || announces_secret(word) || is_set;
            before = word;
        } else if !word.is_empty() {
            // A name, a sign that gives it a value, and blanks or quotes between them.
            announced = names_secret(before) || is_header(before) || before == "auth";
        }
    }
    masked
}

fn is_word_end(it: char) -> bool {
    it.is_whitespace() || "\"'`;|,".contains(it)
}

/// Whether a value may go on behind `end`, the end of a word, in the quote `open`. In a script, these
/// signs end a command, unless they are quoted.
fn ends_no_value(end: &str, open: &str) -> bool {
    end == "," || matches!(end, ";" | "|") && !open.is_empty()
}

/// The length of the first word of `text` and its end. A password in an address may hold what ends
/// other words.
fn word_length(text: &str, open: &str) -> usize {
    const FAR: usize = 1024;
    let end_from = |from: usize| {
        let end = text.get(from..)?.char_indices().find(|(_, it)| is_word_end(*it));
        end.map(|(at, it)| from + at + it.len_utf8())
    };
    let length = end_from(0).unwrap_or(text.len());
    let word = text.get(..length).unwrap_or_default().trim_end_matches(is_word_end);
    let authority = word.split_once("://").map_or("", |it| it.1);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') || !begins_password(authority) {
        return length;
    }
    let (mut before, mut at) = (' ', None);
    for (index, it) in text.char_indices().take(FAR) {
        let is_end = match open.chars().next() {
            Some(open) => it == open && before != '\\',
            None => it.is_whitespace() || "\"'`".contains(it),
        };
        match it {
            _ if is_end => break,
            '@' => at = Some(index),
            _ => {}
        }
        before = it;
    }
    at.and_then(end_from).unwrap_or(if at.is_some() { text.len() } else { length }).max(length)
}

/// A word that nothing announced, without what is secret in it.
fn word_without_secrets(word: &str) -> String {
    let named = |sign: char| {
        let mut from = 0;
        for (at, _) in word.match_indices(sign) {
            let (name, value) = (word.get(from..at)?, word.get(at + 1..)?);
            // `/password:x`
            let is_name = is_path(name.trim_start_matches('/')) && names_secret(name);
            if is_name && !value.is_empty() && !value.starts_with("//") {
                return Some([word.get(..=at)?, MASK].concat());
            }
            // `--set=auth.password=x`
            from = if sign == '=' { at + 1 } else { return None };
        }
        None
    };
    if looks_secret(word) {
        return MASK.to_owned();
    }
    let user = || {
        let (flag, value) = word.split_once('=').filter(|(flag, _)| is_path(flag))?;
        Some(format!("{flag}={}", value_without_secrets(flag, value)?))
    };
    let joined = || joined_without_secrets(word);
    if let Some(it) = named('=').or_else(|| named(':')).or_else(user).or_else(joined) {
        return it;
    }
    let address = word.split_once('@').is_some_and(|(user, host)| {
        // `oidc:somebody@example.com` is a name.
        user.contains(':') && host.contains(':')
    });
    match word.split_once('=') {
        Some((name, value)) if looks_secret(value) => format!("{name}={MASK}"),
        _ if address || word.contains("://") => url(word),
        Some(_) if word.contains(['&', '?']) => query_without_secrets(word),
        _ if word.contains(['/', '\\']) => path(word),
        Some(_) | None => word.to_owned(),
    }
}

/// Whether what follows `word` is a secret: `token:`, `PASSWORD=`, `Bearer`.
fn announces_secret(word: &str) -> bool {
    word.eq_ignore_ascii_case("bearer")
        || word.eq_ignore_ascii_case("basic")
        || word.ends_with([':', '=']) && (names_secret(word) || is_header(word))
}

/// Whether `word` is the name of the header that says who somebody is.
fn is_header(word: &str) -> bool {
    word.trim_end_matches(':').to_ascii_lowercase().ends_with("authorization")
}

/// Whether `word` is a flag, not a value that begins like one: `-v`, `--verbose`.
fn is_flag(word: &str) -> bool {
    word.starts_with("--") || word.starts_with('-') && word.len() <= 2
}

/// Whether `text` is a name, or a path of names such as `users[0].user.token`.
fn is_path(text: &str) -> bool {
    text.chars().all(|it| !it.is_ascii() || it.is_ascii_alphanumeric() || "-_.[]".contains(it))
}

/// Whether what goes by this name is usually a secret: `client-secret`, `AWS_SESSION_TOKEN`.
pub fn names_secret(name: &str) -> bool {
    const SECRETS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "pass",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "credential",
        "credentials",
        "cookie",
        "signature",
        "bearer",
        "jwt",
        "pat",
        "key",
        "pw",
        "bindpw",
        "otp",
        "totp",
        "pin",
        "psk",
        "passcode",
        "authkey",
        "encryptionkey",
    ];
    /// Said of where a secret is, or of what kind it is, and not of the secret itself.
    const HARMLESS: &[&str] = &[
        "file",
        "path",
        "dir",
        "url",
        "uri",
        "endpoint",
        "name",
        "id",
        "type",
        "mode",
        "ttl",
        "expiry",
        "expiration",
        "duration",
        "cache",
        "format",
        "size",
        "version",
    ];
    let lower = words_of(name);
    // `PGPASSWORD` is one word; of short ones, `key` for example, that would be said too often.
    let is = |word: &str, secret: &&str| {
        word == *secret || (5 <= secret.len() && word.ends_with(secret))
    };
    let said = lower.iter().any(|word| {
        // `password1`, `tokens`, `DBPASS`
        let one = word.trim_end_matches(|it: char| it.is_ascii_digit());
        let one = one.strip_suffix('s').filter(|it| !it.ends_with('s')).unwrap_or(one);
        let is_pass = word.ends_with("pass") && !matches!(word.as_str(), "bypass" | "compass");
        is_pass || SECRETS.iter().any(|it| is(word, it) || is(one, it))
    });
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower.as_slice() {
        [.., "secret", "id"] | [.., "docker", "auth", "config"] => true,
        // Of a host, it is a group of the API.
        ["authorization"] | [_, "authorization"] => true,
        [_, .., "auth"] if name.trim_end_matches([':', '=']).ends_with("_AUTH") => true,
        [.., last] => said && !HARMLESS.contains(last),
        [] => false,
    }
}

/// The words of `clientSecret`, `client-secret` or `CLIENT_SECRET`, in lower case.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for it in name.chars() {
        // What is not of ASCII may be a blank that nobody sees.
        if !it.is_ascii() {
            continue;
        }
        let begins = !it.is_ascii_alphanumeric() || (before_is_lower && it.is_ascii_uppercase());
        if begins && words.last().is_some_and(|it| !it.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (it.is_ascii_alphanumeric(), words.last_mut()) {
            word.push(it.to_ascii_lowercase());
        }
        before_is_lower = it.is_ascii_lowercase() || it.is_ascii_digit();
    }
    words.retain(|it| !it.is_empty());
    words
}

/// Whether a text has the shape of a token, a key or a password made by a machine.
///
/// Lower-case hex, UUIDs, host names and paths are not taken for secrets: identifiers of
/// clusters and tenants look so.
pub fn looks_secret(text: &str) -> bool {
    let has = |test: fn(&char) -> bool| text.chars().any(|it| test(&it));
    let random = 32 <= text.len()
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "+/_-=~.".contains(it))
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit);
    // Of kubeadm: `abcdef.0123456789abcdef`.
    let bootstrap = text.len() == 23
        && text.bytes().skip(7).any(|it| it.is_ascii_digit())
        && text.bytes().enumerate().all(|(at, it)| match at {
            6 => it == b'.',
            _ => it.is_ascii_digit() || it.is_ascii_lowercase(),
        });
    random && !is_eks(text) || bootstrap || is_token(text)
}

/// Whether a text is a token or a key by what it begins with, which no name does.
pub fn is_token(text: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "k8s-aws-v1.",
        "k8s-ack-v",
        "sha256~",
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "hvs.",
        "xoxb-",
        "xoxp-",
        "ya29.",
        "kubeconfig-u-",
        "kubeconfig-user-",
    ];
    text.starts_with("eyJ") && 40 <= text.len()
        || text.contains("-----BEGIN")
        || PREFIXES.iter().any(|it| text.starts_with(it) && it.len() + 8 <= text.len())
}

/// Whether `text` is the name of a cluster's server on EKS: its number, of hex digits, and a domain.
fn is_eks(text: &str) -> bool {
    text.split_once('.').is_some_and(|(number, domain)| {
        let domain = domain.strip_suffix(".cn").unwrap_or(domain);
        number.len() <= 32
            && number.bytes().all(|it| it.is_ascii_hexdigit())
            && domain.ends_with(".eks.amazonaws.com")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_secrets_and_nothing_else() {
        let rows = [
            ("https://1.2.3.4:6443", "https://1.2.3.4:6443"),
            ("https://h/p@x?q=1#f", "https://h/p@x?q=1#f"),
            ("https://bob:hunter2@h:1/p", "https://redacted@h:1/p"),
            ("https://t0ken@h", "https://redacted@h"),
            ("bob:hunter2@h:1", "redacted@h:1"),
            ("http://bob:a/b@h:1", "http://redacted@h:1"),
            ("http://bob:a@b@h:1", "http://redacted@h:1"),
            ("http://bob:a#b@h:1", "http://redacted@h:1"),
            ("http://bob:a?b@h:1", "http://redacted@h:1"),
            ("https://bob:a@b/c@h:1", "https://redacted@h:1"),
            ("//bob:a@h:1", "redacted@h:1"),
            ("https:/bob:a@h:1", "redacted@h:1"),
            ("https://[::1]:6443/?token=x", "https://[::1]:6443/?token=[redacted]"),
            ("https://h:1/?q=a@b#f", "https://h:1/?q=a@b#f"),
            ("https://h:1/#f", "https://h:1/#f"),
            ("https://h/?access_token=x&a=b", "https://h/?access_token=[redacted]&a=b"),
            ("https://h/?a=1;token=x;b=2", "https://h/?a=1;token=[redacted];b=2"),
            ("https://h/?a=1#id_token=x", "https://h/?a=1#id_token=[redacted]"),
            ("https://h/?sv=1&sig=x&code=y", "https://h/?sv=1&sig=[redacted]&code=[redacted]"),
            ("https://h/?auth=x", "https://h/?auth=[redacted]"),
            ("https://h/?pw=x&ticket=y", "https://h/?pw=[redacted]&ticket=[redacted]"),
            ("https://h/?to=https://a:b@i/p", "https://h/?to=https://redacted@i/p"),
            ("https://h/k8s;token=x;v=1/p", "https://h/k8s;token=[redacted];v=1/p"),
            ("http://bob:12345678901234#x@h", "http://redacted@h"),
            ("http://bob:1234?x@h:1", "http://redacted@h:1"),
            ("http://bob:12345678/a?b@h:1", "http://redacted@h:1"),
            ("", ""),
        ];
        for (input, expected) in rows {
            assert_eq!(url(input), expected, "{input}");
        }
    }

    #[test]
    fn arguments_lose_their_secrets_and_nothing_else() {
        let rows: &[(&[&str], &[&str])] = &[
            (&["get-token", "--cluster", "c"], &["get-token", "--cluster", "c"]),
            (&["--client-secret", "s3", "x"], &["--client-secret", "[redacted]", "x"]),
            (&["--client-secret=s3"], &["--client-secret=[redacted]"]),
            (&["--token-file", "/a"], &["--token-file", "/a"]),
            (&["TOKEN=abc"], &["TOKEN=[redacted]"]),
            (&["--password", "-s3cret", "-v"], &["--password", "[redacted]", "-v"]),
            (&["--token", "--verbose", "-v"], &["--token", "--verbose", "-v"]),
            (&["login", "-u", "a", "-p", "x"], &["login", "-u", "a", "-p", "[redacted]"]),
            (&["-u", "a:x", "https://h"], &["-u", "a:[redacted]", "https://h"]),
            (&["-u", "1000:1000", "-p", "80:8080"], &["-u", "1000:1000", "-p", "80:8080"]),
            (&["-p", "/a/b", "--user", "arn:aws:x"], &["-p", "/a/b", "--user", "arn:aws:x"]),
            (
                &["-H", "Authorization: token x", "y"],
                &["-H", "Authorization: token [redacted]", "y"],
            ),
            (&["--set-string=a.password=x"], &["--set-string=a.password=[redacted]"]),
            (&["--user=bob:x:y", "-uci:x"], &["--user=bob:[redacted]", "-uci:[redacted]"]),
            (&["-u", "bob:x:y", "-U", "ci%x"], &["-u", "bob:[redacted]", "-U", "ci%[redacted]"]),
            (&["--user=arn:aws:x:y", "-url:x"], &["--user=arn:aws:x:y", "-url:[redacted]"]),
            (&["-pWinter42", "-profile2"], &["-p[redacted]", "-profile2"]),
            (&["role_id=a", "secret_id=b"], &["role_id=a", "secret_id=[redacted]"]),
            (&["--kubeconfig", "/a/kubeconfig-u-abcdefgh:xyz"], &["--kubeconfig", "/a/[redacted]"]),
            (&["/password:x", "/v:1"], &["/password:[redacted]", "/v:1"]),
            (&["abcdef.0123456789abcdef", "a.b.c1"], &["[redacted]", "a.b.c1"]),
            (
                &["-c", "curl -H 'Authorization: Bearer abc' https://u:p@h"],
                &["-c", "curl -H 'Authorization: Bearer [redacted]' https://redacted@h"],
            ),
            (
                &["--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
                &["--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
            ),
        ];
        for (input, expected) in rows {
            let input: Vec<String> = input.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(arguments(&input), *expected, "{input:?}");
        }
    }

    #[test]
    fn words_lose_their_secrets_and_nothing_else() {
        let rows = [
            (r#"export PASSWORD="a b"; login"#, r#"export PASSWORD="[redacted]"; login"#),
            (r#""x PASSWORD=\"a b\"; y""#, r#""x PASSWORD=\"[redacted]\"; y""#),
            (r#"{\"token\": \"a\"}"#, r#"{\"token\": \"[redacted]\"}"#),
            ("export PASSWORD='a'; login", "export PASSWORD='[redacted]'; login"),
            (r#"login --password "a b" x"#, r#"login --password "[redacted]" x"#),
            (r#"token = "a""#, r#"token = "[redacted]""#),
            ("password = a b", "password = [redacted] b"),
            (r#"{"user":"ci","password":"a"}"#, r#"{"user":"ci","password":"[redacted]"}"#),
            (r#"{"password" : "a"}"#, r#"{"password" : "[redacted]"}"#),
            (r#"users[0].user.token:"a""#, r#"users[0].user.token:"[redacted]""#),
            ("users[0].user.token:a", "users[0].user.token:[redacted]"),
            ("user=x&password=a", "user=x&password=[redacted]"),
            ("the path /x?token=a", "the path /x?token=[redacted]"),
            (r#"invalid 'proxy-url' "adm:a@h:1":"#, r#"invalid 'proxy-url' "redacted@h:1":"#),
            ("User oidc:a@b.c cannot list", "User oidc:a@b.c cannot list"),
            ("a bearer token, and key=value", "a bearer token, and key=[redacted]"),
            ("https://login.example/a?b=c", "https://login.example/a?b=c"),
            ("login -u a -p x; mkdir -p /b", "login -u a -p [redacted]; mkdir -p /b"),
            ("curl -u 'a:b c' https://h", "curl -u 'a:[redacted]' https://h"),
            (r#"-H "Authorization: Splunk x""#, r#"-H "Authorization: [redacted] [redacted]""#),
            ("Authorization: Basic eDp5, or not", "Authorization: Basic [redacted], or not"),
            (r#"{"Authorization":"token x"}"#, r#"{"Authorization":"token [redacted]"}"#),
            ("roles.rbac.authorization.k8s.io: no", "roles.rbac.authorization.k8s.io: no"),
            ("--set-string=a.token=x y", "--set-string=a.token=[redacted] y"),
            ("login --password -x1 --v", "login --password [redacted] --v"),
            ("to\u{200b}ken: x", "to\u{200b}ken: [redacted]"),
            ("lookup adm:x@proxy on 1.1.1.1:53", "lookup redacted@proxy on 1.1.1.1:53"),
            ("lookup api.h.io on 1.1.1.1:53", "lookup api.h.io on 1.1.1.1:53"),
            ("command: aws eks get-token", "command: aws eks get-token"),
            (
                r#"echo '{"x": "-----BEGIN PRIVATE KEY-----\nAb1/\n-----END PRIVATE KEY-----\n"}'"#,
                r#"echo '{"x": "[redacted]\n"}'"#,
            ),
            (
                "a -----BEGIN EC PRIVATE KEY-----\nAb\nc=\n-----END EC PRIVATE KEY-----\nb",
                "a [redacted]\nb",
            ),
            (
                "----BEGIN RSA PRIVATE KEY-----\\nA\\n-----END RSA PRIV' -----BEGIN PRIVATE KEY-----\\nB' c",
                "[redacted]' [redacted]",
            ),
            ("'Ab\\nc=\\n-----END PRIVATE KEY-----' d", "[redacted]' d"),
            ("no PRIVATE KEY, no -BEGIN KEY", "no PRIVATE KEY, no -BEGIN KEY"),
            ("-H 'Authorization: Bearer a,b;c' x", "-H 'Authorization: Bearer [redacted]' x"),
            (r#"-H "X-Api-Key: a;b|c" x"#, r#"-H "X-Api-Key: [redacted]" x"#),
            ("-d 'password=a|b' | tee x", "-d 'password=[redacted]' | tee x"),
            ("login --password=a,b x,y", "login --password=[redacted] x,y"),
            ("export TOKEN=a;login b|c", "export TOKEN=[redacted];login b|c"),
            ("set a.token=x,b.name=y", "set a.token=[redacted],b.name=y"),
            ("curl 'https://bob:a,b c@h/p' x@y", "curl 'https://redacted@h/p' x@y"),
            (r#"parse "http://bob:a\"b@h:1": no"#, r#"parse "http://redacted@h:1": no"#),
            ("see https://h:1, or a@b.c", "see https://h:1, or a@b.c"),
            ("https://HOST:PORT, not a@b.c", "https://HOST:PORT, not a@b.c"),
            (r#"setx TOKEN "a" & b"#, r#"setx TOKEN "[redacted]" & b"#),
            ("config set users.u.token a b", "config set users.u.token [redacted] b"),
            ("set the token here", "set the token here"),
            (r#"{"auth":"a","x":"b"}"#, r#"{"auth":"[redacted]","x":"b"}"#),
            (r#"'proxy-url' "bob:x@h" for"#, r#"'proxy-url' "redacted@h" for"#),
            ("it's a token; isn't it", "it's a token; isn't it"),
        ];
        for (input, expected) in rows {
            assert_eq!(words_without_secrets(input), expected, "{input}");
        }
    }

    #[test]
    fn shapes_tell_secrets() {
        const HEX: &str = "0123456789ABCDEF0123456789ABCDEF";
        for name in [
            format!("{HEX}.gr7.eu-central-1.eks.amazonaws.com"),
            format!("{HEX}.yl4.cn-north-1.eks.amazonaws.com.cn"),
            HEX.to_ascii_lowercase(),
        ] {
            assert!(!looks_secret(&name), "{name}");
        }
        for secret in [
            "0123456789ABCDEF0123456789abcdef".to_owned(),
            format!("{HEX}.gr7.eu-central-1.eks.example.com"),
            format!("{HEX}.0123456789abcdef"),
            format!("x{HEX}.gr7.eu-central-1.eks.amazonaws.com"),
        ] {
            assert!(looks_secret(&secret), "{secret}");
        }
    }

    #[test]
    fn paths_lose_what_is_no_path() {
        let rows = [
            ("/Users/Bob/.kube/Prod1/Cluster-01/client.crt", None),
            (r"C:\Users\Bob\.kube\client.crt", None),
            ("clusterUser_RG-Prod-WestEurope_aks-prod-01", None),
            ("gke_Acme-Prod1_europe-west1-b_Cluster-01", None),
            ("/a/LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR/x", Some("/a/[redacted]")),
            (r"C:\a\kubeconfig-u-abcdefghij:7xq9kzt5", Some(r"C:\a\[redacted]")),
            ("eyJabcdefghijklmnopqrstuvwxyzabcdefghijklmn", Some("[redacted]")),
            ("-----BEGIN X", Some("[redacted]")),
        ];
        for (input, expected) in rows {
            assert_eq!(path(input), expected.unwrap_or(input));
        }
    }

    #[test]
    fn what_repeats_an_address_loses_its_password() {
        let rows = [
            (
                "http://b:winter/x@h:1",
                "parse \"http://b:winter/x@h:1\": invalid port \":winter\"",
                "parse \"http://redacted@h:1\": invalid port \":[redacted]\"",
            ),
            ("b:prod@h", "invalid port \":prod\", prod-1", "invalid port \":[redacted]\", prod-1"),
            ("https://h:1", "dial https://h:1", "dial https://h:1"),
        ];
        for (written, text, expected) in rows {
            assert_eq!(without_password(text, written), expected);
        }
    }

    #[test]
    fn names_tell_secrets() {
        for name in [
            "client-secret",
            "AWS_SESSION_TOKEN",
            "idToken",
            "--password",
            "PGPASSWORD",
            "GITHUB_PAT",
            "secret_id",
            "--password1",
            "--tokens",
            "API_KEYS",
            "SSHPASS",
            "ADMIN_PW",
            "--bindpw",
            "ENCRYPTIONKEY",
            "--otp",
            "PROXY_AUTH",
            "AUTHORIZATION",
            "DOCKER_AUTH_CONFIG",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "AWS_ACCESS_KEY_ID",
            "token-file",
            "AWS_PROFILE",
            "client-id",
            "--cluster",
            "--bypass",
            "--auth",
            "aws-auth",
            "USE_GKE_GCLOUD_AUTH_PLUGIN",
            "rbac.authorization.k8s.io",
            "process",
            "ADDRESS",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }
}
