//! The contexts as a table that stays quick with ten thousand rows: only those in view are built.

use kubeconfig_inspector::time::{Timestamp, duration};
use yew::prelude::*;

use super::{
    browser,
    choice::segments,
    contexts::{self, Line, Row, RowRef, Rows, arrange, lifetime_word, matches, tls_words},
    shared::Shared,
    standing::{Standing, Tone, tag},
    state::{Action, Column, Dispatch, Grouping, Only, Selection, TableView},
    status,
    strip::count,
    untrusted::{plain, untrusted},
    window::{Lines, use_window},
};

/// What the table shows.
#[derive(Properties, PartialEq)]
pub(super) struct ContextTableProps {
    /// All contexts.
    pub(super) rows: Shared<Rows>,
    /// Which of them, in which order.
    pub(super) view: TableView,
    /// The one whose details are open.
    pub(super) selection: Option<Selection>,
    /// The moment of judgement.
    pub(super) now: Timestamp,
    /// Whether it goes on changing, so that nothing is said of how many there are.
    pub(super) changing: bool,
    /// Where to tell what happened.
    pub(super) dispatch: Dispatch,
}

/// The rows of a table. Names wrap while all are built; beyond that all have the same height.
/// A hundred rows with all that is in them would hold the page for longer than 50 ms.
pub(super) const ROWS: Lines = Lines { height: 56, in_view: 15, whole: 60 };

const COLUMNS: [(Column, &str); 7] = [
    (Column::Context, "Context"),
    (Column::Server, "Server and reach"),
    (Column::Tls, "TLS"),
    (Column::Identity, "Identity"),
    (Column::Credential, "Credential"),
    (Column::Expires, "Expires"),
    (Column::Lifetime, "Lifetime"),
];

/// Draws it.
#[component]
pub(super) fn ContextTable(props: &ContextTableProps) -> Html {
    let lines =
        use_memo((props.rows.clone(), props.view.clone()), |(rows, view)| arrange(rows, view));
    let window = use_window(ROWS, lines.len());
    let body = window.body(COLUMNS.len(), |n| match lines.get(n) {
        Some(it) => line(it, n, props),
        None => html! {},
    });
    let shown = lines.iter().filter(|it| matches!(it, Line::Row(_))).count();
    let all = props.rows.iter().map(|it| it.len()).sum();
    let counted = counted(shown, all, props.view.sort);
    let told = (!props.changing).then(|| format!("Contexts: {counted}"));
    html! {
        <section aria-labelledby="contexts">
            <h2 id="contexts">{ "Contexts" }<span>{ counted }</span></h2>
            if 1 < all {
                { controls(props) }
            }
            <div ref={&window.node} class={window.class()}
                tabindex="0" role="group" aria-labelledby="contexts" onscroll={&window.on_scroll}>
                <table class="contexts" aria-rowcount={(lines.len() + 1).to_string()}>
                    <thead><tr>{ for COLUMNS.iter().map(|(column, words)| {
                        header(*column, words, &props.view, &props.dispatch)
                    }) }</tr></thead>
                    { body }
                </table>
                if lines.is_empty() {
                    <p class="empty">{ "No context is like that." }</p>
                }
            </div>
            { status(told) }
        </section>
    }
}

fn counted(shown: usize, all: usize, sort: Option<(Column, bool)>) -> String {
    let by = COLUMNS.iter().find(|it| sort.is_some_and(|sort| sort.0 == it.0));
    match by {
        _ if all == 1 => "1 context".to_owned(),
        Some((_, words)) => {
            let way = order(sort.is_some_and(|it| it.1));
            format!("{shown} of {all} contexts, by {words}, {way}")
        }
        None if shown == all => format!("{all}, current first"),
        None => format!("{shown} of {all} contexts"),
    }
}

fn order(downwards: bool) -> &'static str {
    if downwards { "descending" } else { "ascending" }
}

fn controls(props: &ContextTableProps) -> Html {
    let change = |edit: fn(&mut TableView, String)| {
        let (view, dispatch) = (props.view.clone(), props.dispatch.clone());
        move |value: String| {
            let mut view = view.clone();
            edit(&mut view, value);
            dispatch.dispatch(Action::ChangedTable(view));
        }
    };
    let on_filter = {
        let change = change(|view, it| view.filter = it);
        Callback::from(move |event: InputEvent| change(browser::value(&event)))
    };
    let on_group = {
        let change = change(|view, it| view.grouping = grouping(&it));
        Callback::from(move |event: Event| change(browser::value(&event)))
    };
    let on_only = {
        let (view, dispatch) = (props.view.clone(), props.dispatch.clone());
        Callback::from(move |n: usize| {
            let only = ONLY.get(n).map(|it| it.0).unwrap_or_default();
            dispatch.dispatch(Action::ChangedTable(TableView { only, ..view.clone() }));
        })
    };
    let counts = ONLY.map(|(only, words)| {
        (words, Some(contexts::all(&props.rows).filter(|it| matches(it.1, only)).count()))
    });
    let chosen = ONLY.iter().position(|it| it.0 == props.view.only).unwrap_or_default();
    html! {
        <div class="controls">
            <label class="search">
                <span>{ "Find" }</span>
                <input type="search" id="find" value={props.view.filter.clone()} oninput={on_filter}
                    placeholder="Name, server, user ID, group, file" autocomplete="off" />
            </label>
            { segments("only", "Show only", &counts, chosen, &on_only) }
            <label>
                <span>{ "Group by" }</span>
                <select onchange={on_group}>
                    { for GROUPINGS.iter().map(|(it, value, words)| html! {
                        <option value={*value} selected={*it == props.view.grouping}>{ *words }</option>
                    }) }
                </select>
            </label>
        </div>
    }
}

const ONLY: [(Only, &str); 6] = [
    (Only::All, "All"),
    (Only::Expired, "Expired"),
    (Only::Due, "Due"),
    (Only::Admin, "Admin"),
    (Only::Unverified, "Unverified"),
    (Only::Exec, "Exec"),
];

const GROUPINGS: [(Grouping, &str, &str); 5] = [
    (Grouping::None, "none", "Nothing"),
    (Grouping::Identity, "identity", "Identity"),
    (Grouping::Groups, "groups", "Kubernetes groups"),
    (Grouping::Cluster, "cluster", "Cluster"),
    (Grouping::File, "file", "File"),
];

fn grouping(value: &str) -> Grouping {
    GROUPINGS.iter().find(|it| it.1 == value).map(|it| it.0).unwrap_or_default()
}

fn header(column: Column, words: &'static str, view: &TableView, dispatch: &Dispatch) -> Html {
    let (order, next) = match view.sort {
        Some((it, down)) if it == column => (order(down), (!down).then_some((column, true))),
        _ => ("none", Some((column, false))),
    };
    let sort = {
        let (view, dispatch) = (view.clone(), dispatch.clone());
        move |_| {
            dispatch.dispatch(Action::ChangedTable(TableView { sort: next, ..view.clone() }));
        }
    };
    html! {
        <th scope="col" aria-sort={order}>
            <button type="button" onclick={sort}>
                { words }
                <svg class="sort" viewBox="0 0 10 14" width="10" height="14" aria-hidden="true">
                    <path class="up" d="M5 1l3.5 4.5h-7z" /><path class="down" d="M5 13l3.5-4.5h-7z" />
                </svg>
            </button>
        </th>
    }
}

fn line(line: &Line, index: usize, props: &ContextTableProps) -> Html {
    let place = (index + 2).to_string();
    match line {
        Line::Group(name, n) => html! {
            <tr key={format!("group-{index}")} class="group" aria-rowindex={place}>
                <th colspan="7" scope="rowgroup">
                    if name.is_empty() { { "Not told by the file" } } else { { untrusted(name) } }
                    <small>{ count(*n, "context", "contexts") }</small>
                </th>
            </tr>
        },
        Line::Row(at) => match at.of(&props.rows) {
            Some(it) => row(it, *at, place, props),
            None => html! {},
        },
    }
}

fn row(row: &Row, at: RowRef, place: String, props: &ContextTableProps) -> Html {
    let selection = Selection { report: at.report, entry: row.entry };
    let selected = props.selection == Some(selection);
    let open = {
        let dispatch = props.dispatch.clone();
        move |_: MouseEvent| {
            dispatch.dispatch(Action::ChoseContext(selection));
            browser::focus("detail-title");
        }
    };
    let (tls, tls_detail, bad) = tls_words(row.tls);
    html! {
        <tr key={format!("{}-{}", at.report, at.row)} class={classes!(selected.then_some("selected"))} aria-rowindex={place}
            onclick={open.clone()}>
            <th scope="row">
                <button type="button" class="link" aria-current={selected.then_some("true")} title={plain(&row.name)}>{ untrusted(&row.name) }</button>
                if row.current { { " " }<span class="tag quiet">{ "current" }</span> }
                <small title={plain(&row.file)}>{ untrusted(&row.file) }</small>
            </th>
            <td>
                <span title={plain(&row.server)}>
                    if row.server.is_empty() { { "none" } } else { { untrusted(&row.server) } }
                </span>
                <small>{ row.reach }</small>
            </td>
            <td>
                if bad { { tag(Tone::Bad, tls) } } else { { tls } }
                <small>{ tls_detail }</small>
            </td>
            <td>
                if row.identity.is_empty() {
                    <span class="soft">{ "not in the file" }</span>
                } else {
                    <span title={plain(&row.identity)}>{ untrusted(&row.identity) }</span>
                    if !row.groups.is_empty() {
                        <small title={plain(&row.groups)}>{ untrusted(&row.groups) }</small>
                    }
                }
            </td>
            <td>
                { row.credential }
                if !row.credential_detail.is_empty() {
                    <small title={plain(&row.credential_detail)}>{ untrusted(&row.credential_detail) }</small>
                }
            </td>
            <td>{ expires(row, props.now) }</td>
            <td>
                if let Some(it) = row.lifetime {
                    { duration(it.seconds) }<small>{ lifetime_word(it.kind) }</small>
                }
            </td>
        </tr>
    }
}

fn expires(row: &Row, now: Timestamp) -> Html {
    match row.expires {
        None if row.standing == Standing::Refused => tag(Tone::Bad, Standing::Refused.word()),
        Some(end) => html! {
            <>
                { tag(row.standing.tone(), &end.distance(now)) }
                <small>{ match row.standing {
                    Standing::Refused => format!("{}, does not work", end.date()),
                    Standing::Due => format!("{}, due", end.date()),
                    _ => end.date(),
                } }</small>
            </>
        },
        None => html! { <span class="soft">{ row.endless.as_str() }</span> },
    }
}
