// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.Installation;
import io.hyperspot.security.keys.MovedClock;
import io.hyperspot.security.keys.Recorded;
import io.hyperspot.security.sessions.Limits;
import io.hyperspot.security.sessions.SessionModule;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker;
import io.hyperspot.security.spi.RedirectWorker;
import io.hyperspot.security.spi.TokenWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The whole gateway on a database, with workers that a test sets. */
public final class House {
    public static final TenantId TENANT = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    public static final Identity ANNA =
            new Identity("user:anna", "Anna", TENANT, List.of("staff"), List.of(Permission.ALL));
    public static final Limits LIMITS =
            new Limits(Duration.ofMinutes(30), Duration.ofHours(12), 3, Duration.ofMillis(50));

    public final Installation keys;
    public final SessionModule sessions;
    public final FakeWorkers<TokenWorker> tokens = new FakeWorkers<>(worker -> "");
    public final FakeWorkers<PasswordWorker> passwords = new FakeWorkers<>(PasswordWorker::provider);
    public final FakeWorkers<RedirectWorker> redirects = new FakeWorkers<>(RedirectWorker::provider);
    public final Gateway gateway;
    public final Logins logins;
    public final Recorded recorded;

    public House(Path home, MovedClock clock, Map<String, String> database) throws Exception {
        keys = new Installation(home, clock, database);
        sessions = new SessionModule(keys.persistence, Installation.migrations(), keys.module, LIMITS, clock);
        gateway = new Gateway(false, keys.module, sessions, tokens, clock);
        logins = new Logins(keys.persistence, Installation.migrations(), sessions, passwords, redirects, "", clock);
        recorded = new Recorded(keys.persistence);
        logins.bindAudit(recorded);
        await().until(() -> sessions.health().state() == State.UP);
    }

    public SessionModule.Opened open() {
        return sessions.open(ANNA, "fake", Instant.MAX, "192.0.2.1", "browser");
    }

    public void close() throws InterruptedException {
        recorded.close();
        logins.close();
        gateway.close();
        sessions.close();
        keys.close();
    }
}
