// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "auth-oidc",
        description = "Identity providers that speak OpenID Connect, one an instance: access tokens of theirs are accepted, and"
                + " people can log in there.")
@interface OidcConfig {
    @AttributeDefinition(
            name = "issuer",
            description = "The provider's issuer exactly as it stands in its tokens, for example https://login.example.com/realms/acme;"
                    + " https unless it is on this machine.")
    String issuer();

    @AttributeDefinition(
            name = "audiences",
            description = "Access tokens must be meant for one of these (claim aud). Empty: no access token is accepted, people can"
                    + " only log in.")
    String[] audiences() default {};

    @AttributeDefinition(
            name = "client_id",
            description = "By what the provider knows this server when people log in. Empty: access tokens only, no login.")
    String client__id() default "";

    @AttributeDefinition(
            name = "client_secret",
            description = "The client's secret, sent as client_secret_basic; empty: a public client. Best as ${secret:NAME},"
                    + " ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _client__secret() default "";

    @AttributeDefinition(name = "login_scopes", description = "What a login asks for; openid is always asked for.")
    String[] login__scopes() default {"openid", "profile"};

    @AttributeDefinition(
            name = "tenant",
            description = "The tenant of everybody from this provider, a UUID. Either this or tenant_claim.")
    String tenant() default "";

    @AttributeDefinition(
            name = "tenant_claim",
            description = "The claim that holds the tenant's UUID; whoever has none is refused, and nobody gets the root tenant by a"
                    + " claim. Dots lead into objects.")
    String tenant__claim() default "";

    @AttributeDefinition(
            name = "groups_claim",
            description = "The claim that holds the groups, a list of names. Dots lead into objects: realm_access.roles.")
    String groups__claim() default "groups";

    @AttributeDefinition(
            name = "groups_prefix",
            description = "Put before each group's name, so that equal names of two providers are two groups.")
    String groups__prefix() default "";

    @AttributeDefinition(
            name = "name_claim",
            description = "The claim that holds the name for lists and audits; where it is missing preferred_username, email or sub.")
    String name__claim() default "name";

    @AttributeDefinition(
            name = "userinfo",
            description = "Whether a login asks the provider's userinfo endpoint for the claims that its ID token does not hold.")
    boolean userinfo() default true;

    @AttributeDefinition(
            name = "scope_permissions",
            description = "Whether an access token may do only what the permissions among its scopes allow, for example"
                    + " gts.hyperspot.llm.*:invoke. False: its scopes limit nothing.")
    boolean scope__permissions() default false;

    @AttributeDefinition(
            name = "algorithms",
            description = "Signatures that are accepted, of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA.")
    String[] algorithms() default {"RS256", "PS256", "ES256", "EdDSA"};

    @AttributeDefinition(
            name = "clock_skew_seconds",
            description = "How far the provider's clock may be off.",
            min = "0",
            max = "600")
    int clock__skew__seconds() default 60;

    @AttributeDefinition(name = "max_token_bytes", description = "Longer tokens are refused.", min = "512", max = "65536")
    int max__token__bytes() default 16_384;

    @AttributeDefinition(
            name = "keys_refresh_seconds",
            description = "After that time the provider's keys are read again; until they have come the old ones hold.",
            min = "1")
    int keys__refresh__seconds() default 300;

    @AttributeDefinition(
            name = "keys_pause_seconds",
            description = "However many tokens name keys that are not known: the provider is asked once in this time.",
            min = "1")
    int keys__pause__seconds() default 10;

    @AttributeDefinition(
            name = "keys_outage_seconds",
            description = "How long known keys are used while the provider cannot be asked; then its tokens are answered 503.",
            min = "0")
    int keys__outage__seconds() default 14_400;

    @AttributeDefinition(
            name = "timeout_seconds",
            description = "The longest that one answer of the provider may take.",
            min = "1",
            max = "60")
    int timeout__seconds() default 5;

    @AttributeDefinition(
            name = "trusted_origins",
            description = "Further addresses of the provider (scheme, host, port) that may be in a private network. What the provider"
                    + " names beyond these and the issuer's is asked only at public addresses.")
    String[] trusted__origins() default {};
}
