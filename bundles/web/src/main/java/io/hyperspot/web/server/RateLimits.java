// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many requests a minute there may be of an address, a subject, a tenant, and of an operation by a
 * tenant; and how many wrong credentials from an address. Each answer to which a limit applied, good or bad,
 * tells it in the fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-10. The older drafts' {@code RateLimit-Limit}, {@code -Remaining} and
 * {@code -Reset} cannot tell several limits at once, nor which is which.
 *
 * <p>Programs on this machine have no address that could be limited: behind a proxy on it everybody would
 * have the same, unless the proxy is trusted to tell the real ones.
 */
final class RateLimits {
    private static final Logger log = LoggerFactory.getLogger(RateLimits.class);
    static final int BOUND = 100_000;
    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";

    /** One limit; 0 a minute: off. */
    private static final class Rule {
        final String name;
        final int perMinute;
        final String policy;
        final Buckets buckets = new Buckets(BOUND);

        Rule(String name, int perMinute) {
            this.name = name;
            this.perMinute = perMinute;
            policy = policy(name, perMinute);
        }
    }

    private final Rule address;
    private final Rule failures;
    private final Rule subject;
    private final Rule tenant;
    private final Buckets calls = new Buckets(BOUND);
    private final Map<String, Integer> operations;
    private volatile @Nullable RateSharing sharing;

    /**
     * @param operations entries such as {@code POST /security/v1/api-keys=20}
     * @throws IllegalArgumentException for an entry that is not of this form
     */
    RateLimits(int perAddress, int failuresPerAddress, int perSubject, int perTenant, List<String> operations) {
        address = new Rule("address", perAddress);
        failures = new Rule("failed-credentials", failuresPerAddress);
        subject = new Rule("subject", perSubject);
        tenant = new Rule("tenant", perTenant);
        Map<String, Integer> parsed = new HashMap<>();
        for (String entry : operations) {
            int equals = entry.lastIndexOf('=');
            String limit = entry.substring(equals + 1).strip();
            if (equals < 0 || !entry.substring(0, equals).strip().matches("[A-Z]+ /\\S*") || !limit.matches("\\d{1,9}")) {
                throw new IllegalArgumentException("'" + entry
                        + "' in modules.web.rate_limit_operations is no limit of an operation; write POST /security/v1/api-keys=20");
            }
            parsed.put(entry.substring(0, equals).strip(), Integer.valueOf(limit));
        }
        this.operations = Map.copyOf(parsed);
    }

    static RateLimits of(WebConfig config) {
        return new RateLimits(
                config.rate__limit__address__per__minute(),
                config.rate__limit__failed__credentials__per__minute(),
                config.rate__limit__subject__per__minute(),
                config.rate__limit__tenant__per__minute(),
                List.of(config.rate__limit__operations()));
    }

    /** The other servers are told from now on of what is let through. */
    void share(RateSharing with) {
        sharing = with;
    }

    /** Another server let so many through. What it counts for is what {@link RateKey#text} says. */
    void usedElsewhere(String text, long count) {
        switch (RateKey.parse(text)) {
            case RateKey.Address key -> usedElsewhere(address, key, count);
            case RateKey.Guesses key -> usedElsewhere(failures, key, count);
            case RateKey.Subject key -> usedElsewhere(subject, key, count);
            case RateKey.Tenant key -> usedElsewhere(tenant, key, count);
            case RateKey.Call key -> calls.of(key, key.most()).usedElsewhere(count);
            case null -> log.debug("another server counts for something that this one does not know");
        }
    }

    private static void usedElsewhere(Rule rule, RateKey key, long count) {
        if (rule.perMinute > 0) {
            rule.buckets.of(key, rule.perMinute).usedElsewhere(count);
        }
    }

    /**
     * Counts a request of an address.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED
     */
    void arrived(@Nullable InetAddress from, HttpFields.Mutable answer) {
        InetAddress network = address.perMinute > 0 ? network(from) : null;
        if (network != null) {
            take(address, new RateKey.Address(network), answer);
        }
    }

    /**
     * To be asked before a credential is looked at, so that a right guess beyond the limit is of no use.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED after too many wrong credentials of this address
     */
    void beforeCredential(@Nullable InetAddress from, HttpFields.Mutable answer) {
        InetAddress network = failures.perMinute > 0 ? network(from) : null;
        Allowance allowance = network == null ? null : failures.buckets.find(new RateKey.Guesses(network));
        if (allowance == null) {
            return;
        }
        EstimationProbe probe = allowance.look();
        if (!probe.canBeConsumed()) {
            tell(answer, failures.policy, failures.name, 0, probe.getNanosToWaitForRefill());
            throw exhausted(failures.name, failures.perMinute, probe.getNanosToWaitForRefill());
        }
    }

    /**
     * Counts a wrong credential. Those that are looked at at the same time may be more than the limit; then
     * none of them learns more than that.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED
     */
    void wrongCredential(@Nullable InetAddress from, HttpFields.Mutable answer) {
        InetAddress network = failures.perMinute > 0 ? network(from) : null;
        if (network != null) {
            take(failures, new RateKey.Guesses(network), answer);
        }
    }

    /**
     * Counts a call. From the narrowest limit to the widest: who is over his own takes nothing of what his
     * tenant has.
     *
     * @param caller null for a public operation
     * @param operation method and path template
     * @param declared calls a minute by {@link io.hyperspot.web.RateLimited}; 0: none
     * @throws ProblemException RESOURCE_EXHAUSTED
     */
    void called(
            @Nullable SecurityContext caller,
            @Nullable InetAddress from,
            String method,
            String operation,
            int declared,
            HttpFields.Mutable answer) {
        if (caller != null && subject.perMinute > 0) {
            take(subject, new RateKey.Subject(caller.tenant(), caller.subject()), answer);
        }
        if (declared > 0 || !operations.isEmpty()) {
            operation(caller, from, method, operation, declared, answer);
        }
        if (caller != null && tenant.perMinute > 0) {
            take(tenant, new RateKey.Tenant(caller.tenant()), answer);
        }
    }

    private void operation(
            @Nullable SecurityContext caller,
            @Nullable InetAddress from,
            String method,
            String operation,
            int declared,
            HttpFields.Mutable answer) {
        String name = (method.equals("HEAD") ? "GET" : method) + ' ' + operation;
        int most = operations.getOrDefault(name, declared);
        String by = by(caller, from);
        if (most <= 0 || by == null) {
            return;
        }
        take(calls.of(new RateKey.Call(name, most, by), most), "operation", policy("operation", most), most, answer);
    }

    private static @Nullable String by(@Nullable SecurityContext caller, @Nullable InetAddress from) {
        if (caller != null) {
            return caller.tenant().toString();
        }
        InetAddress network = network(from);
        return network == null ? null : network.getHostAddress();
    }

    /** Null when it is not to be counted. */
    private static @Nullable InetAddress network(@Nullable InetAddress from) {
        return from == null || from.isLoopbackAddress() ? null : ClientAddress.network(from);
    }

    private void take(Rule rule, RateKey key, HttpFields.Mutable answer) {
        take(rule.buckets.of(key, rule.perMinute), rule.name, rule.policy, rule.perMinute, answer);
    }

    private void take(Allowance allowance, String name, String policy, int perMinute, HttpFields.Mutable answer) {
        ConsumptionProbe probe = allowance.take();
        RateSharing shared = sharing;
        if (shared != null && probe.isConsumed()) {
            shared.used(allowance);
        }
        tell(answer, policy, name, probe.getRemainingTokens(),
                probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill());
        if (!probe.isConsumed()) {
            throw exhausted(name, perMinute, probe.getNanosToWaitForRefill());
        }
    }

    private static String policy(String name, int perMinute) {
        return '"' + name + "\";q=" + perMinute + ";w=60";
    }

    private static void tell(HttpFields.Mutable answer, String policy, String name, long remaining, long nanos) {
        add(answer, POLICY, policy);
        add(answer, LIMIT, '"' + name + "\";r=" + remaining + ";t=" + seconds(nanos));
    }

    private static void add(HttpFields.Mutable answer, String field, String item) {
        String before = answer.get(field);
        answer.put(field, before == null ? item : before + ", " + item);
    }

    private static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, 1_000_000_000L));
    }

    private static ProblemException exhausted(String name, int perMinute, long nanos) {
        long wait = seconds(nanos);
        String of = switch (name) {
            case "address" -> " requests a minute from one address";
            case "failed-credentials" -> " wrong credentials a minute from one address";
            case "subject" -> " requests a minute of one caller";
            case "tenant" -> " requests a minute of one tenant";
            default -> " calls of this operation a minute";
        };
        return new ProblemException(
                ErrorCategory.RESOURCE_EXHAUSTED,
                "RATE_LIMITED",
                "there may be " + perMinute + of + "; try again in " + wait + " s",
                Map.of("limit", name, "retry_after_seconds", wait),
                null);
    }
}
