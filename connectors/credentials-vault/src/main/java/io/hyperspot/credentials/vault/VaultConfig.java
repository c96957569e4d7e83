// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
        name = "credentials-vault",
        description = "Secrets in HashiCorp Vault, in a key-value engine of version 2, one an instance; the instance's name is what"
                + " secrets say in store, and must stay what it is.")
@interface VaultConfig {
    @AttributeDefinition(
            name = "address",
            description = "Where Vault is, for example https://vault.example.com:8200; https unless it is on this machine. Of a"
                    + " cluster: the address that leads to the active node.")
    String address();

    @AttributeDefinition(name = "mount", description = "Where the key-value engine of version 2 is mounted.")
    String mount() default "secret";

    @AttributeDefinition(
            name = "prefix",
            description = "Below which path of the engine the secrets are: <prefix>/<tenant>/<secret>/<version>. Nothing else"
                    + " may write there.")
    String prefix() default "hyperspot";

    @AttributeDefinition(name = "namespace", description = "Vault Enterprise's namespace of the mount and of the login; empty: the root.")
    String namespace() default "";

    @AttributeDefinition(
            name = "auth",
            description = "How this server shows who it is: token, with a file that Vault Agent keeps; approle; or kubernetes, with"
                    + " the service account's token.",
            options = {
                @Option(label = "token", value = "token"),
                @Option(label = "approle", value = "approle"),
                @Option(label = "kubernetes", value = "kubernetes")
            })
    String auth() default "token";

    @AttributeDefinition(
            name = "auth_mount",
            description = "For approle and kubernetes: where the auth method is mounted; empty: at the method's own name.")
    String auth__mount() default "";

    @AttributeDefinition(
            name = "token_file",
            description = "For token: the file that holds Vault's token. It is read at every use, so whoever renews it only writes it.")
    String token__file() default "";

    @AttributeDefinition(name = "role_id", description = "For approle: the role's id.")
    String role__id() default "";

    @AttributeDefinition(
            name = "secret_id_file",
            description = "For approle: the file that holds the secret id, read at every login; empty: the role needs none.")
    String secret__id__file() default "";

    @AttributeDefinition(name = "role", description = "For kubernetes: the name of the role.")
    String role() default "";

    @AttributeDefinition(
            name = "jwt_file",
            description = "For kubernetes: the file that holds the service account's token, read at every login.")
    String jwt__file() default "/var/run/secrets/kubernetes.io/serviceaccount/token";

    @AttributeDefinition(
            name = "timeout_seconds",
            description = "How long one request to Vault may take; what needs several may take three times as long.",
            min = "1",
            max = "60")
    int timeout__seconds() default 5;

    @AttributeDefinition(
            name = "takeover_seconds",
            description = "How old the value of a version must be until another value replaces it. A younger one may be what another"
                    + " server is about to commit; an older one was left by a write that failed.",
            min = "1",
            max = "3600")
    int takeover__seconds() default 120;

    @AttributeDefinition(
            name = "max_connections",
            description = "Connections to Vault at most; further calls wait for one, for as long as one request may take.",
            min = "1",
            max = "1000")
    int max__connections() default 32;
}
