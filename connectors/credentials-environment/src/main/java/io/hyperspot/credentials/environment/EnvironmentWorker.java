// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.environment;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Values of environment variables. Only those with an allowed prefix, and only for the root tenant: the
 * environment is the operator's.
 */
@Component(service = CredentialWorker.class, configurationPid = "credentials-environment")
@Designate(ocd = EnvironmentConfig.class)
@GtsWorker(type = CredentialWorker.TYPE, instance = CredentialWorker.TYPE + "hyperspot.core.credentials.environment.v1")
public final class EnvironmentWorker implements CredentialWorker {
    private final List<String> prefixes;
    private final UnaryOperator<@Nullable String> environment;

    @Activate
    public EnvironmentWorker(EnvironmentConfig config) {
        this(List.of(config.prefixes()), System::getenv);
    }

    EnvironmentWorker(List<String> prefixes, UnaryOperator<@Nullable String> environment) {
        // an empty prefix would allow all variables
        this.prefixes = prefixes.stream().filter(prefix -> !prefix.isBlank()).toList();
        this.environment = environment;
    }

    @Override
    public String store() {
        return "environment";
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public Optional<Secret> get(Slot slot) {
        if (!slot.tenant().equals(TenantId.ROOT)) {
            return Optional.empty();
        }
        String name = slot.reference().replace('-', '_').toUpperCase(Locale.ROOT);
        for (String prefix : prefixes) {
            String value = environment.apply(prefix + name);
            if (value != null && !value.isEmpty()) {
                return Optional.of(Secret.of(value));
            }
        }
        return Optional.empty();
    }

    @Override
    public void put(Slot slot, Secret value) {
        throw new ProblemException(
                ErrorCategory.UNIMPLEMENTED, "ENVIRONMENT_READ_ONLY", "environment variables are set where the server is started");
    }

    @Override
    public void delete(Slot slot) {
        // the variable stays what it is; the gateway forgets the secret
    }
}
