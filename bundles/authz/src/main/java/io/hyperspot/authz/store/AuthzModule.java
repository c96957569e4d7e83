// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.authz.AccessRequest;
import io.hyperspot.authz.AccessScope;
import io.hyperspot.authz.Authorization;
import io.hyperspot.authz.Decision;
import io.hyperspot.authz.Decision.Code;
import io.hyperspot.authz.engine.TenantRules;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides from rules in memory, which are loaded on a thread of its own while the product starts. */
@Component(service = {Authorization.class, HealthContributor.class, AuthzModule.class}, configurationPid = "authz")
@Designate(ocd = AuthzConfig.class)
public final class AuthzModule implements Authorization, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(AuthzModule.class);
    private static final String MODULE = "authz";

    private final Clock clock;
    private final RuleBook book;
    private final Loading loading;
    private final ScheduledExecutorService poller =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("authz-poll").factory());
    private volatile ScheduledFuture<?> polling;
    private volatile String unseen = "";
    private volatile String trouble = "the roles and policies are being loaded";

    @Activate
    public AuthzModule(BundleContext context, AuthzConfig config, @Reference Databases databases) {
        this(databases, Migration.of(context.getBundle(), MODULE), Clock.systemUTC(), Duration.ofSeconds(config.poll__seconds()));
    }

    AuthzModule(Databases databases, List<Migration> migrations, Clock clock, Duration pause) {
        this.clock = clock;
        book = new RuleBook(databases.open(MODULE, migrations), clock);
        loading = Loading.start("authz-rules", this::load, this::notLoaded);
        polling = poller.scheduleWithFixedDelay(this::poll, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Modified
    void modified(AuthzConfig config) {
        int seconds = config.poll__seconds();
        polling.cancel(false);
        polling = poller.scheduleWithFixedDelay(this::poll, seconds, seconds, TimeUnit.SECONDS);
    }

    @Deactivate
    void close() {
        poller.shutdownNow();
        loading.close();
    }

    private void load() {
        book.load();
        trouble = "";
    }

    private void poll() {
        try {
            book.poll();
            unseen = "";
        } catch (RuntimeException e) {
            // a task that throws is not run again
            if (unseen.isEmpty()) {
                log.warn("changes of rules by other servers cannot be seen now", e);
            }
            unseen = "changes of rules by other servers cannot be seen: " + e.getMessage();
        }
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the roles and policies cannot be loaded: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    /** The rules, for who administers them. */
    public RuleBook book() {
        return book;
    }

    @Override
    public SecurityContext admit(SecurityContext caller, Permission needed, @Nullable InetAddress from) {
        TenantRules rules = book.rules(caller.tenant());
        if (rules == null) {
            throw unknown();
        }
        return admit(rules, caller, needed, from, clock.instant());
    }

    static SecurityContext admit(
            TenantRules rules, SecurityContext caller, Permission needed, @Nullable InetAddress from, Instant now) {
        if (rules == TenantRules.NONE) {
            if (caller.allows(needed)) {
                return caller;
            }
            throw refusal(Code.NOT_GRANTED, needed);
        }
        if (rules.hasPolicies()) {
            Decision decision = rules.decide(request(caller, new AccessRequest.Resource(needed.resource(), null, Map.of()), needed.action(), from), true, false, now);
            if (!decision.allowed()) {
                log.debug("{} is denied {}: {} {}", caller.subject(), needed, decision.code(), decision.rule());
                throw refusal(decision.code(), needed);
            }
        } else if (!rules.grants(caller, needed, now)) {
            throw refusal(Code.NOT_GRANTED, needed);
        }
        return rules.known(caller, now);
    }

    static AccessRequest request(
            SecurityContext caller, AccessRequest.Resource resource, String action, @Nullable InetAddress from) {
        String subject = caller.subject();
        int colon = subject.indexOf(':');
        return new AccessRequest(
                new AccessRequest.Subject(
                        subject, colon < 0 ? "" : subject.substring(0, colon), caller.groups(), caller.permissions(), Map.of()),
                action,
                resource,
                new AccessRequest.Context(caller.tenant(), from, caller.scopes(), null));
    }

    private static ProblemException refusal(Code code, Permission needed) {
        return switch (code) {
            case FORBIDDEN, POLICY_FAILED ->
                denied("POLICY_FORBIDS", "a policy of the tenant forbids " + needed + " to this credential");
            case ADDRESS ->
                denied("ADDRESS_NOT_ALLOWED", "the tenant does not allow this credential from this address");
            default ->
                denied("PERMISSION_DENIED", "this needs the permission " + needed + ", which the credential does not have");
        };
    }

    private static ProblemException denied(String code, String detail) {
        return new ProblemException(ErrorCategory.PERMISSION_DENIED, code, detail);
    }

    private ProblemException unknown() {
        return new ProblemException(
                ErrorCategory.UNAVAILABLE,
                "AUTHORIZATION_UNAVAILABLE",
                (trouble.isEmpty() ? "the roles and policies of the tenant cannot be read" : trouble)
                        + "; try again in a moment");
    }

    @Override
    public Decision decide(AccessRequest request) {
        return decide(request, false);
    }

    private Decision decide(AccessRequest request, boolean inside) {
        TenantRules rules = book.rules(request.context().tenant());
        if (rules == null) {
            return Decision.deny(Code.UNAVAILABLE, "the roles and policies are not loaded");
        }
        Instant time = request.context().time();
        return rules.decide(request, false, inside, time == null ? clock.instant() : time);
    }

    @Override
    public AccessScope scope(SecurityContext caller, GtsPattern type, String action, @Nullable String id) {
        Decision decision = decide(request(caller, new AccessRequest.Resource(type, id, Map.of()), action, null), true);
        return AccessScope.of(decision, caller.tenant());
    }

    @Override
    public String name() {
        return MODULE;
    }

    @Override
    public Health health() {
        if (!trouble.isEmpty()) {
            return Health.down(trouble);
        }
        List<String> wrong = new ArrayList<>(book.trouble());
        if (!unseen.isEmpty()) {
            wrong.add(unseen);
        }
        return wrong.isEmpty() ? Health.up() : Health.degraded(String.join("; ", wrong));
    }
}
