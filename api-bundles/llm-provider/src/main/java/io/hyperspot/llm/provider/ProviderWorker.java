// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.security.SecurityContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A worker whose models are one provider's. What is left to a connector is how the provider's protocol is spoken: a
 * component that extends this, closes it when it is deactivated, and says which protocols it forwards.
 */
@ConsumerType
public abstract class ProviderWorker implements LlmWorker, WireWorker, HealthContributor, AutoCloseable {
    private final String pid;

    /** The provider, for what is sent to it. */
    protected final Provider upstream;

    /** As {@link Provider#Provider}. */
    protected ProviderWorker(
            ProviderClients clients,
            ConfiguredSecrets secrets,
            String pid,
            Map<String, Object> properties,
            Connection connection,
            Vendor vendor) {
        this.pid = pid;
        upstream = new Provider(clients, secrets, pid, properties, connection, vendor);
    }

    @Override
    public final String provider() {
        return upstream.name();
    }

    @Override
    public final List<ModelInfo> models() {
        return upstream.models();
    }

    @Override
    public final boolean allowsUnlisted() {
        return upstream.allowsUnlisted();
    }

    @Override
    public final void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws IOException {
        upstream.forward(call, sink, cancellation);
    }

    @Override
    public final String name() {
        return pid + "-" + upstream.name();
    }

    @Override
    public final Health health() {
        return upstream.health();
    }

    @Override
    public final void close() {
        upstream.close();
    }

    /** For logs. */
    @Override
    public final String toString() {
        return name();
    }
}
