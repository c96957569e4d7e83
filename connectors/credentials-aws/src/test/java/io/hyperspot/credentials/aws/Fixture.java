// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.credentials.aws.FakeAws.Known;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.http.client.provider.PooledProviderClients;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;

/** The local server and workers for it, configured as Declarative Services would. */
final class Fixture implements AutoCloseable {
    static final TenantId TENANT = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    static final String ID = "5b1d5f3c-0c0c-4d4d-8e8e-000000000001";
    static final String NAME = "apps/hs/" + TENANT + "/" + ID;
    static final String KEY_ID = "AKIDEXAMPLE";
    static final String KEY = "wJalrXUtnFEMI/K7MDENG+7731";
    static final String VALUE = "value-7731-ä\u0000";

    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());
    private final List<AwsWorker> workers = new ArrayList<>();
    final FakeAws aws = new FakeAws();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    final AtomicInteger holders = new AtomicInteger();
    volatile @Nullable ConfiguredSecrets secrets = ConfiguredSecrets.literal();
    volatile Clock clock = Clock.systemUTC();

    Fixture() throws IOException {
        aws.keys.put(KEY_ID, new Known(KEY, ""));
    }

    /** Counts who holds the service. */
    private final ComponentServiceObjects<ConfiguredSecrets> objects = new ComponentServiceObjects<>() {
        @Override
        public @Nullable ConfiguredSecrets getService() {
            ConfiguredSecrets service = secrets;
            if (service != null) {
                holders.incrementAndGet();
            }
            return service;
        }

        @Override
        public void ungetService(ConfiguredSecrets service) {
            holders.decrementAndGet();
        }

        @Override
        public ServiceReference<ConfiguredSecrets> getServiceReference() {
            throw new UnsupportedOperationException();
        }
    };

    AwsWorker worker(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "region", FakeAws.REGION,
                "endpoint", aws.url().toString(),
                "prefix", "apps/hs",
                "credentials", "configured",
                "access_key_id", KEY_ID,
                "secret_access_key", KEY,
                "timeout_seconds", 1));
        all.putAll(settings);
        AwsWorker worker = new AwsWorker(
                clients,
                new SecretsService(objects),
                config(all),
                Map.of("instance.name", "aws"),
                environment::get,
                clock,
                System::nanoTime);
        workers.add(worker);
        return worker;
    }

    AwsWorker worker() {
        return worker(Map.of());
    }

    static AwsConfig config(Map<String, Object> settings) {
        return (AwsConfig) Proxy.newProxyInstance(
                AwsConfig.class.getClassLoader(), new Class<?>[] {AwsConfig.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Annotation.class || method.getDeclaringClass() == Object.class) {
                        return method.getName();
                    }
                    Object value = settings.get(method.getName().replaceFirst("^_", "").replace("__", "_"));
                    return value == null ? method.getDefaultValue() : value;
                });
    }

    static Slot slot(long version) {
        return new Slot(TENANT, "open-ai", ID, version);
    }

    static Optional<String> text(AwsWorker worker, long version) {
        return worker.get(slot(version)).map(Secret::text);
    }

    /** What nobody may read in a log or in an answer. */
    static ProblemException problem(ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        StringWriter logged = new StringWriter();
        e.printStackTrace(new PrintWriter(logged));
        assertThat(logged + " " + e.context()).doesNotContain("7731").doesNotContain("Signature=");
        assertThat(e.getMessage()).contains("store 'aws'");
        return e;
    }

    @Override
    public void close() {
        workers.forEach(AwsWorker::close);
        aws.close();
        clients.stop();
        assertThat(aws.mistakes).isEmpty();
        assertThat(holders).hasValue(0);
    }
}
