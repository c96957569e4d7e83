// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.process.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfinementTest {
    @Test
    void believesAScopeThatShowsItsLimits() {
        assertThat(LinuxTools.scope("1073741824\n100000 100000\n")).isEqualTo(new Tools.Scope(true, true));
        assertThat(LinuxTools.scope("1073741824\nmax 100000\n")).isEqualTo(new Tools.Scope(true, false));
        assertThat(LinuxTools.scope("")).isEqualTo(Tools.Scope.NONE);
    }

    @Test
    void readsListsOfProcessors() {
        assertThat(LinuxTools.numbers("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
        assertThat(LinuxTools.numbers("3")).containsExactly(3);
    }

    @Test
    void putsACommandBehindNothingWhereThereIsNothing() {
        Confinement confinement = Confinement.of(Limits.memory(1).withCpus(0.5), Tools.NONE, 0);

        assertThat(confinement.prefix()).isEmpty();
        assertThat(confinement.needsBus()).isFalse();
        assertThat(confinement.status().enforced()).isEmpty();
        assertThat(confinement.status().notEnforced()).contains("memory: ", "; cpus: ");
        assertThat(Confinement.of(Limits.NONE, Tools.NONE, 0).status()).isEqualTo(Limits.Status.NONE);
    }

    @Test
    void prefersAScope() {
        Machine machine = new Machine(true, true, true, new Tools.Scope(true, true), List.of(0, 1));

        Confinement confinement = Confinement.of(Limits.memory(1_000).withCpus(1.5), machine, 0);

        assertThat(String.join(" ", confinement.prefix()))
                .isEqualTo("systemd-run --user --scope --quiet --collect -p MemoryMax=1000 -p MemorySwapMax=0 -p CPUQuota=150%"
                        + " env -u XDG_RUNTIME_DIR -u DBUS_SESSION_BUS_ADDRESS setpriv --pdeathsig KILL");
        assertThat(confinement.needsBus()).isTrue();
        assertThat(confinement.status())
                .isEqualTo(new Limits.Status("memory by a systemd scope; cpus by a systemd scope", ""));
        assertThat(Confinement.of(Limits.NONE, machine, 0).prefix()).containsExactly("setpriv", "--pdeathsig", "KILL");
    }

    @Test
    void takesForTheRestWhatThereIs() {
        Machine machine = new Machine(false, true, true, new Tools.Scope(true, false), List.of(0, 1, 4, 5));

        assertThat(Confinement.of(Limits.memory(1_000).withCpus(2), machine, 1).prefix())
                .contains("MemoryMax=1000")
                .endsWith("taskset", "-c", "4,5");
        Machine plain = new Machine(false, true, true, Tools.Scope.NONE, List.of(0, 1, 4, 5));
        Confinement confinement = Confinement.of(Limits.memory(1_000).withCpus(3), plain, 1);
        assertThat(confinement.prefix()).containsExactly("prlimit", "--as=1000", "taskset", "-c", "5,0,1");
        assertThat(confinement.status().enforced()).contains("memory by prlimit", "cpus by taskset: 3 of 4");
    }

    @Test
    void saysThatHalfAProcessorIsNotWhatTasksetGives() {
        Machine machine = new Machine(false, false, true, Tools.Scope.NONE, List.of(0, 1));

        assertThat(Confinement.of(Limits.NONE.withCpus(0.5), machine, 0).status().notEnforced())
                .isEqualTo("cpus: taskset gives whole processors, so it has 1, not 0.5");
        assertThat(Confinement.of(Limits.NONE.withCpus(1.5), machine, 0).status().notEnforced())
                .contains("has 2, not 1.5");
        assertThat(Confinement.of(Limits.NONE.withCpus(10_000), machine, 0).status().notEnforced()).isEmpty();
    }

    private record Machine(boolean setpriv, boolean prlimit, boolean taskset, Scope scope, List<Integer> processors)
            implements Tools {}
}
