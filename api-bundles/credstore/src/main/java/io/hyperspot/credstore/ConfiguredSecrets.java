// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Secrets in configuration: what a component's configuration holds is either the secret itself or a
 * reference <code>${secret:name}</code> to one of the root tenant, that is followed at every use. An OSGi
 * service, thread-safe.
 *
 * <pre>{@code
 * ConfiguredSecret key = secrets.of(config._api__key());
 * }</pre>
 */
@ProviderType
@FunctionalInterface
public interface ConfiguredSecrets {
    /** Does no I/O. */
    ConfiguredSecret of(String configured);

    /** Without a store: every value stands for itself. For tests. */
    static ConfiguredSecrets literal() {
        return configured -> new ConfiguredSecret("", literal(configured.strip()));
    }

    private static Supplier<String> literal(String value) {
        return () -> value;
    }
}
