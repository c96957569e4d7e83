// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentWorkerTest {
    private static final Map<String, String> VARIABLES =
            Map.of("HYPERSPOT_SECRET_OPEN_AI", "sk-1", "AWS_SECRET", "no", "TEAM_OPEN_AI", "sk-2", "HYPERSPOT_SECRET_EMPTY", "");

    private static EnvironmentWorker worker(String... prefixes) {
        return new EnvironmentWorker(List.of(prefixes), VARIABLES::get);
    }

    private static Slot slot(TenantId tenant, String reference) {
        return new Slot(tenant, reference, "id", 1);
    }

    @Test
    void readsVariablesWithAnAllowedPrefixOnly() {
        EnvironmentWorker worker = worker("HYPERSPOT_SECRET_");
        assertThat(worker.get(slot(TenantId.ROOT, "open-ai")).orElseThrow().text()).isEqualTo("sk-1");
        assertThat(worker.get(slot(TenantId.ROOT, "AWS_SECRET"))).isEmpty();
        assertThat(worker.get(slot(TenantId.ROOT, "empty"))).isEmpty();
        assertThat(worker("TEAM_", "HYPERSPOT_SECRET_").get(slot(TenantId.ROOT, "open_ai")).orElseThrow().text()).isEqualTo("sk-2");
        assertThat(worker("").get(slot(TenantId.ROOT, "AWS_SECRET"))).isEmpty();
    }

    @Test
    void showsTheEnvironmentToTheRootTenantOnly() {
        TenantId other = TenantId.of("0192f000-0000-7000-8000-00000000000a");
        assertThat(worker("HYPERSPOT_SECRET_").get(slot(other, "open-ai"))).isEmpty();
    }

    @Test
    void writesNothing() {
        EnvironmentWorker worker = worker("HYPERSPOT_SECRET_");
        assertThat(worker.isWritable()).isFalse();
        assertThatThrownBy(() -> worker.put(slot(TenantId.ROOT, "x"), Secret.of("v"))).isInstanceOf(ProblemException.class);
    }
}
