// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "credstore", description = "Secrets of tenants.")
@interface CredstoreConfig {
    @AttributeDefinition(
            name = "key_encryption",
            description = "Where the key is under which the data keys of secrets are encrypted.",
            options = {
                @Option(label = "file", value = "file"),
                @Option(label = "environment", value = "environment"),
                @Option(label = "transit", value = "transit"),
                @Option(label = "pkcs11", value = "pkcs11")
            })
    String key__encryption() default "file";

    @AttributeDefinition(
            name = "key_variable",
            description = "For environment: the variable with the keys, name:hex,name:hex; the last one is current.")
    String key__variable() default "HYPERSPOT_CREDSTORE_KEYS";

    @AttributeDefinition(
            name = "transit_url",
            description = "For transit: where HashiCorp Vault is, for example https://vault.example.com:8200.")
    String transit__url() default "";

    @AttributeDefinition(name = "transit_mount", description = "For transit: where its transit engine is mounted.")
    String transit__mount() default "transit";

    @AttributeDefinition(name = "transit_key", description = "For transit: the name of the key, of type aes256-gcm96.")
    String transit__key() default "hyperspot";

    @AttributeDefinition(
            name = "transit_token",
            description = "For transit: Vault's token. Best as ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _transit__token() default "";

    @AttributeDefinition(name = "pkcs11_library", description = "For pkcs11: the shared library of the token's maker.")
    String pkcs11__library() default "";

    @AttributeDefinition(name = "pkcs11_slot", description = "For pkcs11: index of the slot in the library's list.", min = "0")
    int pkcs11__slot() default 0;

    @AttributeDefinition(
            name = "pkcs11_pin",
            description = "For pkcs11: the user's PIN. Best as ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _pkcs11__pin() default "";

    @AttributeDefinition(
            name = "reference_refresh_seconds",
            description = "How long a secret that configuration refers to is used before it is read again; a change"
                    + " made through this server is followed at once.",
            min = "1")
    int reference__refresh__seconds() default 30;
}
