// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.process.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ConfinementTest {
    @Test
    void believesAScopeThatShowsItsLimits() {
        assertThat(Tools.scope("1073741824\n100000 100000\n")).isEqualTo(new Tools.Scope(true, true));
        assertThat(Tools.scope("1073741824\nmax 100000\n")).isEqualTo(new Tools.Scope(true, false));
        assertThat(Tools.scope("")).isEqualTo(Tools.Scope.NONE);
    }

    @Test
    void readsListsOfProcessors() {
        assertThat(Tools.numbers("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
        assertThat(Tools.numbers("3")).containsExactly(3);
    }

    @Test
    void putsACommandBehindNothingWhereThereIsNothing() {
        Confinement confinement = Confinement.of(Limits.memory(1).withCpus(0.5), Tools.none(), 0);

        assertThat(confinement.prefix()).isEmpty();
        assertThat(confinement.needsBus()).isFalse();
        assertThat(confinement.status().enforced()).isEmpty();
        assertThat(confinement.status().notEnforced()).contains("memory: ", "; cpus: ");
        assertThat(Confinement.of(Limits.NONE, Tools.none(), 0).status()).isEqualTo(Limits.Status.NONE);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatHalfAProcessorIsNotWhatTasksetGives() {
        Tools tools = Tools.ofThisMachine();
        if (tools.scope().cpu() || !tools.taskset() || tools.processors().size() < 2) {
            return;
        }
        assertThat(Confinement.of(Limits.NONE.withCpus(0.5), tools, 0).status().notEnforced())
                .isEqualTo("cpus: taskset gives whole processors, so it has 1, not 0.5");
        assertThat(Confinement.of(Limits.NONE.withCpus(10_000), tools, 0).status().notEnforced()).isEmpty();
    }
}
