// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Our components that cannot start, and what each of them waits for, in words. */
final class WaitingComponents {
    private final ServiceComponentRuntime runtime;

    WaitingComponents(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    List<String> describe() {
        List<String> waiting = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            if (!component.bundle.symbolicName.startsWith("io.hyperspot.")) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            for (ComponentConfigurationDTO configuration : configurations) {
                describe(component, configuration, waiting);
            }
        }
        return waiting;
    }

    private static void describe(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, List<String> waiting) {
        switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                    waiting.add(component.bundle.symbolicName + " waits for a service " + service(component, reference.name));
                }
            }
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                waiting.add(component.bundle.symbolicName + " failed to start: " + firstLine(configuration.failure));
            default -> {}
        }
    }

    private static String service(ComponentDescriptionDTO component, String reference) {
        for (var declared : component.references) {
            if (declared.name.equals(reference)) {
                return declared.interfaceName + (declared.target == null ? "" : " with " + declared.target);
            }
        }
        return reference;
    }

    private static String firstLine(String text) {
        if (text == null) {
            return "no reason was given";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
