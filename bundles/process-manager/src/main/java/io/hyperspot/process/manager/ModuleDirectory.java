// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import io.hyperspot.modkit.HealthReport;
import io.hyperspot.modkit.lifecycle.ModuleBundle;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.process.manager.Module.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/**
 * The modules as they are now. What a module needs is what its components reference and cannot be
 * without; a reference that may stay empty is no need. Thread-safe.
 */
@Component(service = ModuleDirectory.class)
public final class ModuleDirectory {
    /** What carries a request of this module's own. */
    private static final List<String> ROOTS = List.of(
            "io.hyperspot.web",
            "io.hyperspot.security",
            "io.hyperspot.process.manager",
            "io.hyperspot.config",
            "io.hyperspot.observability");

    private final BundleContext system;
    private final Admission admission;
    private final ServiceComponentRuntime components;

    @Activate
    public ModuleDirectory(
            BundleContext context, @Reference Admission admission, @Reference ServiceComponentRuntime components) {
        system = context;
        this.admission = admission;
        this.components = components;
    }

    /** All modules, ordered by id. */
    public List<Module> list() {
        Map<String, Set<String>> needs = needs();
        Map<String, Set<String>> neededBy = reversed(needs);
        Set<String> essential = closure(ROOTS, needs);
        List<Module> modules = new ArrayList<>();
        bundles().values().forEach(bundle -> modules.add(new Module(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                state(bundle),
                isPlugin(bundle)
                        ? Kind.PLUGIN
                        : essential.contains(bundle.getSymbolicName()) ? Kind.ESSENTIAL : Kind.MODULE,
                List.copyOf(needs.getOrDefault(bundle.getSymbolicName(), Set.of())),
                List.copyOf(neededBy.getOrDefault(bundle.getSymbolicName(), Set.of())),
                workers(bundle),
                HealthReport.of(system, bundle))));
        return modules;
    }

    public Optional<Module> find(String id) {
        return list().stream().filter(module -> module.id().equals(id)).findFirst();
    }

    /** The modules that stop working while a module is stopped, those that need them included; in order. */
    public List<String> affectedBy(String id) {
        Set<String> affected = new TreeSet<>(closure(List.of(id), reversed(needs())));
        affected.remove(id);
        return List.copyOf(affected);
    }

    /** The bundle of a module. */
    Optional<Bundle> bundle(String id) {
        return Optional.ofNullable(bundles().get(id));
    }

    private Map<String, Bundle> bundles() {
        Map<String, Bundle> modules = new TreeMap<>();
        for (Bundle bundle : system.getBundles()) {
            String id = String.valueOf(bundle.getSymbolicName());
            if ((ModuleBundle.isModule(bundle) || isPlugin(bundle)) && (bundle.getState() == Bundle.ACTIVE || !modules.containsKey(id))) {
                modules.put(id, bundle);
            }
        }
        return modules;
    }

    private static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith("plugin:");
    }

    private Map<String, Set<String>> needs() {
        Map<String, Bundle> modules = bundles();
        Map<String, Set<String>> needs = new HashMap<>();
        for (Bundle bundle : modules.values()) {
            Set<String> of = new TreeSet<>();
            for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(bundle)) {
                for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(description)) {
                    for (SatisfiedReferenceDTO reference : configuration.satisfiedReferences) {
                        if (isMandatory(description, reference.name)) {
                            providers(reference, of);
                        }
                    }
                }
            }
            of.retainAll(modules.keySet());
            of.remove(bundle.getSymbolicName());
            needs.put(bundle.getSymbolicName(), of);
        }
        return needs;
    }

    private void providers(SatisfiedReferenceDTO reference, Set<String> into) {
        for (ServiceReferenceDTO service : reference.boundServices) {
            Bundle provider = system.getBundle(service.bundle);
            if (provider != null && provider.getSymbolicName() != null) {
                into.add(provider.getSymbolicName());
            }
        }
    }

    private static boolean isMandatory(ComponentDescriptionDTO description, String reference) {
        for (ReferenceDTO declared : description.references) {
            if (declared.name.equals(reference)) {
                return declared.cardinality.startsWith("1");
            }
        }
        return false;
    }

    private static Map<String, Set<String>> reversed(Map<String, Set<String>> relation) {
        Map<String, Set<String>> reverse = new HashMap<>();
        relation.forEach((from, targets) ->
                targets.forEach(to -> reverse.computeIfAbsent(to, id -> new TreeSet<>()).add(from)));
        return reverse;
    }

    private static Set<String> closure(List<String> from, Map<String, Set<String>> relation) {
        Set<String> reached = new TreeSet<>(from);
        Deque<String> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            for (String next : relation.getOrDefault(open.pop(), Set.of())) {
                if (reached.add(next)) {
                    open.push(next);
                }
            }
        }
        return reached;
    }

    private List<String> workers(Bundle bundle) {
        return admission.entries().stream()
                .filter(entry -> entry.bundle() == bundle.getBundleId())
                .map(Admission.Entry::instance)
                .toList();
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "ACTIVE";
            case Bundle.STARTING -> "STARTING";
            case Bundle.STOPPING -> "STOPPING";
            case Bundle.RESOLVED -> "RESOLVED";
            default -> "INSTALLED";
        };
    }
}
