// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * What a worker service says of itself in its properties.
 *
 * @param type null when malformed
 * @param instance null when malformed
 * @param name of the factory configuration, or empty
 * @param origin symbolic name and version of its bundle
 * @param bundle the id of its bundle
 * @param malformed what is wrong with the properties; empty when they are well-formed
 * @param document the instance that they describe, as JSON text; empty when malformed
 */
record Candidate(
        ServiceReference<?> reference,
        long serviceId,
        String typeText,
        String instanceText,
        @Nullable GtsId type,
        @Nullable GtsId instance,
        int priority,
        String name,
        String origin,
        long bundle,
        String malformed,
        String document) {

    static final String TYPE = "gts.type";
    static final String INSTANCE = "gts.instance";
    static final String PRIORITY = "gts.priority";
    static final String NAME = "instance.name";

    /** In the order in which gateways prefer workers. */
    static final Comparator<Candidate> BY_PREFERENCE =
            Comparator.comparingInt((Candidate candidate) -> candidate.priority())
                    .thenComparingLong(candidate -> candidate.serviceId());

    private static final int DEFAULT_PRIORITY = 100;
    private static final String PLACEHOLDER = "{name}";

    static Candidate of(ServiceReference<?> reference) {
        String typeText = text(reference, TYPE);
        String name = text(reference, NAME);
        String instanceText = text(reference, INSTANCE);
        if (!name.isEmpty()) {
            instanceText = instanceText.replace(PLACEHOLDER, token(name));
        }
        GtsId type = null;
        GtsId instance = null;
        String malformed = "";
        try {
            type = GtsId.parse(typeText);
            instance = GtsId.parse(instanceText);
            malformed = mismatch(type, instance);
        } catch (GtsSyntaxException e) {
            malformed = (type == null ? TYPE : INSTANCE) + " is malformed: " + e.getMessage()
                    + (instanceText.contains(PLACEHOLDER)
                            ? "; the worker has no " + NAME + ", so it needs a factory configuration"
                            : "");
        }
        int priority = priority(reference.getProperty(PRIORITY));
        return new Candidate(
                reference,
                reference.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : -1,
                typeText,
                instanceText,
                type,
                instance,
                priority,
                name,
                origin(reference.getBundle()),
                reference.getBundle() == null ? -1 : reference.getBundle().getBundleId(),
                malformed,
                instance == null || !malformed.isEmpty() ? "" : InstanceDocument.of(reference, instance, priority));
    }

    private static String mismatch(GtsId type, GtsId instance) {
        if (!type.isType()) {
            return TYPE + " is " + type + ", which is an instance: a type ends with '~'";
        }
        if (instance.isType() || !type.equals(instance.typeId().orElse(null))) {
            return INSTANCE + " is " + instance + ", which is no instance of " + type
                    + ": write the type, then the instance's own segment";
        }
        return "";
    }

    /** A configuration's name as a token of a GTS id. */
    private static String token(String name) {
        StringBuilder token = new StringBuilder(name.length() + 1);
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            boolean digit = c >= '0' && c <= '9';
            if (digit && i == 0) {
                token.append('_');
            }
            token.append(letter || digit ? c : '_');
        }
        return token.toString();
    }

    private static String text(ServiceReference<?> reference, String property) {
        return switch (reference.getProperty(property)) {
            case String text -> text;
            // Several values: the type itself comes first, then its ancestors.
            case String[] texts when texts.length > 0 -> texts[0];
            case null, default -> "";
        };
    }

    private static int priority(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : DEFAULT_PRIORITY;
    }

    private static String origin(@Nullable Bundle bundle) {
        return bundle == null ? "unknown" : bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
