// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RetryPolicyTest {
    private static final Retries SETTINGS =
            new Retries(8, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10));

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-05T12:00:00Z"), ZoneOffset.UTC);
    private static final long AMPLE = Duration.ofHours(1).toNanos();

    private static RetryPolicy policy(double jitter) {
        return new RetryPolicy(SETTINGS, () -> jitter, NOON);
    }

    private static long millis(long nanos) {
        return nanos < 0 ? nanos : nanos / 1_000_000;
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 200", "2, 400", "3, 800", "4, 1000", "7, 1000", "8, -1", "100, -1"})
    void doublesTheBoundOfTheDelayUntilItGivesUp(int made, long expected) {
        assertThat(millis(policy(1).afterFailure(Kind.CONNECT, false, made, AMPLE))).isEqualTo(expected);
        if (expected > 0) {
            assertThat(policy(0.5).afterFailure(Kind.CONNECT, false, made, AMPLE)).isEqualTo(expected * 500_000);
            assertThat(policy(0).afterFailure(Kind.CONNECT, false, made, AMPLE)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void repeatsOnlyWhatIsSafe(Kind kind) {
        boolean nothingSent = kind == Kind.CONNECT;
        assertThat(policy(0).afterFailure(kind, false, 0, AMPLE) >= 0).isEqualTo(nothingSent);
        assertThat(policy(0).afterFailure(kind, true, 0, AMPLE) >= 0).isEqualTo(nothingSent || kind == Kind.CLOSED);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            delimiter = '|',
            value = {
                "null                          | 0",
                "''                            | 0",
                "0                             | 0",
                "3                             | 3000",
                "' 3 '                         | 3000",
                "10                            | 10000",
                "11                            | -1",
                "99999999999999999999          | -1",
                "-1                            | 0",
                "soon                          | 0",
                "1.5                           | 0",
                "Mon, 05 Jan 2026 12:00:07 GMT | 7000",
                "Mon, 05 Jan 2026 11:00:00 GMT | 0",
                "Mon, 05 Jan 2026 13:00:00 GMT | -1",
            })
    void waitsAtLeastAsLongAsTheServerDemands(String header, long expected) {
        assertThat(millis(policy(0).afterAnswer(429, header, true, 0, AMPLE))).isEqualTo(expected);
        assertThat(policy(0).afterAnswer(429, header, false, 0, AMPLE)).isEqualTo(RetryPolicy.NO);
        assertThat(policy(0).afterAnswer(500, header, true, 0, AMPLE)).isEqualTo(RetryPolicy.NO);
    }

    @Test
    void keepsWithinTheTimeOfTheCall() {
        assertThat(policy(1).afterFailure(Kind.CONNECT, true, 0, 100_000_000)).isEqualTo(RetryPolicy.NO);
        assertThat(policy(1).afterFailure(Kind.CONNECT, true, 0, 100_000_001)).isEqualTo(100_000_000);
        assertThat(policy(0).afterAnswer(503, "5", true, 0, Duration.ofSeconds(5).toNanos())).isEqualTo(RetryPolicy.NO);
        assertThat(policy(0).afterFailure(Kind.CONNECT, true, 0, -1)).isEqualTo(RetryPolicy.NO);
    }

    @Test
    void spendsNoMoreThanATenthOfTheCallsOnRetries() {
        RetryPolicy policy = policy(0);
        int retries = 0;
        while (policy.afterFailure(Kind.CONNECT, true, 0, AMPLE) >= 0) {
            retries++;
        }
        assertThat(retries).as("what is saved up").isEqualTo(10);
        assertThat(policy.afterFailure(Kind.CONNECT, true, 0, AMPLE)).isEqualTo(RetryPolicy.OVER_BUDGET);
        for (int i = 0; i < 10; i++) {
            policy.called();
        }
        assertThat(policy.afterFailure(Kind.CONNECT, true, 0, AMPLE)).isZero();
        assertThat(policy.afterFailure(Kind.CONNECT, true, 0, AMPLE)).isEqualTo(RetryPolicy.OVER_BUDGET);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> SETTINGS.withMost(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new RetryPolicy(Retries.NONE, () -> 0, NOON).afterFailure(Kind.CONNECT, true, 0, AMPLE))
                .isEqualTo(RetryPolicy.NO);
    }
}
