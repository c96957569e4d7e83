// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcesses;
import io.hyperspot.process.Command;
import io.hyperspot.process.SupervisedProcess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The processes of one bundle, which end when it gives the service back. */
@Component(service = ChildProcesses.class, scope = ServiceScope.BUNDLE)
public final class OwnedProcesses implements ChildProcesses {
    private final String owner;
    private final ProcessSupervisor supervisor;
    private final Set<Supervised> owned = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    @Activate
    public OwnedProcesses(ComponentContext component, @Reference ProcessSupervisor supervisor) {
        this(String.valueOf(component.getUsingBundle().getSymbolicName()), supervisor);
    }

    /**
     * @param owner a bundle's symbolic name
     */
    public OwnedProcesses(String owner, ProcessSupervisor supervisor) {
        this.owner = owner;
        this.supervisor = supervisor;
    }

    @Override
    public ChildProcess supervise(Spec spec) {
        return owned(supervisor.supervise(owner, spec));
    }

    @Override
    public SupervisedProcess supervise(Command command) {
        return owned(supervisor.supervise(owner, command));
    }

    private <T extends SupervisedProcess> T owned(T process) {
        owned.removeIf(other -> other.state() == SupervisedProcess.State.CLOSED);
        if (process instanceof Supervised supervised) {
            owned.add(supervised);
        }
        if (ended) {
            process.close();
        }
        return process;
    }

    @Deactivate
    public void end() {
        ended = true;
        supervisor.end(List.copyOf(owned));
    }
}
