//! The contexts of all reports as rows: what a row says, and which rows are shown in what order.
//!
//! Knows no browser and draws nothing; [`super::table`] does.

use std::cmp::Ordering;

use kubeconfig_inspector::{
    Report,
    checks::{Concerns, Severity},
    decode::token::Token,
    facts::{
        ContextFacts, Credential, CredentialKind, Facts, Lifetime, LifetimeKind, Reach, TlsMode,
    },
    kubeconfig::{EntryRef, Exec},
    masking,
    pace::Pace,
    time::Timestamp,
};

use super::{
    shared::Shared,
    standing::Standing,
    state::{Column, Grouping, Only, Selection, TableView},
};

/// One context, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where its entry stands in the report.
    pub(super) entry: EntryRef,
    /// Its name.
    pub(super) name: String,
    /// The file that it stands in.
    pub(super) file: String,
    /// Whether it is the current one of its file.
    pub(super) current: bool,
    /// Host and port.
    pub(super) server: String,
    /// From where the server can be reached.
    pub(super) reach: &'static str,
    /// How the server is verified; none without a cluster.
    pub(super) tls: Option<TlsMode>,
    /// Who the API server sees.
    pub(super) identity: String,
    /// With which groups, or why that is not known.
    pub(super) groups: String,
    /// Kind of credential.
    pub(super) credential: &'static str,
    /// What is particular about it.
    pub(super) credential_detail: String,
    /// When it stops working.
    pub(super) expires: Option<Timestamp>,
    /// How long it lives in all.
    pub(super) lifetime: Option<Lifetime>,
    /// What stands in place of an end.
    pub(super) endless: String,
    /// How it stands.
    pub(super) standing: Standing,
    /// Whether it has every right.
    pub(super) admin: bool,
    /// What the text filter looks in, in lower case.
    haystack: String,
}

/// The rows of each report.
pub(super) type Rows = Vec<Shared<Vec<Row>>>;

/// All contexts of `report`, in file order.
pub(super) async fn rows(pace: Pace<'_>, report: &Report) -> Vec<Row> {
    let findings = Concerns::of(&report.facts, &report.findings, pace).await;
    let mut rows = Vec::new();
    for context in report.facts.readings.iter().flat_map(|it| &it.contexts) {
        let mut row = row(&report.facts, context);
        for it in findings.about(context) {
            let Some(check) = report.findings.get(it).map(|it| it.check) else { continue };
            let named = NAMED.iter().find(|it| it.0 == check.id).map(|it| it.1);
            row.admin |= named == Some(Only::Admin);
            if check.severity == Severity::Error && !row.standing.is_over() {
                row.standing = Standing::Refused;
            } else if row.standing == Standing::Valid && named == Some(Only::Due) {
                row.standing = Standing::Due;
            }
        }
        rows.push(row);
        pace.rest().await;
    }
    rows
}

/// Checks that find what rows can be narrowed to.
const NAMED: [(&str, Only); 7] = [
    ("system-masters", Only::Admin),
    ("impersonates-system-masters", Only::Admin),
    ("administrator", Only::Admin),
    ("client-certificate-ends-within-7-days", Only::Due),
    ("client-certificate-ends-within-30-days", Only::Due),
    ("token-ends-within-7-days", Only::Due),
    ("rotation-due", Only::Due),
];

#[inline(never)]
fn row(facts: &Facts, context: &ContextFacts) -> Row {
    let effective = &context.effective;
    let cluster = effective.cluster.and_then(|it| facts.cluster_facts(it));
    let server = cluster.and_then(|it| it.server.as_ref());
    let credential = credential_in_use(facts, context);
    let identity = context.in_use.identity.as_ref();
    let account = identity.and_then(|it| it.alibaba_cloud.as_ref());
    let written = facts.context(effective.entry).map(|it| &it.body);
    let exec = effective.user.and_then(|it| facts.user(it)?.body.exec.as_ref());
    let mut row = Row {
        entry: effective.entry,
        name: effective.name.clone(),
        file: facts.files.get(effective.entry.file).map(|it| it.name.clone()).unwrap_or_default(),
        current: effective.current,
        server: server.map(host_and_port).unwrap_or_default(),
        reach: server.map_or("no address", |it| reach_word(it.reach)),
        tls: cluster.map(|it| it.tls),
        identity: identity.map(|it| it.user.clone()).unwrap_or_default(),
        groups: identity.map(|it| it.groups.join(", ")).unwrap_or_default(),
        credential: credential.map_or("none", |it| kind_word(&it.kind)),
        credential_detail: credential.map(|it| kind_detail(it, exec)).unwrap_or_default(),
        expires: context.in_use.expires_at,
        lifetime: context.in_use.lifetime,
        endless: endless(credential),
        standing: Standing::of(facts, context),
        admin: false,
        haystack: String::new(),
    };
    row.haystack = [
        row.name.as_str(),
        &row.file,
        &row.server,
        &row.identity,
        &row.groups,
        &row.credential_detail,
        row.credential,
        account.map_or("", |it| it.user_id.as_str()),
        written.map_or("", |it| it.user.as_str()),
        written.map_or("", |it| it.cluster.as_str()),
    ]
    .join("\n")
    .to_ascii_lowercase();
    row
}

/// The credential that kubectl would send.
pub(super) fn credential_in_use<'a>(
    facts: &'a Facts,
    context: &ContextFacts,
) -> Option<&'a Credential> {
    let user = facts.user_facts(context.effective.user?)?;
    user.credentials.get(context.in_use.credential?)
}

/// `host:port`, with brackets where they belong.
pub(super) fn host_and_port(server: &kubeconfig_inspector::facts::Server) -> String {
    let host =
        if server.host.contains(':') { format!("[{}]", server.host) } else { server.host.clone() };
    match server.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// From where an address can be reached, for a cell.
pub(super) fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Loopback => "this machine only",
        Reach::Private => "private network",
        Reach::ClusterInternal => "inside the cluster",
        Reach::Public => "public address",
        Reach::Hostname => "host name",
    }
}

/// A kind of credential, for a cell.
pub(super) fn kind_word(kind: &CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ClientCertificate(_) => "client certificate",
        CredentialKind::Token(_) => "token",
        CredentialKind::TokenFile { .. } => "token in a file",
        CredentialKind::Exec { .. } => "exec plugin",
        CredentialKind::AuthProvider { .. } => "auth provider",
        CredentialKind::Basic { .. } => "user name and password",
    }
}

/// What is particular about a credential, for a cell.
fn kind_detail(credential: &Credential, exec: Option<&Exec>) -> String {
    match &credential.kind {
        CredentialKind::ClientCertificate(it) => match it.chain.leaf() {
            Some(leaf) => key_title(&leaf.key.title, leaf.key.bits),
            None => it.certificate_path.clone(),
        },
        CredentialKind::Token(token) => token_word(token).to_owned(),
        CredentialKind::TokenFile { path, .. } => path.clone(),
        CredentialKind::Exec { provider, .. } => {
            // The program without its folder.
            let command = exec.map_or("", |it| it.command.as_str());
            let command = command.rsplit(['/', '\\']).next().unwrap_or(command);
            let command = masking::words_without_secrets(command);
            match provider {
                Some(it) => format!("{}, {command}", it.name),
                None => command,
            }
        }
        CredentialKind::AuthProvider { name, .. } => name.clone(),
        CredentialKind::Basic { username } => username.clone(),
    }
}

/// A key in words, as `RSA 2048`.
pub(super) fn key_title(title: &str, bits: Option<u32>) -> String {
    match bits {
        Some(bits) if !title.starts_with("EC ") => format!("{title} {bits}"),
        _ => title.to_owned(),
    }
}

/// What a token is, for a cell.
pub(super) fn token_word(token: &Token) -> &'static str {
    match token {
        Token::Jwt(jwt) if jwt.legacy => "service account, legacy",
        Token::Jwt(jwt) if jwt.service_account.is_some() => "service account",
        Token::Jwt(_) => "JSON Web Token",
        Token::Aws(_) => "signed request to AWS",
        Token::Ack(_) => "signed request to Alibaba Cloud",
        Token::OpenShift => "OpenShift",
        Token::Rancher => "Rancher",
        Token::Bootstrap { .. } => "bootstrap token",
        Token::Opaque { .. } => "opaque",
    }
}

/// What stands in place of an end.
fn endless(credential: Option<&Credential>) -> String {
    let words = match credential.map(|it| &it.kind) {
        None => "nothing to expire",
        Some(CredentialKind::Exec { provider: Some(it), .. }) => it.lifetime.as_str(),
        Some(CredentialKind::Exec { .. }) => "fetched when used",
        Some(CredentialKind::Basic { .. }) => "never by itself",
        Some(_) => "not in this file",
    };
    words.to_owned()
}

/// What kind of life that is, for a cell.
pub(super) fn lifetime_word(kind: LifetimeKind) -> &'static str {
    match kind {
        LifetimeKind::Temporary => "temporary",
        LifetimeKind::LongTerm => "long-term",
        LifetimeKind::Other => "",
    }
}

/// How the server is verified, for a cell: the word, what it rests on, and whether that is bad.
pub(super) fn tls_words(tls: Option<TlsMode>) -> (&'static str, &'static str, bool) {
    match tls {
        None => ("no cluster", "", true),
        Some(TlsMode::Verified) => ("verified", "by its own CA", false),
        Some(TlsMode::SystemRoots) => ("verified", "by system roots", false),
        Some(TlsMode::Insecure) => ("not verified", "switched off", true),
        Some(TlsMode::Plaintext) => ("no TLS", "plain http", true),
    }
}

/// A line of the table: the head of a group, or the row with that index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What the rows below it share, and how many they are.
    Group(String, usize),
    /// A row.
    Row(RowRef),
}

/// One of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowRef {
    /// Index of its report.
    pub(super) report: usize,
    /// Its index among the rows of that report.
    pub(super) row: usize,
}

impl RowRef {
    /// The row.
    pub(super) fn of(self, rows: &Rows) -> Option<&Row> {
        rows.get(self.report)?.get(self.row)
    }

    /// The context that it is about.
    pub(super) fn selection(self, rows: &Rows) -> Option<Selection> {
        Some(Selection { report: self.report, entry: self.of(rows)?.entry })
    }
}

/// All rows.
pub(super) fn all(rows: &Rows) -> impl Iterator<Item = (RowRef, &Row)> {
    rows.iter().enumerate().flat_map(|(report, rows)| {
        let with_place = move |(row, it)| (RowRef { report, row }, it);
        rows.iter().enumerate().map(with_place)
    })
}

/// Which rows `view` shows, in its order.
pub(super) fn arrange(rows: &Rows, view: &TableView) -> Vec<Line> {
    let words: Vec<String> = view.filter.split_whitespace().map(str::to_ascii_lowercase).collect();
    let mut shown: Vec<(RowRef, &Row)> = all(rows)
        .filter(|(_, row)| matches(row, view.only))
        .filter(|(_, row)| words.iter().all(|it| row.haystack.contains(it)))
        .collect();
    shown.sort_by(|(at, a), (other, b)| {
        let groups = group(a, view.grouping).cmp(group(b, view.grouping));
        groups.then_with(|| match view.sort {
            None => (at.report, !a.current).cmp(&(other.report, !b.current)),
            Some((column, true)) => compare(b, a, column),
            Some((column, false)) => compare(a, b, column),
        })
    });
    if view.grouping == Grouping::None {
        return shown.into_iter().map(|(at, _)| Line::Row(at)).collect();
    }
    let mut lines = Vec::with_capacity(shown.len());
    for chunk in shown.chunk_by(|(_, a), (_, b)| group(a, view.grouping) == group(b, view.grouping))
    {
        if let Some((_, first)) = chunk.first() {
            lines.push(Line::Group(group(first, view.grouping).to_owned(), chunk.len()));
        }
        lines.extend(chunk.iter().map(|(at, _)| Line::Row(*at)));
    }
    lines
}

/// Whether `row` is in that state.
pub(super) fn matches(row: &Row, only: Only) -> bool {
    match only {
        Only::All => true,
        Only::Expired => row.standing == Standing::Expired,
        Only::Due => row.standing == Standing::Due,
        Only::Admin => row.admin,
        Only::Unverified => {
            matches!(row.tls, Some(TlsMode::Insecure | TlsMode::Plaintext))
        }
        Only::Exec => row.credential == "exec plugin",
    }
}

fn group(row: &Row, grouping: Grouping) -> &str {
    match grouping {
        Grouping::None => "",
        // An ACK name ends in the second of its issue; the account is what the rows share.
        Grouping::Identity => match row.identity.rsplit_once('-') {
            Some((account, _)) if is_account(account) => account,
            _ => &row.identity,
        },
        Grouping::Groups => &row.groups,
        Grouping::Cluster => &row.server,
        Grouping::File => &row.file,
    }
}

fn is_account(text: &str) -> bool {
    8 <= text.len() && text.bytes().all(|it| it.is_ascii_digit())
}

fn compare(a: &Row, b: &Row, column: Column) -> Ordering {
    match column {
        Column::Context => a.name.cmp(&b.name),
        Column::Server => a.server.cmp(&b.server),
        Column::Tls => tls_words(a.tls).cmp(&tls_words(b.tls)),
        Column::Identity => a.identity.cmp(&b.identity),
        Column::Credential => a.credential.cmp(b.credential),
        Column::Expires => {
            let end = |row: &Row| row.expires.map_or(i64::MAX, |it| it.0);
            end(a).cmp(&end(b))
        }
        Column::Lifetime => {
            let length = |row: &Row| row.lifetime.map_or(i64::MAX, |it| it.seconds);
            length(a).cmp(&length(b))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use kubeconfig_inspector::{
        Options, Report,
        checks::verdict::{Status, verdict},
        inspect_with, pace,
        source::Source,
    };

    use super::{NAMED, matches, rows};
    use crate::ui::{drawing::NOW, standing::Standing, state::Only};

    /// Each fixture of a check by itself, and merged with a file in which all is well.
    fn reports() -> Vec<(String, Report)> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let read = |path: &Path| {
            let text = fs::read(path).expect("a fixture");
            Source::new(path.file_name().expect("its name").to_string_lossy(), text)
        };
        let well = read(&fixtures.join("real/kind.yaml"));
        let mut reports = Vec::new();
        for folder in fs::read_dir(fixtures.join("checks")).expect("the fixtures") {
            let folder = folder.expect("a fixture").path();
            let files =
                fs::read_dir(&folder).expect("a folder").map(|it| it.expect("a file").path());
            let mut sources: Vec<Source> = files.map(|it| read(&it)).collect();
            for merge in [false, true] {
                let options = Options { merge, ..Options::default() };
                let name = format!("{} {merge}", folder.display());
                reports.push((name, inspect_with(&sources, NOW, &options)));
                sources.push(well.clone());
            }
        }
        reports
    }

    #[test]
    fn a_filter_chooses_what_the_findings_name() {
        let mut seen = BTreeSet::new();
        for (name, report) in reports() {
            let rows = pace::at_once(async |pace| rows(pace, &report).await);
            let contexts = report.facts.readings.iter().flat_map(|it| &it.contexts);
            for (row, context) in rows.iter().zip(contexts) {
                let about = report.findings.iter().filter(|it| it.concerns(&report.facts, context));
                let found: Vec<_> =
                    NAMED.iter().filter(|it| about.clone().any(|f| f.check.id == it.0)).collect();
                let admin = found.iter().any(|it| it.1 == Only::Admin);
                assert_eq!(matches(row, Only::Admin), admin, "{name}, {}", row.name);
                let identity = context.in_use.identity.as_ref();
                let rules =
                    identity.is_some_and(|it| it.groups.contains(&"system:masters".to_owned()));
                assert!(admin || !rules, "{name}, {}", row.name);
                // What does not work has no end to wait for.
                if matches!(row.standing, Standing::Valid | Standing::Due) {
                    let due = found.iter().any(|it| it.1 == Only::Due);
                    assert_eq!(matches(row, Only::Due), due, "{name}, {}", row.name);
                    seen.extend(found.iter().map(|it| it.0));
                } else {
                    seen.extend(found.iter().filter(|it| it.1 == Only::Admin).map(|it| it.0));
                }
            }
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), {
            let mut all = NAMED.map(|it| it.0);
            all.sort_unstable();
            all
        });
    }

    #[test]
    fn a_row_says_what_the_verdict_says() {
        let (mut n_refused, mut n_others) = (0, 0);
        for (name, report) in reports() {
            let rows = pace::at_once(async |pace| rows(pace, &report).await);
            let contexts = report.facts.readings.iter().flat_map(|it| &it.contexts);
            for (row, context) in rows.iter().zip(contexts) {
                let verdict = verdict(&report.facts, &report.findings, context);
                let refused = verdict.status == Status::WillNotWork;
                let said = matches!(
                    row.standing,
                    Standing::Refused | Standing::Expired | Standing::NotYet
                );
                assert_eq!(said, refused, "{name}, {}: {verdict:?}", row.name);
                *(if refused { &mut n_refused } else { &mut n_others }) += 1;
            }
        }
        assert!(40 < n_refused && 40 < n_others, "{n_refused} and {n_others}");
    }
}
