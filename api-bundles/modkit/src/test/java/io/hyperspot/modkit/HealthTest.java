// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
import org.junit.jupiter.api.Test;

final class HealthTest {
    @Test
    void hasAReasonUnlessItIsUp() {
        assertThat(Health.up()).isEqualTo(new Health(State.UP, ""));
        assertThat(Health.degraded("one of two providers fails")).isEqualTo(new Health(State.DEGRADED, "one of two providers fails"));
        assertThat(Health.down("no worker")).isEqualTo(new Health(State.DOWN, "no worker"));
    }
}
