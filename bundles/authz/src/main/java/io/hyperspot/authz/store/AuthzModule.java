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
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides from rules in memory, which are loaded on a thread of its own while the product starts. */
@Component(service = {Authorization.class, HealthContributor.class, AuthzModule.class})
public final class AuthzModule implements Authorization, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(AuthzModule.class);
    private static final String MODULE = "authz";

    private final Clock clock;
    private final RuleBook book;
    private final Loading loading;
    private volatile String trouble = "the roles and policies are being loaded";

    @Activate
    public AuthzModule(BundleContext context, @Reference Databases databases) {
        this(databases, Migration.of(context.getBundle(), MODULE), Clock.systemUTC());
    }

    AuthzModule(Databases databases, List<Migration> migrations, Clock clock) {
        this.clock = clock;
        book = new RuleBook(databases.open(MODULE, migrations), clock);
        loading = Loading.start("authz-rules", this::load, this::notLoaded);
    }

    @Deactivate
    void close() {
        loading.close();
        book.close();
    }

    private void load() {
        book.load();
        trouble = "";
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
        if (rules == TenantRules.NONE) {
            if (caller.allows(needed)) {
                return caller;
            }
            throw refusal(Code.NOT_GRANTED, needed);
        }
        Instant now = clock.instant();
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
                (trouble.isEmpty() ? "the roles and policies of the tenant are being loaded again" : trouble)
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
        return wrong.isEmpty() ? Health.up() : Health.degraded(String.join("; ", wrong));
    }
}
