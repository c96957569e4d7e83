// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Configuration of the module. */
@ObjectClassDefinition(id = "plugins", name = "Plugins", description = "How plugins are taken and upgraded.")
public @interface PluginsConfig {
    @AttributeDefinition(description = "Longest time until a plugin has started and is healthy, in seconds.", min = "1")
    int start__timeout__seconds() default 15;

    @AttributeDefinition(
            description = "How long a new version is watched; it is taken back when it fails more often than the old one.",
            min = "0")
    int watch__period__seconds() default 30;

    @AttributeDefinition(description = "Versions of a plugin that are kept for a rollback, beside the active one.", min = "1")
    int keep__versions() default 5;

    @AttributeDefinition(description = "Largest JAR that is taken, in MB.", min = "1")
    int max__jar__mb() default 512;

    @AttributeDefinition(
            description = "What becomes of plugins without a trusted jarsigner signature: off, warn, or require (they are refused).",
            options = {
                @Option(label = "off", value = "off"),
                @Option(label = "warn", value = "warn"),
                @Option(label = "require", value = "require")
            })
    String signatures() default "off";

    @AttributeDefinition(
            description = "PEM file with the certificates of trusted signers, or of their authorities; relative to the home.")
    String trusted__certificates() default "config/trusted-certificates.pem";
}
