//! The recipes of docs/hosting.md: they say the same in every file, and grant nothing that is not
//! needed. What nginx and browsers make of them is looked at in tests/web/hosting.spec.js.

use std::{collections::BTreeMap, fs};

use serde::Deserialize as _;
use serde_yaml::Value;

/// A file of the project, as text.
fn read(name: &str) -> String {
    fs::read_to_string(name).unwrap_or_else(|it| panic!("{name}: {it}"))
}

/// The headers of deploy/_headers for the paths called `block`.
fn promised(block: &str) -> BTreeMap<String, String> {
    let text = read("deploy/_headers");
    let lines = text.lines().skip_while(|it| *it != block).skip(1);
    lines
        .take_while(|it| it.starts_with(' '))
        .filter_map(|it| it.trim().split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn nginx_sends_the_headers_that_other_hosts_read_from_a_file() {
    let text = read("deploy/nginx.conf");
    let mut sent: BTreeMap<String, String> = text
        .lines()
        .filter_map(|it| it.trim().strip_prefix("add_header ")?.strip_suffix(" always;"))
        .filter_map(|it| it.split_once(' '))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect();
    // nginx looks it up by the file's name.
    assert_eq!(sent.insert("Cache-Control".into(), "no-cache".into()).as_deref(), Some("$caching"));
    assert_eq!(sent, promised("/*"));
    let wasm = &promised("/*.wasm")["Cache-Control"];
    assert!(text.contains(&format!("\\.wasm$\" \"{wasm}\";")), "nginx keeps the WASM as long");
}

#[test]
fn every_header_is_explained() {
    let text = read("docs/hosting.md");
    let table: Vec<&str> = text.lines().filter(|it| it.starts_with("| `")).collect();
    for (name, value) in promised("/*") {
        let explained =
            |it: &&str| it.starts_with(&format!("| `{name}")) || it.contains(&format!(", `{name}"));
        if name == "Cache-Control" {
            assert!(table.iter().any(|it| it.contains(&format!("`{value}`"))), "{value}");
        } else {
            assert!(table.iter().any(explained), "docs/hosting.md does not say why {name} is sent");
        }
    }
}

/// Every document of a file of manifests.
fn manifests(name: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(&read(name))
        .map(|it| Value::deserialize(it).unwrap_or_else(|it| panic!("{name}: {it}")))
        .collect()
}

/// The value at `path`, names of fields and numbers of items between dots.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |it, name| match name.parse::<usize>() {
        Ok(index) => &it[index],
        Err(_) => &it[name],
    })
}

fn find<'a>(documents: &'a [Value], kind: &str) -> &'a Value {
    documents.iter().find(|it| it["kind"] == kind).unwrap_or_else(|| panic!("there is no {kind}"))
}

const PAGE: &str = "deploy/kubernetes/page.yaml";
const SINGLE: &str = "deploy/kubernetes/single-file.yaml";

#[test]
fn pods_may_do_nothing_but_serve() {
    for name in [PAGE, SINGLE] {
        let documents = manifests(name);
        let deployment = find(&documents, "Deployment");
        assert_eq!(deployment["apiVersion"], "apps/v1");
        for (path, expected) in [
            ("spec.template.spec.automountServiceAccountToken", Value::from(false)),
            ("spec.template.spec.securityContext.runAsNonRoot", Value::from(true)),
            ("spec.template.spec.securityContext.runAsUser", Value::from(101)),
            (
                "spec.template.spec.securityContext.seccompProfile.type",
                Value::from("RuntimeDefault"),
            ),
            (
                "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation",
                Value::from(false),
            ),
            (
                "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem",
                Value::from(true),
            ),
            (
                "spec.template.spec.containers.0.securityContext.capabilities.drop.0",
                Value::from("ALL"),
            ),
        ] {
            assert_eq!(at(deployment, path), &expected, "{name}: {path}");
        }
        let pod = at(deployment, "spec.template.spec");
        assert_eq!(pod["containers"].as_sequence().map(Vec::len), Some(1), "{name}");
        assert_eq!(
            at(deployment, "spec.selector.matchLabels"),
            at(deployment, "spec.template.metadata.labels")
        );
        let mounts =
            at(pod, "containers.0.volumeMounts").as_sequence().expect("it mounts something");
        let volumes = pod["volumes"].as_sequence().expect("it has volumes");
        for mount in mounts {
            let volume = volumes.iter().find(|it| it["name"] == mount["name"]);
            let volume = volume.unwrap_or_else(|| panic!("{name}: no volume for {mount:?}"));
            // nginx writes to /tmp and nowhere else: see the paths in deploy/nginx.conf.
            assert_eq!(
                mount["readOnly"] == true,
                mount["mountPath"] != "/tmp",
                "{name}: {mount:?}"
            );
            assert_eq!(mount["mountPath"] == "/tmp", volume.get("emptyDir").is_some(), "{name}");
        }
        assert_eq!(mounts.len(), volumes.len(), "{name}");
    }
    for line in read("deploy/nginx.conf").lines().map(str::trim) {
        if line.starts_with("pid ") || line.contains("_temp_path ") {
            assert!(line.contains(" /tmp/"), "the file system is read-only: {line}");
        }
    }
}

#[test]
fn the_service_finds_the_pods_and_the_ingress_the_service() {
    let documents = manifests(PAGE);
    let [deployment, service, ingress, policy] =
        ["Deployment", "Service", "Ingress", "NetworkPolicy"].map(|it| find(&documents, it));
    for (from, path) in [(service, "spec.selector"), (policy, "spec.podSelector.matchLabels")] {
        assert_eq!(at(from, path), at(deployment, "spec.template.metadata.labels"), "{path}");
    }
    let port = at(deployment, "spec.template.spec.containers.0.ports.0");
    assert_eq!(at(service, "spec.ports.0.targetPort"), &port["name"]);
    assert_eq!(at(policy, "spec.ingress.0.ports.0.port"), &port["name"]);
    assert_eq!(at(policy, "spec.egress").as_sequence().map(Vec::len), Some(0));
    assert_eq!(at(policy, "spec.policyTypes.1"), "Egress");
    let backend = at(ingress, "spec.rules.0.http.paths.0.backend.service");
    assert_eq!(backend["name"], service["metadata"]["name"]);
    assert_eq!(at(backend, "port.name"), at(service, "spec.ports.0.name"));
    assert_eq!(at(ingress, "spec.tls.0.hosts.0"), at(ingress, "spec.rules.0.host"));
    // The other recipe is served by the same Service.
    let other = manifests(SINGLE);
    assert_eq!(
        at(service, "spec.selector"),
        at(find(&other, "Deployment"), "spec.template.metadata.labels")
    );
    let listen = format!("listen {};", port["containerPort"].as_u64().unwrap_or_default());
    assert!(read("deploy/nginx.conf").contains(&listen), "nginx does not {listen}");
}

#[test]
fn the_image_holds_the_page_and_runs_as_nobody() {
    let text = read("deploy/Containerfile");
    let lines: Vec<&str> = text.lines().filter(|it| !it.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "FROM docker.io/nginxinc/nginx-unprivileged:stable-alpine",
            "COPY deploy/nginx.conf /etc/nginx/nginx.conf",
            "COPY dist/ /usr/share/nginx/html/",
            "USER 101",
            "EXPOSE 8080",
        ]
    );
    let image =
        at(find(&manifests(SINGLE), "Deployment"), "spec.template.spec.containers.0.image").clone();
    assert_eq!(Some(image), lines[0].strip_prefix("FROM ").map(Value::from));
    assert!(read("deploy/nginx.conf").contains("root /usr/share/nginx/html;"));
}

#[test]
fn the_workflow_publishes_what_dist_writes_and_may_do_nothing_else() {
    let [workflow] = &manifests("deploy/github-pages.yaml")[..] else {
        panic!("a workflow is one document")
    };
    let granted: BTreeMap<&str, &str> = workflow["permissions"]
        .as_mapping()
        .expect("permissions are named")
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value.as_str()?)))
        .collect();
    assert_eq!(
        granted,
        BTreeMap::from([("contents", "read"), ("id-token", "write"), ("pages", "write")])
    );
    let steps = at(workflow, "jobs.publish.steps").as_sequence().expect("a job has steps");
    let step = |name: &str| {
        let find = |it: &Value| {
            it["uses"].as_str().or(it["run"].as_str()).is_some_and(|it| it.starts_with(name))
        };
        steps.iter().position(find).unwrap_or_else(|| panic!("no step {name}"))
    };
    let order = [
        "actions/checkout",
        "cargo xtask dist",
        "actions/upload-pages-artifact",
        "actions/deploy-pages",
    ];
    assert!(order.map(step).is_sorted());
    assert_eq!(at(&steps[step("actions/upload-pages-artifact")], "with.path"), "dist");
}
