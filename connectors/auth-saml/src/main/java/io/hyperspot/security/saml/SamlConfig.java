// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "auth-saml",
        description = "Identity providers that speak SAML 2.0, one an instance: people can log in there.")
@interface SamlConfig {
    @AttributeDefinition(
            name = "metadata_file",
            description = "A file with the provider's metadata (EntityDescriptor), read at start: instead of idp_entity_id, sso_url and"
                    + " certificates. Whoever can write it decides who logs in.")
    String metadata__file() default "";

    @AttributeDefinition(name = "idp_entity_id", description = "What the provider calls itself, exactly as it stands in its answers (Issuer).")
    String idp__entity__id() default "";

    @AttributeDefinition(
            name = "sso_url",
            description = "The provider's page for logins (SingleSignOnService with HTTP-Redirect); https unless it is on this machine.")
    String sso__url() default "";

    @AttributeDefinition(
            name = "certificates",
            description = "The provider's certificates for signatures, as PEM, for example ${file:PATH}. More than one while the"
                    + " provider changes its key. Keys that an answer brings itself are never used.")
    String[] certificates() default {};

    @AttributeDefinition(
            name = "sp_entity_id",
            description = "What this server is called at the provider: the audience of its answers. Usually the server's public URL.")
    String sp__entity__id();

    @AttributeDefinition(
            name = "signing_key",
            description = "A private key (PKCS #8 as PEM; RSA of 2048 bits or more, or EC) with which requests for logins are signed;"
                    + " empty: they are not. Best as ${secret:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _signing__key() default "";

    @AttributeDefinition(
            name = "tenant",
            description = "The tenant of everybody from this provider, a UUID. Either this or tenant_attribute.")
    String tenant() default "";

    @AttributeDefinition(
            name = "tenant_attribute",
            description = "The attribute that says the tenant; whose value is not listed in tenants is refused.")
    String tenant__attribute() default "";

    @AttributeDefinition(
            name = "tenants",
            description = "The tenants that tenant_attribute may lead to: VALUE=UUID, or the UUID alone when that is the value. Never"
                    + " the root tenant.")
    String[] tenants() default {};

    @AttributeDefinition(
            name = "subject_attribute",
            description = "The attribute that says who somebody is: one value, never changed and never given to somebody else. Empty:"
                    + " the persistent NameID, which is asked for.")
    String subject__attribute() default "";

    @AttributeDefinition(
            name = "name_attribute",
            description = "The attribute with the name for lists and audits; where it is missing the subject.")
    String name__attribute() default "displayName";

    @AttributeDefinition(name = "groups_attribute", description = "The attribute with the groups; empty: nobody gets groups.")
    String groups__attribute() default "";

    @AttributeDefinition(
            name = "groups",
            description = "Which value of groups_attribute is which group: VALUE=GROUP, split at the last '='; other values are left"
                    + " out. Empty: every value is a group of its name.")
    String[] groups() default {};

    @AttributeDefinition(
            name = "groups_prefix",
            description = "Put before each group's name, so that equal names of two providers are two groups.")
    String groups__prefix() default "";

    @AttributeDefinition(
            name = "authn_contexts",
            description = "How the person must have logged in there, one of these (AuthnContextClassRef), for example"
                    + " https://refeds.org/profile/mfa; asked for and checked. Empty: as the provider likes.")
    String[] authn__contexts() default {};

    @AttributeDefinition(
            name = "force_authn",
            description = "Whether the person has to log in there each time, also with a session at the provider.")
    boolean force__authn() default false;

    @AttributeDefinition(
            name = "max_authentication_age_seconds",
            description = "How long ago the person may have logged in at the provider; 0: as long as the provider's session lives.",
            min = "0")
    int max__authentication__age__seconds() default 0;

    @AttributeDefinition(
            name = "clock_skew_seconds",
            description = "How far the provider's clock may be off.",
            min = "0",
            max = "300")
    int clock__skew__seconds() default 60;

    @AttributeDefinition(
            name = "max_response_bytes",
            description = "Longer answers are refused.",
            min = "4096",
            max = "327680")
    int max__response__bytes() default 131_072;
}
