//! The plugins that were built into kubectl: oidc, and those that were removed.

use super::token_expired;
use crate::{
    diagnose::{CERTAIN, Cause, Family, LIKELY, POSSIBLE, Weight, file, scene::Scene},
    quote,
};

pub(super) static OIDC_NO_REFRESH: Family = Family {
    id: "oidc-token-expired",
    says: &[
        "No valid id-token, and cannot refresh without refresh-token",
        "oidc: token is expired",
        "id token is expired",
    ],
    causes: &[Cause {
        id: "oidc-token-expired",
        title: "The ID token in this kubeconfig has expired, and there is no refresh token to \
                get the next one",
        weigh: |scene| match token_expired(scene) {
            Weight::RuledOut(why) => Weight::of(POSSIBLE).because(why),
            Weight::Beside => Weight::of(LIKELY),
            fits => fits,
        },
        fix: &[
            "Sign in again with the program that wrote the kubeconfig.",
            "Better: replace auth-provider oidc by a sign-in program, as kubectl oidc-login.",
        ],
        commands: &[],
    }],
    source: "client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go",
};

pub(super) static OIDC_REFRESH_FAILED: Family = Family {
    id: "oidc-refresh-failed",
    says: &[
        "failed to refresh token",
        "failed refreshing the expired token",
        "acquiring a new fresh token",
        "oauth2: cannot fetch token",
        "oauth2: \"invalid_grant\"",
    ],
    causes: &[Cause {
        id: "oidc-refresh-failed",
        title: "The identity provider no longer accepts the refresh token",
        weigh: |_| Weight::of(LIKELY),
        fix: &["Sign in again with the program that wrote the kubeconfig."],
        commands: &[],
    }],
    source: "client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go",
};

pub(super) static OIDC_INCOMPLETE: Family = Family {
    id: "oidc-incomplete",
    says: &["Must provide idp-issuer-url", "Must provide client-id"],
    causes: &[Cause {
        id: "oidc-incomplete",
        title: "The settings of auth-provider oidc lack idp-issuer-url or client-id",
        weigh: file::shown_by_problem,
        fix: &["Add the missing setting, or sign in again with the program that wrote the file."],
        commands: &[
            "kubectl config set-credentials {user|NAME} --auth-provider=oidc --auth-provider-arg=idp-issuer-url=URL --auth-provider-arg=client-id=ID",
        ],
    }],
    source: "client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go",
};

pub(super) static OIDC_NOT_A_JWT: Family = Family {
    id: "oidc-not-a-jwt",
    says: &["ID Token is not a valid JWT"],
    causes: &[Cause {
        id: "oidc-not-a-jwt",
        title: "The id-token in this kubeconfig is no JSON Web Token",
        weigh: file::shown_by_problem,
        fix: &["Sign in again; an access token does not do in its place."],
        commands: &[],
    }],
    source: "client-go v0.33.1 plugin/pkg/client/auth/oidc/oidc.go",
};

/// Whether no user signs in with a plugin that is built in.
fn no_plugin(scene: &Scene<'_>) -> bool {
    scene.no_user(|it| it.auth_provider.is_some())
}

pub(super) static PLUGIN_REMOVED: Family = Family {
    id: "auth-plugin-removed",
    says: &[
        "The {name} auth plugin has been removed",
        "the {name} auth plugin is deprecated in",
        "The {name} auth plugin is not supported",
    ],
    causes: &[Cause {
        id: "auth-plugin-removed",
        title: "This kubeconfig signs in with a plugin that kubectl 1.26 and later no longer \
                contain",
        weigh: |scene| match scene.user().and_then(|it| it.auth_provider.as_ref()) {
            Some(it) => Weight::of(CERTAIN).because(format!(
                "The user {} has auth-provider {}.",
                quote::visible(&scene.value("user").unwrap_or_default()),
                quote::visible(&it.name)
            )),
            None if no_plugin(scene) => Weight::of_another(),
            None => Weight::of(LIKELY),
        },
        fix: &[
            "Google Cloud: install gke-gcloud-auth-plugin and fetch the credentials again; that \
             writes a kubeconfig with exec.",
            "Azure: run kubelogin convert-kubeconfig.",
        ],
        commands: &[
            "gcloud components install gke-gcloud-auth-plugin",
            "gcloud container clusters get-credentials CLUSTER --region REGION",
            "kubelogin convert-kubeconfig",
        ],
    }],
    source: "client-go v0.33.1 plugin/pkg/client/auth/gcp/gcp_stub.go, azure/azure_stub.go",
};

pub(super) static NO_AUTH_PROVIDER: Family = Family {
    id: "no-auth-provider",
    says: &["no Auth Provider found for name {name}", "no Auth Provider found for name"],
    causes: &[Cause {
        id: "no-auth-provider",
        title: "The program does not contain the sign-in plugin {name|that the kubeconfig names}",
        weigh: |scene| {
            let weight = match scene.user().and_then(|it| it.auth_provider.as_ref()) {
                Some(it) => Weight::of(CERTAIN).because(format!(
                    "The user {} has auth-provider {}.",
                    quote::visible(&scene.value("user").unwrap_or_default()),
                    quote::visible(&it.name)
                )),
                None if no_plugin(scene) => Weight::of_another(),
                None => Weight::of(LIKELY),
            };
            match scene.get("name").map(str::to_ascii_lowercase).as_deref() {
                Some("gcp") => weight
                    .step("Install gke-gcloud-auth-plugin and fetch the credentials again.")
                    .command("gcloud container clusters get-credentials CLUSTER --region REGION"),
                Some("azure") => weight
                    .step("Install kubelogin and convert the kubeconfig.")
                    .command("kubelogin convert-kubeconfig"),
                Some("oidc") => weight.step(
                    "The program was built without the oidc plugin: update it, or use a sign-in \
                     program (exec) as kubectl oidc-login.",
                ),
                _ => weight.step("Replace auth-provider by a sign-in program (exec)."),
            }
        },
        fix: &["Programs other than kubectl may lack plugins that kubectl has: update them."],
        commands: &[],
    }],
    source: "client-go v0.33.1 rest/plugin.go, GetAuthProvider",
};
