// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static io.hyperspot.security.ldap.Fixture.LATER;
import static io.hyperspot.security.ldap.Fixture.WRONG;
import static io.hyperspot.security.ldap.Fixture.identity;
import static io.hyperspot.security.ldap.Fixture.login;
import static io.hyperspot.security.ldap.Fixture.settings;
import static io.hyperspot.security.ldap.TestDirectory.ALICE_PASSWORD;
import static io.hyperspot.security.ldap.TestDirectory.READER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AvailabilityTest {
    @TempDir
    private static Path folder;

    private static TestCertificate certificate;

    private final Fixture fixture = new Fixture();

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = new TestCertificate(folder, "dns:localhost");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static TestDirectory directory(int port) throws Exception {
        return new TestDirectory(certificate.context(), null, port);
    }

    private LdapPasswordWorker worker(int connections, String... urls) throws Exception {
        return fixture.worker(settings(
                "urls", urls,
                "trust_file", certificate.pem().toString(),
                "connections", connections,
                "wait_seconds", connections == 1 ? 1 : 30));
    }

    @Test
    void goesToTheNextServerAndStaysThere() throws Exception {
        try (TestDirectory first = directory(0);
                TestDirectory second = directory(0)) {
            LdapPasswordWorker worker = worker(4, first.url(), second.url());
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(second.asked()).isZero();
            first.kill();
            identity(worker, "alice", ALICE_PASSWORD);
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(login(worker, "alice", "wrong")).isEqualTo(new Refused(WRONG));
            assertThat(second.asked()).isPositive();
            assertThat(worker.health().state()).isEqualTo(State.UP);
        }
    }

    @Test
    void beginsWithTheSecondWhenTheFirstDoesNoTls() throws Exception {
        try (TestDirectory first = new TestDirectory(null, null, 0);
                TestDirectory second = directory(0)) {
            identity(worker(4, first.url(), second.url()), "alice", ALICE_PASSWORD);
            assertThat(first.asked()).isZero();
        }
    }

    @Test
    void passesOverAServerThatTakesConnectionsOnly() throws Exception {
        try (TestDirectory first = directory(0);
                TestDirectory second = directory(0)) {
            first.onSearch = filter -> {
                throw new LDAPException(ResultCode.UNAVAILABLE, "shutting down");
            };
            LdapPasswordWorker worker = worker(4, first.url(), second.url());
            login(worker, "alice", ALICE_PASSWORD);
            identity(worker, "alice", ALICE_PASSWORD);
        }
    }

    @Test
    void healsWhenTheServerIsBack() throws Exception {
        TestDirectory killed = directory(0);
        int port = killed.port();
        LdapPasswordWorker worker = worker(4, killed.url());
        identity(worker, "alice", ALICE_PASSWORD);
        killed.kill();
        assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
        assertThat(login(worker, "alice", "wrong")).as("nothing is decided without the directory").isEqualTo(new Undecided(LATER));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).contains("directory 'acme'").doesNotContain("alice");
        try (TestDirectory back = directory(port)) {
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(worker.health().state()).isEqualTo(State.UP);
            assertThat(back.asked()).isPositive();
        }
    }

    /** The connections that were kept are of a server that is no more. */
    @Test
    void doesNotNoticeARestart() throws Exception {
        TestDirectory first = directory(0);
        int port = first.port();
        LdapPasswordWorker worker = worker(4, first.url());
        identity(worker, "alice", ALICE_PASSWORD);
        first.kill();
        try (TestDirectory back = directory(port)) {
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(back.binds).contains(READER);
        }
    }

    /** A directory locks accounts out after some wrong passwords. */
    @Test
    void doesNotSendItsOwnWrongPasswordAgainAndAgain() throws Exception {
        try (TestDirectory directory = directory(0)) {
            directory.server.modify(
                    READER, new Modification(ModificationType.REPLACE, "userPassword", "rotated"));
            LdapPasswordWorker worker = worker(4, directory.url());
            for (int i = 0; i < 5; i++) {
                assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
            }
            assertThat(directory.binds).containsExactly(READER);
            assertThat(worker.health().reason()).contains("modules.auth-ldap.instances.acme.bind_password");
            directory.server.modify(
                    READER, new Modification(ModificationType.REPLACE, "userPassword", TestDirectory.READER_PASSWORD));
            fixture.forward(Duration.ofSeconds(31));
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(worker.health().state()).isEqualTo(State.UP);
        }
    }

    @Test
    void letsFiftyInAtOnceOverFourConnections() throws Exception {
        try (TestDirectory directory = directory(0);
                Tap tap = new Tap(directory.port());
                ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 25; i++) {
                directory.person("person" + i, "password of " + i);
            }
            LdapPasswordWorker worker = worker(4, tap.url());
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Recognition>> right = new ArrayList<>();
            List<Future<Recognition>> wrong = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                String name = "person" + i;
                String password = "password of " + i;
                String others = "password of " + (i + 1) % 25;
                right.add(people.submit(() -> {
                    go.await();
                    return login(worker, name, password);
                }));
                wrong.add(people.submit(() -> {
                    go.await();
                    return login(worker, name, others);
                }));
            }
            go.countDown();
            Set<String> subjects = new HashSet<>();
            for (int i = 0; i < 25; i++) {
                assertThat(right.get(i).get(40, TimeUnit.SECONDS)).isInstanceOfSatisfying(Recognized.class, let -> {
                    subjects.add(let.identity().subject());
                });
                assertThat(((Recognized) right.get(i).get()).identity().name()).isEqualTo("cn of person" + i);
                assertThat(wrong.get(i).get(40, TimeUnit.SECONDS)).isEqualTo(new Refused(WRONG));
            }
            assertThat(subjects).hasSize(25);
            assertThat(directory.mostAtOnce).hasValueBetween(1, 4);
            assertThat(tap.connections).hasValueBetween(2, 8);
        }
    }

    @Test
    void doesNotWaitForEverForAConnection() throws Exception {
        try (TestDirectory directory = directory(0);
                ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch go = new CountDownLatch(1);
            directory.onBind = dn -> {
                try {
                    assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
            LdapPasswordWorker worker = worker(1, directory.url());
            Future<Recognition> slow = people.submit(() -> login(worker, "alice", ALICE_PASSWORD));
            await().until(() -> directory.atOnce.get() == 1);
            assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
            go.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS)).isInstanceOf(Recognized.class);
        }
    }

    @Test
    void leavesNoThreadAndNoConnection() throws Exception {
        try (TestDirectory directory = directory(0);
                Tap tap = new Tap(directory.port())) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            LdapPasswordWorker worker = worker(4, tap.url());
            identity(worker, "alice", ALICE_PASSWORD);
            assertThat(tap.open()).isEqualTo(2);
            worker.close();
            await().until(() -> tap.open() == 0);
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !before.contains(thread) && thread.isAlive())
                            .map(Thread::getName)
                            // the test's own, and what the JDK runs virtual threads with
                            .filter(name -> !name.startsWith("awaitility") && !name.startsWith("ForkJoinPool") && !name.endsWith("Poller")))
                    .isEmpty());
            assertThat(login(worker, "alice", ALICE_PASSWORD)).isEqualTo(new Undecided(LATER));
            assertThat(tap.open()).isZero();
        }
    }

    @Test
    void asksNobodyWhileItIsActivated() throws Exception {
        try (TestDirectory directory = directory(0);
                Tap tap = new Tap(directory.port())) {
            LdapPasswordWorker worker = worker(4, tap.url());
            assertThat(worker.health().state()).isEqualTo(State.UP);
            assertThat(tap.connections).hasValue(0);
        }
    }
}
