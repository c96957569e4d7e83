// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The local server and workers for it, configured as Declarative Services would, with a time that is set. */
final class Fixture implements AutoCloseable {
    static final TenantId TENANT = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    static final String ID = "5b1d5f3c-0c0c-4d4d-8e8e-000000000001";
    static final String TOKEN = "hvs.file-7731";
    static final String VALUE = "value-7731-ä\u0000";

    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());
    private final List<VaultWorker> workers = new ArrayList<>();
    private final Path folder;
    private volatile Duration ahead = Duration.ZERO;
    final FakeVault vault;
    final Path tokenFile;
    final Path secretIdFile;
    final Path jwtFile;

    Fixture(Path folder) throws IOException {
        this.folder = folder;
        vault = new FakeVault(this::now);
        tokenFile = file("token", TOKEN + "\n");
        secretIdFile = file("secret-id", vault.secretId);
        jwtFile = file("jwt", vault.jwt);
        vault.token(TOKEN, Duration.ofDays(1));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    Instant now() {
        return Instant.now().plus(ahead);
    }

    void forward(Duration time) {
        ahead = ahead.plus(time);
    }

    VaultWorker worker(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "address", vault.url().toString(),
                "mount", "/" + FakeVault.MOUNT + "/",
                "prefix", "apps/hs",
                "namespace", FakeVault.NAMESPACE + "/",
                "token_file", tokenFile.toString(),
                "timeout_seconds", 1));
        all.putAll(settings);
        VaultWorker worker = new VaultWorker(
                clients,
                config(all),
                Map.of("instance.name", "vault"),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                () -> System.nanoTime() + ahead.toNanos());
        workers.add(worker);
        return worker;
    }

    VaultWorker worker() {
        return worker(Map.of());
    }

    VaultWorker appRole() {
        return worker(Map.of("auth", "approle", "role_id", FakeVault.ROLE_ID, "secret_id_file", secretIdFile.toString()));
    }

    VaultWorker kubernetes() {
        return worker(Map.of("auth", "kubernetes", "auth_mount", "k8s/east", "role", "hyperspot", "jwt_file", jwtFile.toString()));
    }

    static VaultConfig config(Map<String, Object> settings) {
        return (VaultConfig) Proxy.newProxyInstance(
                VaultConfig.class.getClassLoader(), new Class<?>[] {VaultConfig.class}, (proxy, method, args) -> {
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

    static String path(long version) {
        return "apps/hs/" + TENANT + "/" + ID + "/" + version;
    }

    static Optional<String> text(VaultWorker worker, long version) {
        return worker.get(slot(version)).map(Secret::text);
    }

    /** What nobody may read in a log or in an answer. */
    static ProblemException problem(ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        StringWriter logged = new StringWriter();
        e.printStackTrace(new PrintWriter(logged));
        assertThat(logged + " " + e.context()).doesNotContain("7731").doesNotContain("secret-id-1").doesNotContain("eyJ");
        assertThat(e.getMessage()).contains("store 'vault'");
        return e;
    }

    @Override
    public void close() {
        workers.forEach(VaultWorker::close);
        vault.close();
        clients.stop();
        assertThat(vault.mistakes).isEmpty();
    }
}
