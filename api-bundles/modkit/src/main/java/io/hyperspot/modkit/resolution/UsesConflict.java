// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Two chains by which a bundle would see one package from two exporters.
 *
 * @param name of the package
 * @param first who exports it by one chain
 * @param firstChain in words, from the bundle to the package
 * @param second who exports it by the other chain
 */
record UsesConflict(String name, BundleCapability first, String firstChain, BundleCapability second, String secondChain) {
    /** Packages further away than that are not looked at. */
    private static final int FARTHEST = 12;

    /** A package that a bundle sees, and how it comes to see it. */
    private record Sight(BundleCapability capability, List<String> chain) {}

    /**
     * Looks for a conflict.
     *
     * @param needs what the bundle needs, each with those that would provide it
     */
    static Optional<UsesConflict> of(Map<BundleRequirement, List<BundleCapability>> needs, List<Bundle> present) {
        // by requirement: for each provider that could be chosen, the packages that come with it
        List<List<Map<String, Sight>>> choices = new ArrayList<>();
        needs.values().forEach(providers -> {
            List<Map<String, Sight>> alternatives = new ArrayList<>();
            for (BundleCapability provider : providers) {
                Map<String, Sight> seen = new HashMap<>();
                follow(provider, List.of("imports " + name(provider) + " from " + bundle(provider)), present, seen);
                alternatives.add(seen);
            }
            choices.add(alternatives);
        });
        List<List<Map<String, Sight>>> all = List.copyOf(choices);
        // what the bundle itself does not see may differ
        Set<String> own = new HashSet<>();
        needs.values().forEach(providers -> providers.forEach(provider -> own.add(name(provider))));
        @Nullable UsesConflict possible = null;
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                List<Map<String, Sight>> one = all.get(i);
                List<Map<String, Sight>> other = all.get(j);
                @Nullable UsesConflict found = null;
                boolean always = true;
                for (Map<String, Sight> left : one) {
                    for (Map<String, Sight> right : other) {
                        @Nullable UsesConflict here = between(left, right, own);
                        always &= here != null;
                        found = found == null ? here : found;
                    }
                }
                if (found != null && always) {
                    return Optional.of(found);
                }
                possible = possible == null ? found : possible;
            }
        }
        return Optional.ofNullable(possible);
    }

    private static @Nullable UsesConflict between(
            Map<String, Sight> left, Map<String, Sight> right, Set<String> own) {
        for (Map.Entry<String, Sight> entry : new TreeMap<>(left).entrySet()) {
            Sight one = entry.getValue();
            Sight other = right.get(entry.getKey());
            if (own.contains(entry.getKey()) && other != null && !one.capability().equals(other.capability())) {
                return new UsesConflict(
                        entry.getKey(),
                        one.capability(),
                        String.join(", which ", one.chain()),
                        other.capability(),
                        String.join(", which ", other.chain()));
            }
        }
        return null;
    }

    /** Collects what comes with a package: itself, and what its types mention. */
    private static void follow(BundleCapability capability, List<String> chain, List<Bundle> present, Map<String, Sight> seen) {
        if (chain.size() > FARTHEST || seen.putIfAbsent(name(capability), new Sight(capability, chain)) != null) {
            return;
        }
        String uses = capability.getDirectives().getOrDefault(Constants.USES_DIRECTIVE, "");
        for (String used : new HashSet<>(Arrays.asList(uses.strip().split("\\s*,\\s*")))) {
            if (!used.isEmpty()) {
                source(capability.getRevision(), used, present).ifPresent(from -> {
                    List<String> longer = new ArrayList<>(chain);
                    longer.add("uses " + used + " from " + bundle(from));
                    follow(from, longer, present, seen);
                });
            }
        }
    }

    /** Where a bundle has a package from: by its wires, or, while it is not resolved, by the only way there is. */
    private static Optional<BundleCapability> source(BundleRevision revision, String name, List<Bundle> present) {
        BundleWiring wiring = revision.getWiring();
        if (wiring != null) {
            for (BundleWire wire : wiring.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE)) {
                if (name.equals(name(wire.getCapability()))) {
                    return Optional.of(wire.getCapability());
                }
            }
        } else {
            for (BundleRequirement requirement : revision.getDeclaredRequirements(BundleRevision.PACKAGE_NAMESPACE)) {
                Set<BundleCapability> matching = new HashSet<>();
                for (Bundle bundle : present) {
                    BundleRevision other = bundle.adapt(BundleRevision.class);
                    if (other != null) {
                        other.getDeclaredCapabilities(BundleRevision.PACKAGE_NAMESPACE).stream()
                                .filter(one -> name.equals(name(one)) && requirement.matches(one))
                                .forEach(matching::add);
                    }
                }
                if (matching.size() == 1) {
                    return matching.stream().findFirst();
                }
            }
        }
        return revision.getDeclaredCapabilities(BundleRevision.PACKAGE_NAMESPACE).stream()
                .filter(own -> name.equals(name(own)))
                .findFirst();
    }

    private static String name(BundleCapability capability) {
        return String.valueOf(capability.getAttributes().get(BundleRevision.PACKAGE_NAMESPACE));
    }

    private static String bundle(BundleCapability capability) {
        return capability.getRevision().getSymbolicName() + " " + capability.getRevision().getVersion();
    }

    private static String version(BundleCapability capability) {
        return String.valueOf(capability.getAttributes().get("version"));
    }

    /** Appends the lines Needs, Present and Fix. */
    void describe(StringBuilder text, String asking) {
        text.append("\n  Needs    package ").append(name).append(" from one bundle, but would see two");
        line(text, "\n  Present  ", first, asking, firstChain);
        line(text, "\n           ", second, asking, secondChain);
        text.append("\n  Fix      let all of them use one: build ").append(asking).append(" against the ").append(name);
        text.append(" that its other imports use, or install versions of those that use the same one");
    }

    private static void line(StringBuilder text, String label, BundleCapability exporter, String asking, String chain) {
        text.append(label).append(version(exporter)).append(" from ").append(bundle(exporter));
        text.append(": ").append(asking).append(' ').append(chain);
    }
}
