// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit;

import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A security-relevant act: who did what to what, and what came of it. Immutable. Holds no secret, no
 * credential and no content.
 *
 * <pre>{@code
 * database.write(TenantScope.of(ctx), rows -> {
 *     rows.insert(key);
 *     AuditEvent.done(ctx, "api_key.create", key.getId()).with("name", name).publish(rows);
 * });
 * }</pre>
 *
 * @param tenant in whose trail it is written
 * @param actor the subject who acted
 * @param action what was done, {@code <kind>.<verb>} in lower case with underscores: {@code api_key.create}
 * @param target the id of what it was done to, or empty
 * @param outcome what came of it
 * @param details what else a reader needs to know, by names in lower case with underscores
 */
public record AuditEvent(
        TenantId tenant, String actor, String action, String target, Outcome outcome, Map<String, String> details) {
    /** The topic under which events leave the transaction of the act. */
    public static final String TOPIC = "audit";

    private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9_]{0,39}\\.[a-z][a-z0-9_]{0,39}");
    private static final Pattern DETAIL = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    private static final String DETAILS = "details.";
    private static final int LONGEST = 1000;

    /** What came of an act. */
    public enum Outcome {
        DONE,
        /** It was not allowed. */
        DENIED,
        /** It was allowed and did not succeed. */
        FAILED
    }

    /**
     * @throws IllegalArgumentException when the action or a detail's name is malformed
     */
    public AuditEvent {
        if (!ACTION.matcher(action).matches()) {
            throw new IllegalArgumentException("an action is written <kind>.<verb>, not '" + action + "'");
        }
        actor = shortened(actor);
        target = shortened(target);
        Map<String, String> sorted = new TreeMap<>();
        details.forEach((name, value) -> {
            if (!DETAIL.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is no name of a detail");
            }
            sorted.put(name, shortened(value));
        });
        details = Map.copyOf(sorted);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** An act that succeeded, in the trail of the caller's tenant. */
    public static AuditEvent done(SecurityContext ctx, String action, String target) {
        return new AuditEvent(ctx.tenant(), ctx.subject(), action, target, Outcome.DONE, Map.of());
    }

    /** An act that succeeded, in the trail of another tenant than the caller's; the caller's is told. */
    public static AuditEvent done(SecurityContext ctx, TenantId tenant, String action, String target) {
        AuditEvent event = new AuditEvent(tenant, ctx.subject(), action, target, Outcome.DONE, Map.of());
        return tenant.equals(ctx.tenant()) ? event : event.with("actor_tenant", ctx.tenant().toString());
    }

    /** The same with one more detail. */
    public AuditEvent with(String name, String value) {
        Map<String, String> more = new TreeMap<>(details);
        more.put(name, value);
        return new AuditEvent(tenant, actor, action, target, outcome, more);
    }

    /** The same with another outcome. */
    public AuditEvent with(Outcome other) {
        return new AuditEvent(tenant, actor, action, target, other, details);
    }

    /** Records it if and only if the transaction is committed. */
    public void publish(Writing rows) {
        rows.publish(message());
    }

    /** The event as it travels. */
    public Message message() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("actor", actor);
        fields.put("action", action);
        fields.put("target", target);
        fields.put("outcome", outcome.name());
        details.forEach((name, value) -> fields.put(DETAILS + name, value));
        return new Message(TOPIC, tenant, fields);
    }

    /**
     * The event that travelled.
     *
     * @throws IllegalArgumentException when the message is none
     */
    public static AuditEvent of(Message message) {
        Map<String, String> fields = message.fields();
        Map<String, String> details = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(DETAILS)) {
                details.put(name.substring(DETAILS.length()), value);
            }
        });
        return new AuditEvent(
                message.tenant(),
                fields.getOrDefault("actor", ""),
                fields.getOrDefault("action", ""),
                fields.getOrDefault("target", ""),
                Outcome.valueOf(fields.getOrDefault("outcome", "")),
                details);
    }
}
