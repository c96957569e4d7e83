// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** An assertion is good for one login (SAML Profiles 4.1.4.5), however many come at once. */
class ReplayTest {
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void refusesTheSecondUse() {
        TestIdp idp = fixture.idp();
        Document document = idp.signedAssertion(Fixture.RSA);
        assertThat(fixture.complete(document)).isInstanceOf(Recognized.class);
        fixture.assertRefused(document, "was used already");
        // in another envelope, for the envelope is not signed
        fixture.assertRefused(TestIdp.text(document).replace(idp.responseId, "_another"), "was used already");
        fixture.clock.forward(Duration.ofSeconds(359));
        fixture.assertRefused(document, "was used already");
        fixture.clock.forward(Duration.ofSeconds(1));
        fixture.assertRefused(document, "has expired");
    }

    @Test
    @DisplayName("one of many threads with the same assertion gets in (CWE-362)")
    void isUsedOnceByManyThreads() throws Exception {
        int rounds = 10;
        int threads = 8;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < rounds; round++) {
                String xml = TestIdp.text(fixture.idp().signedAssertion(round % 2 == 0 ? Fixture.RSA : Fixture.EC));
                List<Callable<Recognition>> calls = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    calls.add(() -> fixture.complete(xml));
                }
                int in = 0;
                for (Future<Recognition> each : pool.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                    in += each.get() instanceof Recognized ? 1 : 0;
                }
                assertThat(in).isEqualTo(1);
            }
        }
    }

    @Test
    void keepsManyLoginsApart() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String who = "person-" + i;
                calls.add(() -> login(who, false));
            }
            List<Future<String>> done = pool.invokeAll(calls, 60, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                assertThat(done.get(i).get()).isEqualTo("saml:acme:person-" + i);
            }
        }
        assertThat(login("somebody", true)).isEmpty();
    }

    /** @param mixed whether with the memory of another login */
    private String login(String who, boolean mixed) {
        Departure departure = fixture.worker.depart(Fixture.CALLBACK, "state-" + who);
        TestIdp idp = new TestIdp(Fixture.requestId(departure), Fixture.CALLBACK.toString(), fixture.clock.instant());
        idp.nameId = idp.nameId.replace("8f3a", who);
        Recognition recognition = fixture.worker.complete(
                Fixture.CALLBACK,
                mixed ? fixture.memory() : departure.memory(),
                Map.of("SAMLResponse", TestIdp.form(TestIdp.text(idp.signedAssertion(Fixture.RSA)))));
        return recognition instanceof Recognized(var identity, var _) ? identity.subject() : "";
    }

    @Test
    @DisplayName("what is remembered is bounded: beyond that nobody is let in unchecked, until old ones have ended")
    void isBounded() {
        SamlRedirectWorker worker = Fixture.worker(Map.of(), ConfiguredSecrets.literal(), 2, fixture.clock);
        assertThat(answer(worker, fixture.idp())).isInstanceOf(Recognized.class);
        assertThat(answer(worker, fixture.idp())).isInstanceOf(Recognized.class);
        assertThat(answer(worker, fixture.idp())).isInstanceOf(Undecided.class);
        fixture.clock.forward(Duration.ofMinutes(6));
        assertThat(answer(worker, fixture.idp())).isInstanceOf(Recognized.class);
    }

    @Test
    void remembersNothingOfAnswersThatAreRefused() {
        SamlRedirectWorker worker = Fixture.worker(Map.of(), ConfiguredSecrets.literal(), 1, fixture.clock);
        for (int i = 0; i < 5; i++) {
            TestIdp wrong = fixture.idp();
            wrong.recipient = "https://other.example";
            assertThat(answer(worker, wrong)).isInstanceOf(Refused.class);
        }
        assertThat(answer(worker, fixture.idp())).isInstanceOf(Recognized.class);
    }

    private Recognition answer(SamlRedirectWorker worker, TestIdp idp) {
        return worker.complete(
                Fixture.CALLBACK,
                fixture.memory(),
                Map.of("SAMLResponse", TestIdp.form(TestIdp.text(idp.signedAssertion(Fixture.RSA)))));
    }
}
