// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.licenses.License;
import io.hyperspot.licenses.spi.LicenseWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LicenseEnforcerTest {
    private static final TenantId A = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    private static final TenantId B = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    private static final GtsId CHAT = GtsId.parse(License.FEATURE + "acme.shop.chat.assistant.v1");
    private static final GtsId SEARCH = GtsId.parse(License.FEATURE + "acme.shop.search.engine.v1");

    private final Map<TenantId, License> licenses = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final MovedClock clock = new MovedClock();
    private final OneWorker workers = new OneWorker(this::answer);
    private final LicenseEnforcer enforcer = new LicenseEnforcer(workers, clock);
    private String outage = "";

    private License answer(TenantId tenant) {
        asked.incrementAndGet();
        if (!outage.isEmpty()) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "AWAY", outage);
        }
        return licenses.getOrDefault(tenant, License.NONE);
    }

    private static License of(GtsId feature, Instant until) {
        return new License(List.of(GtsPattern.parse(feature.toString())), until);
    }

    @Test
    void saysWhatEachTenantIsLicensedForAndUntilWhen() {
        Instant end = clock.instant().plusSeconds(5);
        licenses.put(A, of(CHAT, end));
        assertThat(enforcer.isLicensed(A, CHAT)).isTrue();
        assertThat(enforcer.isLicensed(A, SEARCH)).isFalse();
        assertThat(enforcer.isLicensed(B, CHAT)).isFalse();
        clock.advanceSeconds(5);
        assertThat(enforcer.isLicensed(A, CHAT)).as("at its end, although the answer is remembered").isFalse();
        assertThat(enforcer.license(A).isExpired(clock.instant())).isTrue();
    }

    @Test
    void takesPatterns() {
        licenses.put(A, new License(List.of(GtsPattern.parse(License.FEATURE + "acme.shop.*")), null));
        assertThat(enforcer.isLicensed(A, CHAT)).isTrue();
        assertThat(enforcer.isLicensed(A, GtsId.parse(License.FEATURE + "other.shop.chat.assistant.v1"))).isFalse();
    }

    @Test
    void asksOnceInTenSecondsAndSeesChangesAfterThem() {
        licenses.put(A, of(CHAT, clock.instant().plusSeconds(1000)));
        List<AuditEvent> told = new ArrayList<>();
        enforcer.bindAudit(trail(told));
        for (int i = 0; i < 100; i++) {
            enforcer.isLicensed(A, CHAT);
        }
        assertThat(asked).hasValue(1);
        licenses.remove(A);
        clock.advanceSeconds(10);
        assertThat(enforcer.isLicensed(A, CHAT)).isFalse();
        assertThat(told).extracting(AuditEvent::action).containsExactly("license.change");
        workers.replace(tenant -> of(CHAT, clock.instant().plusSeconds(1000)));
        assertThat(enforcer.isLicensed(A, CHAT)).as("another worker is asked at once").isTrue();
    }

    private static AuditTrail trail(List<AuditEvent> told) {
        return new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                throw new AssertionError("a question must not wait for the database");
            }

            @Override
            public void notice(AuditEvent event) {
                told.add(event);
            }
        };
    }

    @Test
    void licensesNothingThatCannotBeSaid() {
        outage = "the file is gone";
        assertThatThrownBy(() -> enforcer.isLicensed(A, CHAT))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE));
        assertThat(enforcer.health().state()).isEqualTo(State.DEGRADED);
        assertThat(enforcer.health().reason()).contains("the file is gone");
        outage = "";
        assertThat(enforcer.isLicensed(A, CHAT)).isFalse();
        assertThat(enforcer.health().state()).isEqualTo(State.UP);
        workers.remove();
        assertThatThrownBy(() -> enforcer.license(A)).isInstanceOf(ProblemException.class).hasMessageContaining("cannot be said");
    }

    @Test
    void letsNobodyLessPreferredAnswerWhileTheWorkerIsMadeAnew() {
        LicenseWorker open = tenant -> of(CHAT, clock.instant().plusSeconds(1000));
        workers.replace(this::answer, 50);
        assertThat(enforcer.isLicensed(A, CHAT)).isFalse();
        workers.replace(open, 200);
        assertThatThrownBy(() -> enforcer.isLicensed(A, CHAT)).isInstanceOf(ProblemException.class).hasMessageContaining("cannot be said");
        clock.advanceSeconds(9);
        assertThatThrownBy(() -> enforcer.isLicensed(A, CHAT)).isInstanceOf(ProblemException.class);
        workers.replace(this::answer, 50);
        assertThat(enforcer.isLicensed(A, CHAT)).isFalse();
        workers.replace(open, 200);
        assertThatThrownBy(() -> enforcer.isLicensed(A, CHAT)).isInstanceOf(ProblemException.class);
        clock.advanceSeconds(10);
        assertThat(enforcer.isLicensed(A, CHAT)).as("it was taken out for good").isTrue();
    }

    @Test
    void asksNobodyElseWhileTheWorkerIsDrained() {
        workers.drain();
        assertThatThrownBy(() -> enforcer.isLicensed(A, CHAT)).isInstanceOf(ProblemException.class);
        assertThat(enforcer.health().reason()).contains("being taken out");
        licenses.put(A, of(CHAT, clock.instant().plusSeconds(1000)));
        workers.replace(this::answer);
        assertThat(enforcer.isLicensed(A, CHAT)).isTrue();
    }
}
