// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static io.hyperspot.credstore.gateway.Installation.A;
import static io.hyperspot.credstore.gateway.Installation.A2;
import static io.hyperspot.credstore.gateway.Installation.B;
import static io.hyperspot.credstore.gateway.Installation.C;
import static io.hyperspot.credstore.gateway.Installation.ROOT;
import static io.hyperspot.credstore.gateway.Installation.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.audit.AuditEvent;
import io.hyperspot.credstore.ConfiguredSecret;
import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.NewSecret;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.SecretMetadata;
import io.hyperspot.credstore.SecretVersion;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.security.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(120)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SecretStoreTest {
    private static final String MARKER = "marked-value-7731";

    private static SecurityContext caller(String name) {
        return switch (name) {
            case "A" -> A;
            case "A2" -> A2;
            case "B" -> B;
            case "C" -> C;
            default -> ROOT;
        };
    }

    @TempDir
    private Path home;

    private final MovedClock clock = new MovedClock();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final TestDatabase kind;
    private Map<String, String> place = Map.of();
    private Installation installation;
    private Credentials credentials;

    SecretStoreTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        place = kind.fresh();
        logged.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(logged);
        installation = new Installation(home, place, clock).ready();
        credentials = installation.credentials();
    }

    @AfterEach
    void stop() throws Exception {
        installation.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(logged);
    }

    private static void assertProblem(ErrorCategory category, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).as(e.detail()).isEqualTo(category);
    }

    private static void assertNotFound(ThrowingCallable call) {
        assertProblem(ErrorCategory.NOT_FOUND, call);
    }

    @Test
    void keepsAValueEncrypted() throws Exception {
        SecretMetadata made = credentials.create(A, secret("openai", MARKER, Sharing.TENANT));
        assertThat(installation.text(A, "openai")).isEqualTo(MARKER);
        assertThat(made.version()).isEqualTo(1);
        assertThat(made.type()).isEqualTo(Credentials.GENERIC_TYPE);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).as("%s", file).doesNotContain(MARKER);
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data/secrets/credstore-keys"))))
                .isEqualTo("rw-------");
    }

    @Test
    void readsItAfterAnotherStartAndSaysWhenTheKeyFileIsGone() throws Exception {
        credentials.create(A, secret("openai", "v", Sharing.TENANT));
        installation.close();
        installation = new Installation(home, place, clock).ready();
        assertThat(installation.text(A, "openai")).isEqualTo("v");
        installation.close();
        Path keys = home.resolve("data/secrets/credstore-keys");
        Path aside = Files.move(keys, home.resolve("aside"));
        installation = new Installation(home, place, clock);
        org.awaitility.Awaitility.await().until(() -> installation.module.health().reason().contains("restore it"));
        assertProblem(ErrorCategory.UNAVAILABLE, () -> installation.text(A, "openai"));
        assertThat(keys).doesNotExist();
        Files.move(aside, keys);
        installation.ready();
        assertThat(installation.text(A, "openai")).isEqualTo("v");
    }

    /** Who sees what A made with each sharing, and what the root made. */
    @ParameterizedTest
    @CsvSource({
        "A,    PRIVATE, A,    true", "A,    PRIVATE, A2,   false", "A,    PRIVATE, C,    false", "A,    PRIVATE, ROOT, false",
        "A,    TENANT,  A,    true", "A,    TENANT,  A2,   true", "A,    TENANT,  C,    false", "A,    TENANT,  B,    false",
        "A,    TENANT,  ROOT, false", "A,    SHARED,  A2,   true", "A,    SHARED,  C,    true", "A,    SHARED,  B,    false",
        "A,    SHARED,  ROOT, false", "ROOT, SHARED,  A,    true", "ROOT, SHARED,  C,    true", "ROOT, TENANT,  A,    false",
        "ROOT, PRIVATE, A,    false"
    })
    void sharesAsSaid(String owner, Sharing sharing, String caller, boolean seen) {
        credentials.create(caller(owner), secret("s", "v", sharing));
        SecurityContext ctx = caller(caller);
        if (seen) {
            assertThat(installation.text(ctx, "s")).isEqualTo("v");
            SecretMetadata metadata = credentials.get(ctx, "s");
            assertThat(metadata.inherited()).isEqualTo(!metadata.owner().equals(ctx.tenant()));
            assertThat(credentials.list(ctx, null, false, 10)).singleElement().isEqualTo(metadata);
        } else {
            assertNotFound(() -> installation.text(ctx, "s"));
            assertNotFound(() -> credentials.get(ctx, "s"));
            assertNotFound(() -> credentials.versions(ctx, "s"));
            assertThat(credentials.list(ctx, null, false, 10)).isEmpty();
        }
    }

    @Test
    void theNearestDefinitionWins() {
        credentials.create(ROOT, secret("s", "of root", Sharing.SHARED));
        assertThat(installation.text(C, "s")).isEqualTo("of root");
        credentials.create(A, secret("s", "of a", Sharing.SHARED));
        assertThat(installation.text(C, "s")).isEqualTo("of a");
        assertThat(installation.text(B, "s")).isEqualTo("of root");
        credentials.create(C, secret("s", "of c", Sharing.TENANT));
        assertThat(installation.text(C, "s")).isEqualTo("of c");
        credentials.create(C, secret("s", "c's own", Sharing.PRIVATE));
        assertThat(installation.text(C, "s")).isEqualTo("c's own");
        assertThat(credentials.list(C, null, false, 10)).singleElement().satisfies(own -> assertThat(own.inherited()).isFalse());
    }

    @Test
    void whatIsInheritedIsNotChanged() {
        SecretMetadata shared = credentials.create(ROOT, secret("s", "v", Sharing.SHARED));
        assertNotFound(() -> credentials.put(A, "s", shared.tag(), Secret.of("x"), null, null));
        assertNotFound(() -> credentials.delete(A, "s", shared.tag()));
        assertThat(installation.text(A, "s")).isEqualTo("v");
    }

    @Test
    void listsInPagesBothWays() {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            credentials.create(ROOT, secret(name, "v", Sharing.SHARED));
            credentials.create(A, secret(name, "w", Sharing.TENANT));
        }
        assertThat(credentials.list(A, null, false, 3)).extracting(SecretMetadata::reference).containsExactly("a", "b", "c");
        assertThat(credentials.list(A, "b", false, 3)).extracting(SecretMetadata::reference).containsExactly("c", "d");
        assertThat(credentials.list(A, "c", true, 3)).extracting(SecretMetadata::reference).containsExactly("b", "a");
        assertThat(credentials.list(A, null, false, 9)).noneMatch(SecretMetadata::inherited);
    }

    @Test
    void changesOnlyWhatTheCallerHasSeen() {
        SecretMetadata first = credentials.create(A, secret("s", "one", Sharing.TENANT));
        SecretMetadata second = credentials.put(A, "s", first.tag(), Secret.of("two"), null, null);
        assertThat(second.version()).isEqualTo(2);
        assertProblem(ErrorCategory.ABORTED, () -> credentials.put(A, "s", first.tag(), Secret.of("three"), null, null));
        assertProblem(ErrorCategory.ABORTED, () -> credentials.delete(A, "s", first.tag()));
        assertThat(installation.text(A, "s")).isEqualTo("two");
        assertProblem(ErrorCategory.ALREADY_EXISTS, () -> credentials.create(A, secret("s", "x", Sharing.TENANT)));
        credentials.delete(A, "s", second.tag());
        assertNotFound(() -> credentials.get(A, "s"));
        assertThat(credentials.create(A, secret("s", "again", Sharing.TENANT)).id()).isNotEqualTo(first.id());
    }

    @Test
    void anOldVersionIsValidUntilItsTimeIsOver() {
        SecretMetadata first = credentials.create(A, secret("s", "one", Sharing.TENANT));
        SecretMetadata second =
                credentials.put(A, "s", first.tag(), Secret.of("two"), clock.instant().plusSeconds(60), null);
        assertThat(credentials.resolve(A, "s", 1).text()).isEqualTo("one");
        assertThat(credentials.versions(A, "s"))
                .containsExactly(
                        new SecretVersion(2, true, clock.instant(), null),
                        new SecretVersion(1, false, clock.instant(), clock.instant().plusSeconds(60)));
        clock.advanceSeconds(60);
        assertNotFound(() -> credentials.resolve(A, "s", 1));
        assertNotFound(() -> credentials.resolve(A, "s", 9));
        assertThat(installation.text(A, "s")).isEqualTo("two");
        credentials.put(A, "s", second.tag(), Secret.of("three"), null, null);
        assertNotFound(() -> credentials.resolve(A, "s", 2));
        clock.advanceSeconds(-120);
        // it is not only refused, it is gone
        assertNotFound(() -> credentials.resolve(A, "s", 1));
    }

    @Test
    void anExpiredSecretIsNotGivenOut() {
        Instant soon = clock.instant().plus(Duration.ofHours(1));
        credentials.create(A, new NewSecret("s", Secret.of("v"), Sharing.TENANT, null, null, soon));
        credentials.create(ROOT, secret("s", "of root", Sharing.SHARED));
        clock.advanceSeconds(3599);
        assertThat(installation.text(A, "s")).isEqualTo("v");
        clock.advanceSeconds(1);
        assertNotFound(() -> installation.text(A, "s"));
        assertThat(credentials.get(A, "s").expiresAt()).isEqualTo(soon);
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                () -> credentials.create(A, new NewSecret("t", Secret.of("v"), Sharing.TENANT, null, null, soon)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../x", "a/b", "a.b", "a\nb", "a\u0000", "${secret:x}", "n\u00e4me", "a b"})
    void refusesAReferenceThatIsNone(String reference) {
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.create(A, secret(reference, MARKER, Sharing.TENANT)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.get(A, reference));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.resolve(A, reference));
    }

    @Test
    void refusesBadInput() {
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.create(A, secret("a".repeat(256), "v", Sharing.TENANT)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.create(A, secret("s", "", Sharing.TENANT)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.create(A, secret("s", "v".repeat(65_537), Sharing.TENANT)));
        for (String type : new String[] {"", "gts.x.y.z.a.v1~", Credentials.SECRET_TYPE, Credentials.SECRET_TYPE + "no", "x".repeat(5000)}) {
            assertProblem(
                    ErrorCategory.INVALID_ARGUMENT,
                    () -> credentials.create(A, new NewSecret("s", Secret.of("v"), Sharing.TENANT, type, null, null)));
        }
        assertProblem(
                ErrorCategory.UNAVAILABLE,
                () -> credentials.create(A, new NewSecret("s", Secret.of("v"), Sharing.TENANT, null, "nowhere", null)));
        assertThat(credentials.create(A, secret("a".repeat(255), "v".repeat(65_536), Sharing.TENANT)).version()).isEqualTo(1);
        assertThat(credentials.list(A, null, false, 10)).hasSize(1);
    }

    @Test
    void noticesEveryEditOfTheDatabase() {
        String id = credentials.create(A, secret("s", MARKER, Sharing.TENANT)).id();
        VersionTable.Row good = installation.stored(id);
        byte[] ciphertext = good.get(VersionTable.VERSION.ciphertext);
        // nonce, encrypted value, tag
        for (int at : new int[] {0, 12, ciphertext.length - 1}) {
            VersionTable.Row bad = new VersionTable.Row();
            bad.set(VersionTable.VERSION.ciphertext, flipped(ciphertext, at));
            assertCorrupt(id, bad, good);
        }
        byte[] wrapped = good.get(VersionTable.VERSION.wrappedKey);
        for (int at : new int[] {0, 12, wrapped.length - 1}) {
            VersionTable.Row bad = new VersionTable.Row();
            bad.set(VersionTable.VERSION.wrappedKey, flipped(wrapped, at));
            assertCorrupt(id, bad, good);
        }
        VersionTable.Row shorter = new VersionTable.Row();
        shorter.set(VersionTable.VERSION.ciphertext, new byte[3]);
        assertCorrupt(id, shorter, good);
    }

    @Test
    void doesNotOpenAValueThatWasMovedToAnotherRow() {
        String mine = credentials.create(B, secret("mine", "attacker's", Sharing.TENANT)).id();
        String theirs = credentials.create(A, secret("theirs", MARKER, Sharing.TENANT)).id();
        VersionTable.Row copy = new VersionTable.Row();
        VersionTable.Row theirRow = installation.stored(theirs);
        copy.set(VersionTable.VERSION.keyId, theirRow.get(VersionTable.VERSION.keyId));
        copy.set(VersionTable.VERSION.wrappedKey, theirRow.get(VersionTable.VERSION.wrappedKey));
        copy.set(VersionTable.VERSION.ciphertext, theirRow.get(VersionTable.VERSION.ciphertext));
        installation.tamper(copy, mine);
        assertProblem(ErrorCategory.INTERNAL, () -> installation.text(B, "mine"));
        assertThat(installation.text(A, "theirs")).isEqualTo(MARKER);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] bad = bytes.clone();
        bad[at] ^= 1;
        return bad;
    }

    private void assertCorrupt(String id, VersionTable.Row bad, VersionTable.Row good) {
        installation.tamper(bad, id);
        assertThatThrownBy(() -> installation.text(A, "s"))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.code()).isEqualTo("SECRET_CORRUPT"))
                .hasMessageNotContaining(MARKER);
        VersionTable.Row back = new VersionTable.Row();
        back.set(VersionTable.VERSION.ciphertext, good.get(VersionTable.VERSION.ciphertext));
        back.set(VersionTable.VERSION.wrappedKey, good.get(VersionTable.VERSION.wrappedKey));
        installation.tamper(back, id);
        assertThat(installation.text(A, "s")).isEqualTo(MARKER);
    }

    @Test
    void aReferenceInConfigurationIsFollowed() {
        SecretMetadata made = credentials.create(ROOT, secret("openai", "one", Sharing.TENANT));
        ConfiguredSecret key = installation.module.of(" ${secret:openai} ");
        assertThat(key.reveal()).isEqualTo("one");
        SecretMetadata next = credentials.put(ROOT, "openai", made.tag(), Secret.of("two"), null, null);
        assertThat(key.reveal()).isEqualTo("two");
        assertThat(key.toString()).isEqualTo("${secret:openai}");
        assertThat(key.masked("it was two")).isEqualTo("it was ***");
        credentials.delete(ROOT, "openai", next.tag());
        assertThatThrownBy(key::reveal)
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE))
                .hasMessageContaining("'openai'");
        credentials.create(ROOT, secret("openai", "three", Sharing.TENANT));
        assertThat(key.reveal()).isEqualTo("three");
        assertThat(installation.module.of("plain").reveal()).isEqualTo("plain");
        assertThatThrownBy(() -> installation.module.of("${secret:../x}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("..");
    }

    @Test
    void configurationSeesNoPrivateSecretAndNoOtherTenants() {
        credentials.create(ROOT, secret("mine", "v", Sharing.PRIVATE));
        credentials.create(A, secret("theirs", "v", Sharing.SHARED));
        assertProblem(ErrorCategory.UNAVAILABLE, () -> installation.module.of("${secret:mine}").reveal());
        assertProblem(ErrorCategory.UNAVAILABLE, () -> installation.module.of("${secret:theirs}").reveal());
    }

    @Test
    void writesItsValuesNowhere() {
        SecretMetadata made = credentials.create(A, secret("s", MARKER, Sharing.TENANT));
        String everything = made + " " + credentials.list(A, null, false, 5) + credentials.versions(A, "s")
                + Secret.of(MARKER) + secret("s", MARKER, Sharing.TENANT) + installation.module.of(MARKER);
        ProblemException exists =
                catchThrowableOfType(ProblemException.class, () -> credentials.create(A, secret("s", MARKER, Sharing.TENANT)));
        ProblemException bad =
                catchThrowableOfType(ProblemException.class, () -> credentials.create(A, secret(MARKER + "/", MARKER, Sharing.TENANT)));
        assertThat(everything + exists + exists.context() + bad + bad.context()).doesNotContain(MARKER);
        List<AuditEvent> acts = new CopyOnWriteArrayList<>();
        try (var _ = installation.persistence.deliver(keptIn(acts))) {
            await().until(() -> !acts.isEmpty());
        }
        assertThat(acts).extracting(AuditEvent::actor, AuditEvent::action).containsExactly(tuple("user:a", "secret.create"));
        assertThat(acts.toString()).contains("reference=s").doesNotContain(MARKER);
        assertThat(logged.list).isNotEmpty();
        assertThat(logged.list).noneMatch(event -> event.getFormattedMessage().contains(MARKER));
    }

    private static MessageHandler keptIn(List<AuditEvent> acts) {
        return new MessageHandler() {
            @Override
            public String topic() {
                return AuditEvent.TOPIC;
            }

            @Override
            public void handle(List<Delivery> deliveries) {
                deliveries.forEach(one -> acts.add(AuditEvent.of(one.message())));
            }
        };
    }

    @Test
    void keepsValuesAtAWorker() {
        Map<CredentialWorker.Slot, String> kept = new ConcurrentHashMap<>();
        installation.workers.byStore.put("elsewhere", worker(kept, true));
        SecretMetadata made =
                credentials.create(A, new NewSecret("s", Secret.of("one"), Sharing.TENANT, null, "elsewhere", null));
        assertThat(installation.stored(made.id()).get(VersionTable.VERSION.ciphertext)).isNull();
        SecretMetadata next = credentials.put(A, "s", made.tag(), Secret.of("two"), clock.instant().plusSeconds(9), null);
        assertThat(installation.text(A, "s")).isEqualTo("two");
        assertThat(credentials.resolve(A, "s", 1).text()).isEqualTo("one");
        credentials.delete(A, "s", next.tag());
        assertThat(kept).isEmpty();
    }

    @Test
    void refersToValuesThatAreThere() {
        Map<CredentialWorker.Slot, String> kept = new ConcurrentHashMap<>();
        installation.workers.byStore.put("fixed", worker(kept, false));
        NewSecret wanted = new NewSecret("s", null, Sharing.TENANT, null, "fixed", null);
        assertProblem(ErrorCategory.INVALID_ARGUMENT, () -> credentials.create(A, wanted));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                () -> credentials.create(A, new NewSecret("s", Secret.of("v"), Sharing.TENANT, null, "fixed", null)));
        assertThat(credentials.list(A, null, false, 5)).isEmpty();
    }

    private static CredentialWorker worker(Map<CredentialWorker.Slot, String> kept, boolean writable) {
        return new CredentialWorker() {
            @Override
            public String store() {
                return "elsewhere";
            }

            @Override
            public boolean isWritable() {
                return writable;
            }

            @Override
            public Optional<Secret> get(Slot slot) {
                return Optional.ofNullable(kept.get(slot)).map(Secret::of);
            }

            @Override
            public void put(Slot slot, Secret value) {
                kept.put(slot, value.text());
            }

            @Override
            public void delete(Slot slot) {
                kept.keySet().removeIf(other -> other.id().equals(slot.id()));
            }
        };
    }
}
