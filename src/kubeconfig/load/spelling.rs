//! What a field was probably meant to be that client-go does not know. A guess from its name alone: what
//! stands in it is not looked at.

use super::fields::AUTH_INFO;

/// The field that was probably meant by `key`: one that differs in case, in hyphens, or by a
/// slip of the finger.
pub(super) fn nearest(key: &str, fields: &'static [&'static str]) -> Option<&'static str> {
    const LONGEST: usize = 40;
    let letters = |it: &str| it.replace(['-', '_', ' '], "").to_ascii_lowercase();
    if LONGEST < key.len() {
        return None;
    }
    let key = letters(key);
    fields
        .iter()
        .map(|it| (distance(&key, &letters(it)), *it))
        .filter(|(distance, it)| *distance <= it.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// Whether a field of that name was probably meant to be one of a user that holds a secret: kubectl ignores
/// it, and what stands in it is a secret all the same.
pub fn misspells_secret(name: &str) -> bool {
    const SECRETS: [&str; 3] = ["token", "password", "client-key-data"];
    // Every key of a text is asked about, and most have too few of the letters.
    let lacks =
        |letter: &u8| *letter != b'-' && !name.bytes().any(|it| it.eq_ignore_ascii_case(letter));
    let has_most = |it: &&str| it.bytes().filter(lacks).count() <= it.len() / 4;
    SECRETS.iter().any(has_most)
        && nearest(name, AUTH_INFO.fields).is_some_and(|it| SECRETS.contains(&it))
}

/// Letters to insert, remove, change, or exchange with the next one, to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let (mut before, mut last) = (Vec::new(), Vec::from_iter(0..=b.chars().count()));
    let mut x_before = None;
    for (i, x) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        let mut y_before = None;
        for (j, y) in b.chars().enumerate() {
            let mut cost = at(&last, j) + usize::from(x != y);
            cost = cost.min(at(&row, j) + 1).min(at(&last, j + 1) + 1);
            if x_before == Some(y) && y_before == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
            y_before = Some(y);
        }
        before = std::mem::replace(&mut last, row);
        x_before = Some(x);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{super::fields::CLUSTER, AUTH_INFO, misspells_secret, nearest};

    #[test]
    fn what_was_meant_to_be_a_secret_is_one() {
        for name in
            ["tokn", "Tokne", "oken", "pasword", "PASSWRD", "client_key_dta", "clientKeyData"]
        {
            assert!(misspells_secret(name), "{name}");
        }
        let others = ["tokenFile", "client-key", "username", "name", "user", "taxes", "context"];
        for name in others.into_iter().chain(["server", "namespace", "client-certificate-data"]) {
            assert!(!misspells_secret(name), "{name}");
        }
    }

    #[test]
    fn the_nearest_field_is_found() {
        let rows = [
            ("Server", &CLUSTER, Some("server")),
            ("insecureSkipTlsVerify", &CLUSTER, Some("insecure-skip-tls-verify")),
            ("certificate_authority_data", &CLUSTER, Some("certificate-authority-data")),
            ("certificate-authorithy", &CLUSTER, Some("certificate-authority")),
            ("tokne", &AUTH_INFO, Some("token")),
            ("token-file", &AUTH_INFO, Some("tokenFile")),
            ("toke", &AUTH_INFO, Some("token")),
            ("api-version", &CLUSTER, None),
            ("x", &AUTH_INFO, None),
        ];
        for (key, structure, expected) in rows {
            assert_eq!(nearest(key, structure.fields), expected, "{key}");
        }
    }
}
