// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Finds the bundle that is installed, but stopped, and without which a service is not there. */
public final class AbsentService {
    private final BundleContext context;
    private final ServiceComponentRuntime components;

    public AbsentService(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    /**
     * The symbolic name of the bundle to start, so that a service may come: the one that would bring it,
     * or one that the component which would bring it waits for.
     *
     * @param service the name of its interface
     * @return empty when the service is there, or no stopped bundle is known to bring it
     */
    public Optional<String> stopped(String service) {
        return isThere(service) ? Optional.empty() : stopped(service, new HashSet<>(Set.of(service)));
    }

    /** The same in words, with the command that mends it; empty when nothing is known. */
    public String words(String service) {
        return stopped(service)
                .map(bundle -> bundle + " would bring it, but is stopped; start it: hyperspot modules start " + bundle)
                .orElse("");
    }

    private boolean isThere(String service) {
        try {
            return context.getAllServiceReferences(service, null) != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter", e);
        }
    }

    private Optional<String> stopped(String service, Set<String> visited) {
        Optional<String> found = Optional.empty();
        for (Bundle bundle : context.getBundles()) {
            if (brings(bundle, service)) {
                if (bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED) {
                    return Optional.of(bundle.getSymbolicName());
                }
                if (found.isEmpty()) {
                    found = behind(bundle, service, visited);
                }
            }
        }
        return found;
    }

    /** What a component that would bring the service waits for. */
    private Optional<String> behind(Bundle bundle, String service, Set<String> visited) {
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs(bundle)) {
            if (!Arrays.asList(component.serviceInterfaces).contains(service)) {
                continue;
            }
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
                for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                    String needed = WaitingComponents.type(component, reference.name);
                    if (visited.add(needed) && !isThere(needed)) {
                        Optional<String> stopped = stopped(needed, visited);
                        if (stopped.isPresent()) {
                            return stopped;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean brings(Bundle bundle, String service) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null || (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            return false;
        }
        for (BundleCapability capability : revision.getDeclaredCapabilities("osgi.service")) {
            Object types = capability.getAttributes().get("objectClass");
            if (service.equals(types) || (types instanceof Collection<?> several && several.contains(service))) {
                return true;
            }
        }
        return false;
    }
}
