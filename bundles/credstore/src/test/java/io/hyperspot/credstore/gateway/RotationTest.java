// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static io.hyperspot.credstore.gateway.Installation.A;
import static io.hyperspot.credstore.gateway.Installation.ROOT;
import static io.hyperspot.credstore.gateway.Installation.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.credstore.gateway.KeyRotation.Kind;
import io.hyperspot.credstore.gateway.KeyRotation.Progress;
import io.hyperspot.credstore.keys.Envelope;
import io.hyperspot.credstore.keys.FileKeys;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class RotationTest {
    private static final int SECRETS = 230;

    @TempDir
    private Path home;

    private final TestDatabase database;
    private Map<String, String> place = Map.of();

    RotationTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void start() throws Exception {
        place = database.fresh();
    }

    private List<String> fill(Installation installation) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < SECRETS; i++) {
            ids.add(installation.credentials().create(A, secret("s" + i, "v" + i, Sharing.TENANT)).id());
        }
        return ids;
    }

    private static void assertAllThere(Installation installation) {
        for (int i = 0; i < SECRETS; i++) {
            assertThat(installation.text(A, "s" + i)).isEqualTo("v" + i);
        }
    }

    private static Progress progress(Installation installation, Kind kind) {
        return installation.module.progress(ROOT, kind).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void rotatesWhileSecretsAreRead(Kind kind) throws Exception {
        try (Installation installation = new Installation(home, place, Clock.systemUTC()).ready()) {
            List<String> ids = fill(installation);
            VersionTable.Row before = installation.stored(ids.getFirst());
            AtomicBoolean over = new AtomicBoolean();
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "s" + i * 50;
                String value = "v" + i * 50;
                // on threads that the system shares out: virtual ones that never wait would leave none to the rotation
                readers.add(Thread.ofPlatform().start(() -> {
                    while (!over.get() && failures.isEmpty()) {
                        try {
                            assertThat(installation.text(A, name)).isEqualTo(value);
                        } catch (RuntimeException | AssertionError e) {
                            failures.add(e);
                        }
                    }
                }));
            }
            try {
                installation.module.start(ROOT, kind);
                await().atMost(java.time.Duration.ofSeconds(60)).until(() -> progress(installation, kind).finishedAt() != null);
            } finally {
                over.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            assertThat(failures).isEmpty();
            assertThat(progress(installation, kind).done()).isEqualTo(SECRETS);
            VersionTable.Row after = installation.stored(ids.getFirst());
            boolean newKey = !after.get(VersionTable.VERSION.keyId).equals(before.get(VersionTable.VERSION.keyId));
            assertThat(newKey).isEqualTo(kind == Kind.KEY_ENCRYPTION);
            assertThat(after.get(VersionTable.VERSION.wrappedKey)).isNotEqualTo(before.get(VersionTable.VERSION.wrappedKey));
            assertThat(java.util.Arrays.equals(
                            after.get(VersionTable.VERSION.ciphertext), before.get(VersionTable.VERSION.ciphertext)))
                    .isEqualTo(kind == Kind.KEY_ENCRYPTION);
            assertAllThere(installation);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void goesOnAfterACrash(Kind kind) throws Exception {
        Path file = home.resolve("data/secrets/credstore-keys");
        try (Installation installation = new Installation(home, place, Clock.systemUTC()).ready()) {
            fill(installation);
            // what start() does, up to the first batch: then the process is killed
            FileKeys keys = FileKeys.read(file, new SecureRandom()).orElseThrow();
            if (kind == Kind.KEY_ENCRYPTION) {
                keys.rotate();
            }
            Rotations rotations = new Rotations(installation.database, new Envelope(new SecureRandom()), Clock.systemUTC());
            rotations.begin(keys, kind, AuditEvent.done(Installation.ROOT, "secret_keys.rotate", "test"));
            assertThat(rotations.step(keys, kind)).isTrue();
            Progress half = rotations.progress(keys, kind).orElseThrow();
            assertThat(half.total()).isEqualTo(SECRETS);
            assertThat(half.done()).isEqualTo(100);
            assertThat(half.finishedAt()).isNull();
        }
        try (Installation installation = new Installation(home, place, Clock.systemUTC()).ready()) {
            assertAllThere(installation);
            await().until(() -> progress(installation, kind).finishedAt() != null);
            assertAllThere(installation);
            assertThat(Files.readAllLines(file)).hasSize(kind == Kind.KEY_ENCRYPTION ? 2 : 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void passesOverWhatIsNotWhatWasStoredAndSaysThatItFailed(Kind kind) throws Exception {
        try (Installation installation = new Installation(home, place, Clock.systemUTC()).ready()) {
            List<String> ids = fill(installation);
            // more than a batch, and the first in the order of the walk
            List<String> broken = ids.stream().sorted().limit(120).toList();
            VersionTable.Row changes = new VersionTable.Row();
            changes.set(VersionTable.VERSION.wrappedKey, new byte[60]);
            broken.forEach(id -> installation.tamper(changes, id));
            installation.module.start(ROOT, kind);
            await().atMost(java.time.Duration.ofSeconds(60)).until(() -> progress(installation, kind).finishedAt() != null);
            Progress end = progress(installation, kind);
            assertThat(end.state()).isEqualTo("failed");
            assertThat(end.left()).isEqualTo(120);
            assertThat(end.done()).isEqualTo(SECRETS - 120);
            for (int i = 0; i < SECRETS; i++) {
                if (!broken.contains(ids.get(i))) {
                    assertThat(installation.text(A, "s" + i)).isEqualTo("v" + i);
                }
            }
            installation.module.start(ROOT, Kind.DATA);
        }
    }

    @Test
    void onlyTheRootTenantRotates() throws Exception {
        try (Installation installation = new Installation(home, place, Clock.systemUTC()).ready()) {
            assertThatThrownBy(() -> installation.module.start(A, Kind.DATA))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION_DENIED));
            assertThatThrownBy(() -> installation.module.progress(A, Kind.DATA)).isInstanceOf(ProblemException.class);
            assertThat(installation.module.progress(ROOT, Kind.DATA)).isEmpty();
            assertThat(installation.module.start(ROOT, Kind.DATA).total()).isZero();
        }
    }
}
