// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
import org.junit.jupiter.api.Test;

final class HealthReportTest {
    private record Part(String name, Health health) implements HealthContributor {}

    @Test
    void handsOnWhatAPartSays() {
        assertThat(HealthReport.of(new Part("acme", Health.degraded("a disk is nearly full"))))
                .isEqualTo(new HealthReport("acme", Health.degraded("a disk is nearly full")));
    }

    @Test
    void aPartThatCannotTellIsDown() {
        HealthReport silent = HealthReport.of(new HealthContributor() {
            @Override
            public String name() {
                return "acme";
            }

            @Override
            public Health health() {
                throw new NoClassDefFoundError("acme/Missing");
            }
        });
        assertThat(silent.name()).isEqualTo("acme");
        assertThat(silent.health().state()).isEqualTo(State.DOWN);
        assertThat(silent.health().reason()).contains("cannot tell its state", "acme/Missing");
    }

    @Test
    void aPartThatCannotEvenTellItsNameIsCalledByItsClass() {
        final class Nameless implements HealthContributor {
            @Override
            public String name() {
                throw new IllegalStateException("no name");
            }

            @Override
            public Health health() {
                return Health.up();
            }
        }

        HealthReport report = HealthReport.of(new Nameless());
        assertThat(report.name()).contains("Nameless");
        assertThat(report.health().state()).isEqualTo(State.DOWN);
    }
}
