// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.ApiKeys.Created;
import io.hyperspot.security.Authenticator.Authenticated;
import io.hyperspot.security.Authenticator.Refused;
import io.hyperspot.security.Authenticator.Result;
import io.hyperspot.security.Authenticator.Undecided;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.keys.MovedClock;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.TokenWorker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GatewayTest {
    private final MovedClock clock = new MovedClock();
    private House house;

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        house = new House(home, clock, Map.of("dsn", "sqlite"));
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    /** Knows tokens that begin with its word, and counts how often it verifies. */
    private static final class Issuer implements TokenWorker {
        final String word;
        final AtomicInteger verified = new AtomicInteger();
        volatile Recognition answer = new Recognition.Recognized(House.ANNA, Instant.MAX);

        Issuer(String word) {
            this.word = word;
        }

        @Override
        public boolean recognizes(String token) {
            return token.startsWith(word);
        }

        @Override
        public Recognition verify(String token) {
            verified.incrementAndGet();
            return answer;
        }
    }

    private Result authenticate(String token) {
        return house.gateway.authenticate(token, false);
    }

    @Test
    void tellsByItsFormWhoKnowsACredential() {
        Issuer one = new Issuer("one.");
        Issuer two = new Issuer("two.");
        house.tokens.set(List.of(one, two));
        Created key = house.keys.module.create(
                new SecurityContext("user:a", House.TENANT, List.of(Permission.ALL)), "k", List.of("gts.*:read"), null);
        assertThat(authenticate(key.secret())).isInstanceOfSatisfying(Authenticated.class, caller -> {
            assertThat(caller.context().subject()).startsWith("key:");
            assertThat(caller.csrfToken()).isNull();
        });
        assertThat(authenticate(house.open().token())).isInstanceOfSatisfying(Authenticated.class, caller -> assertThat(caller.csrfToken())
                .isNotNull());
        assertThat(authenticate("two.x")).isInstanceOf(Authenticated.class);
        assertThat(one.verified).hasValue(0);
        assertThat(authenticate("three.x")).isInstanceOf(Refused.class);
        assertThat(authenticate("")).isInstanceOf(Refused.class);
        assertThat(authenticate("two." + "x".repeat(20_000))).isInstanceOf(Refused.class);
        assertThat(house.gateway.authenticate(null, false)).isInstanceOf(Refused.class);
        assertThat(house.gateway.authenticate(null, true)).isInstanceOf(Refused.class);
    }

    @Test
    void letsTheDesktopUserInFromThisMachineOnly() {
        Gateway desktop = new Gateway(true, house.keys.module, house.sessions, house.tokens, clock);
        assertThat(desktop.authenticate(null, true)).isInstanceOfSatisfying(Authenticated.class, caller -> assertThat(caller.context().subject())
                .isEqualTo("user:desktop"));
        assertThat(desktop.authenticate(null, false)).isInstanceOf(Refused.class);
        assertThat(desktop.authenticate("hs_wrong", true)).isInstanceOf(Refused.class);
    }

    @Test
    void verifiesATokenOnceUntilItEnds() {
        Issuer issuer = new Issuer("t");
        issuer.answer = new Recognition.Recognized(House.ANNA, clock.instant().plusSeconds(30));
        house.tokens.set(List.of(issuer));
        for (int i = 0; i < 5; i++) {
            assertThat(authenticate("t1")).isInstanceOf(Authenticated.class);
        }
        assertThat(issuer.verified).hasValue(1);
        clock.advanceSeconds(30);
        assertThat(authenticate("t1")).isEqualTo(new Refused("the token has expired"));
        assertThat(issuer.verified).hasValue(2);
    }

    @Test
    void verifiesATokenAgainAfterTenMinutesAndWhenTheWorkersChange() {
        Issuer issuer = new Issuer("t");
        house.tokens.set(List.of(issuer));
        authenticate("t1");
        clock.advanceSeconds(599);
        authenticate("t1");
        assertThat(issuer.verified).hasValue(1);
        clock.advanceSeconds(1);
        authenticate("t1");
        assertThat(issuer.verified).hasValue(2);
        house.tokens.set(List.of(issuer));
        authenticate("t1");
        assertThat(issuer.verified).hasValue(3);
        house.tokens.set(List.of());
        assertThat(authenticate("t1")).isInstanceOf(Refused.class);
        // a clock that is set back makes nothing valid again
        house.tokens.set(List.of(issuer));
        authenticate("t1");
        clock.advanceSeconds(-3600);
        issuer.answer = new Recognition.Refused("no");
        assertThat(authenticate("t1")).isEqualTo(new Refused("no"));
    }

    @Test
    void neitherLetsInNorRefusesWhenTheIssuerCannotBeAsked() {
        Issuer issuer = new Issuer("t");
        house.tokens.set(List.of(issuer));
        issuer.answer = new Recognition.Undecided("the issuer is away");
        assertThat(authenticate("t1")).isEqualTo(new Undecided("the issuer is away"));
        issuer.answer = new Recognition.Refused("revoked");
        assertThat(authenticate("t1")).isEqualTo(new Refused("revoked"));
        issuer.answer = new Recognition.Recognized(House.ANNA, Instant.MAX);
        assertThat(authenticate("t1")).isInstanceOf(Authenticated.class);
        house.tokens.set(List.of(new TokenWorker() {
            @Override
            public boolean recognizes(String token) {
                throw new IllegalStateException("broken");
            }

            @Override
            public Recognition verify(String token) {
                return new Recognition.Refused("");
            }
        }));
        assertThat(authenticate("t2")).isInstanceOf(Undecided.class);
    }

    @Test
    void boundsWhatItRemembers() {
        VerifiedTokens tokens = new VerifiedTokens(10);
        SecurityContext context = new SecurityContext("x", House.TENANT, List.of());
        for (int i = 0; i < 1000; i++) {
            tokens.add(tokens.hash("t" + i), context, 1, 0, Instant.MAX);
            assertThat(tokens.size()).isLessThanOrEqualTo(11);
        }
        assertThat(tokens.find(tokens.hash("t999"), 1, 0)).isNotNull();
        assertThat(tokens.find(tokens.hash("t0"), 1, 0)).isNull();
    }
}
