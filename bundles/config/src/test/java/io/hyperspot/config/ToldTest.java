// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.audit.AuditTrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldTest {
    private final ConfigException bad =
            new ConfigException(List.of(new ConfigProblem("hyperspot.yaml", 3, "modules.web.port", "'hunter2' is no number")));

    private final List<AuditEvent> events = new ArrayList<>();
    private final AuditTrail trail = new AuditTrail() {
        @Override
        public void record(AuditEvent event) {
            throw new AssertionError("a change of the file must not wait for the database");
        }

        @Override
        public void notice(AuditEvent event) {
            events.add(event);
        }
    };
    private final Told told = new Told(Path.of("etc/hyperspot.yaml"));

    @Test
    void keepsWhatHappensBeforeThereIsATrail() {
        told.applied(List.of("web", "llm-openai~main"));
        assertThat(events).isEmpty();
        told.use(trail);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().action()).isEqualTo("config.apply");
        assertThat(events.getFirst().target()).isEqualTo("hyperspot.yaml");
        assertThat(events.getFirst().details()).containsEntry("changed", "web llm-openai~main");
    }

    @Test
    void tellsWhichKeyIsRefusedOnceAndNotItsValue() {
        told.use(trail);
        told.refused(bad);
        told.refused(bad);
        assertThat(events).extracting(AuditEvent::outcome).containsExactly(Outcome.FAILED);
        assertThat(events.toString()).contains("modules.web.port").doesNotContain("hunter2");
        told.applied(List.of("web"));
        told.refused(bad);
        assertThat(events).hasSize(3);
    }

    @Test
    void keepsABoundedNumber() {
        for (int i = 0; i < 1000; i++) {
            told.applied(List.of("web"));
        }
        told.use(trail);
        assertThat(events).hasSizeBetween(1, 100);
        told.release(trail);
        told.applied(List.of("web"));
        assertThat(events).hasSizeBetween(1, 100);
    }
}
