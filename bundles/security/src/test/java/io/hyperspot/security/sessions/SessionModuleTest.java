// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.Authenticator.Authenticated;
import io.hyperspot.security.Authenticator.Refused;
import io.hyperspot.security.Authenticator.Result;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.Sessions.Session;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.gateway.House;
import io.hyperspot.security.keys.Installation;
import io.hyperspot.security.keys.MovedClock;
import io.hyperspot.security.sessions.SessionModule.Opened;
import io.hyperspot.security.spi.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SessionModuleTest {
    private static final SecurityContext ADMIN = new SecurityContext("user:admin", House.TENANT, List.of(Permission.ALL));
    private static final SecurityContext OTHER = new SecurityContext(
            "user:other", TenantId.of("0192f000-0000-7000-8000-00000000000b"), List.of(Permission.ALL));

    private final Map<String, String> database;
    private final MovedClock clock = new MovedClock();
    private final List<House> houses = new ArrayList<>();

    @TempDir
    private Path home;

    SessionModuleTest(TestDatabase kind) throws Exception {
        database = kind.fresh();
    }

    private House house() throws Exception {
        House house = new House(home, clock, database);
        houses.add(house);
        return house;
    }

    @AfterEach
    void stop() throws Exception {
        for (House house : houses) {
            house.close();
        }
        houses.clear();
    }

    private static SecurityContext good(Result result) {
        assertThat(result).isInstanceOf(Authenticated.class);
        return ((Authenticated) result).context();
    }

    private static void over(House house, Opened opened) {
        assertThat(house.gateway.authenticate(opened.token(), false)).isInstanceOf(Refused.class);
    }

    @Test
    void recognizesWhoHasLoggedInAndKeepsNoToken() throws Exception {
        House house = house();
        Opened opened = house.open();
        SecurityContext context = good(house.gateway.authenticate(opened.token(), false));
        assertThat(context.subject()).isEqualTo("user:anna");
        assertThat(context.tenant()).isEqualTo(House.TENANT);
        assertThat(context.groups()).containsExactly("staff");
        assertThat(context.allows(Permission.parse("gts.hyperspot.core.security.self.*:write"))).isTrue();
        assertThat(context.allows(Permission.parse("gts.hyperspot.core.security.*:read"))).isFalse();
        assertThat(opened.token()).matches("hss_[A-Za-z0-9_-]{59}");
        assertThat(opened.toString()).doesNotContain(opened.token()).doesNotContain(opened.csrfToken());
        AuditEvent event = house.recorded.awaitEvent("session.login", opened.session().id());
        assertThat(event.actor()).isEqualTo("user:anna");
        assertThat(event.toString()).doesNotContain(opened.token());
        stop();
        if ("sqlite".equals(database.get("dsn"))) {
            assertThat(Files.readString(home.resolve("data/hyperspot.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain(opened.token());
        }
    }

    @Test
    void limitsASessionToTheScopesOfItsCredential() throws Exception {
        House house = house();
        Identity limited = new Identity(
                "oidc:x:1", "X", House.TENANT, List.of(), List.of(Permission.parse("gts.hyperspot.llm.*:invoke")));
        Opened opened = house.sessions.open(limited, "fake", Instant.MAX, "", "");
        SecurityContext context = good(house.gateway.authenticate(opened.token(), false)).with(List.of(Permission.ALL));
        assertThat(context.allows(Permission.parse("gts.hyperspot.llm.*:invoke"))).isTrue();
        assertThat(context.allows(Permission.parse("gts.hyperspot.core.security.self.*:write"))).isTrue();
        assertThat(context.allows(Permission.parse("gts.hyperspot.core.security.*:write"))).isFalse();
    }

    @Test
    void refusesWhatItNeverMade() throws Exception {
        House house = house();
        Opened opened = house.open();
        String token = opened.token();
        String changed = token.substring(0, 10) + (token.charAt(10) == 'A' ? 'B' : 'A') + token.substring(11);
        for (String wrong : List.of("hss_", token + "x", token.substring(1), changed, "hss_" + "A".repeat(59), "hss_" + "ü".repeat(59))) {
            assertThat(house.gateway.authenticate(wrong, false)).as(wrong).isInstanceOf(Refused.class);
        }
        good(house.gateway.authenticate(token, false));
    }

    @Test
    void endsASessionThatIsNotUsed() throws Exception {
        House house = house();
        Opened opened = house.open();
        clock.advanceSeconds(29 * 60);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(29 * 60);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(30 * 60);
        over(house, opened);
        clock.advanceSeconds(-60);
        over(house, opened);
    }

    @Test
    void endsASessionThatIsUsedAllTheTime() throws Exception {
        House house = house();
        Opened opened = house.open();
        for (int i = 0; i < 12 * 6 - 1; i++) {
            clock.advanceSeconds(600);
            good(house.gateway.authenticate(opened.token(), false));
        }
        clock.advanceSeconds(600);
        over(house, opened);
    }

    @Test
    void endsNoLaterThanWhatItRestsOn() throws Exception {
        House house = house();
        Opened opened = house.sessions.open(House.ANNA, "fake", clock.instant().plusSeconds(60), "", "");
        clock.advanceSeconds(59);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(1);
        over(house, opened);
    }

    @Test
    void survivesAClockThatIsSetBackALittleAndNotOneThatIsSetBackBeforeTheLogin() throws Exception {
        House house = house();
        clock.advanceSeconds(3600);
        Opened opened = house.open();
        clock.advanceSeconds(1000);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(-900);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(29 * 60);
        good(house.gateway.authenticate(opened.token(), false));
        clock.advanceSeconds(-3 * 3600);
        over(house, opened);
    }

    @Test
    void keepsSessionsOverARestartWithTheirLastUse() throws Exception {
        Opened opened = house().open();
        clock.advanceSeconds(20 * 60);
        good(houses.getFirst().gateway.authenticate(opened.token(), false));
        stop();
        House again = house();
        clock.advanceSeconds(20 * 60);
        good(again.gateway.authenticate(opened.token(), false));
        assertThat(again.sessions.current(opened.token()).orElseThrow().csrfToken()).isEqualTo(opened.csrfToken());
    }

    @Test
    void isKnownOnAnotherServerAndEndsThereToo() throws Exception {
        House one = house();
        House two = house();
        Opened opened = one.open();
        good(two.gateway.authenticate(opened.token(), false));
        // used only there, it is not idle here
        for (int i = 0; i < 3; i++) {
            clock.advanceSeconds(20 * 60);
            good(two.gateway.authenticate(opened.token(), false));
            Instant now = clock.instant();
            await().until(() -> one.sessions.find(ADMIN, opened.session().id()).map(Session::usedAt).filter(now::equals).isPresent());
        }
        good(one.gateway.authenticate(opened.token(), false));
        assertThat(one.sessions.end(ADMIN, opened.session().id())).isTrue();
        over(one, opened);
        await().untilAsserted(() -> over(two, opened));
        assertThat(two.sessions.end(ADMIN, opened.session().id())).isFalse();
    }

    @Test
    void endsTheOldestWhenThereAreTooMany() throws Exception {
        House house = house();
        House two = house();
        List<Opened> opened = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            opened.add(house.open());
            clock.advanceSeconds(1);
            tokens.add(opened.get(i).token());
        }
        assertThat(tokens).hasSize(4);
        over(house, opened.getFirst());
        await().untilAsserted(() -> over(two, opened.getFirst()));
        opened.subList(1, 4).forEach(one -> good(house.gateway.authenticate(one.token(), false)));
        assertThat(house.sessions.list(ADMIN, "user:anna", null, 10)).hasSize(3);
    }

    @Test
    void showsAndEndsSessionsOfTheOwnTenantOnly() throws Exception {
        House house = house();
        Opened first = house.open();
        Opened second = house.open();
        assertThat(house.sessions.list(ADMIN, null, null, 10))
                .extracting(Session::id)
                .containsExactly(second.session().id(), first.session().id());
        assertThat(house.sessions.list(ADMIN, null, second.session().id(), 10)).extracting(Session::id).containsExactly(first.session().id());
        assertThat(house.sessions.listBefore(ADMIN, null, first.session().id(), 10)).extracting(Session::id).containsExactly(second.session().id());
        assertThat(house.sessions.list(OTHER, null, null, 10)).isEmpty();
        assertThat(house.sessions.find(OTHER, first.session().id())).isEmpty();
        assertThat(house.sessions.end(OTHER, first.session().id())).isFalse();
        assertThat(house.sessions.endAll(OTHER, "user:anna")).isZero();
        good(house.gateway.authenticate(first.token(), false));
        assertThat(house.sessions.endAll(ADMIN, "user:anna")).isEqualTo(2);
        over(house, first);
        over(house, second);
        AuditEvent event = house.recorded.awaitEvent("session.revoke", first.session().id());
        assertThat(event.actor()).isEqualTo("user:admin");
        assertThat(event.details()).containsEntry("subject", "user:anna");
        assertThat(house.sessions.list(ADMIN, null, null, 10)).isEmpty();
    }

    @Test
    void endsSessionsWhoseEndWasPublishedWithAnAct() throws Exception {
        House house = house();
        // messages have the time of the machine
        clock.advanceSeconds(Duration.between(clock.instant(), Instant.now()).toSeconds() - 5);
        Opened opened = house.open();
        house.keys.persistence.open("security", Installation.migrations()).<@Nullable Void>write(
                TenantScope.of(Set.of(House.TENANT)),
                rows -> {
                    rows.publish(new Message(
                            Sessions.END_TOPIC, House.TENANT, Map.of(Sessions.END_SUBJECT, "user:anna")));
                    return null;
                });
        await().untilAsserted(() -> over(house, opened));
    }

    @Test
    void letsKnownSessionsInWhileTheDatabaseIsAway() throws Exception {
        House house = house();
        Opened opened = house.open();
        house.keys.persistence.close();
        for (int i = 0; i < 3; i++) {
            clock.advanceSeconds(60);
            good(house.gateway.authenticate(opened.token(), false));
        }
    }
}
