// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.authz.Authorization;
import io.hyperspot.gts.GtsId;
import io.hyperspot.licenses.Licenses;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request pass when its credential is good, its tenant works, and its permissions satisfy the
 * operation's posture, its tenant is licensed for what the operation needs, and when there are not too many already of its address, its caller, its tenant and
 * the operation.
 */
final class Gate {
    private static final SecurityContext ANONYMOUS =
            new SecurityContext("anonymous", TenantId.ROOT, List.of());
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern LOCAL_ORIGIN = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private final ClientAddress addresses;
    private final RateLimits rates;
    private final TenantsInFlight inFlight;
    private volatile @Nullable Authenticator authenticator;
    private volatile @Nullable Authorization authorization;
    private volatile @Nullable Tenants tenants;
    private volatile @Nullable Licenses licenses;
    private volatile @Nullable TenantTree lastTree;

    Gate(ClientAddress addresses, RateLimits rates, TenantsInFlight inFlight) {
        this.addresses = addresses;
        this.rates = rates;
        this.inFlight = inFlight;
    }

    void use(Authenticator next) {
        authenticator = next;
    }

    /** Forgets an authenticator unless another has taken its place already. */
    void release(Authenticator gone) {
        if (gone.equals(authenticator)) {
            authenticator = null;
        }
    }

    void use(Authorization next) {
        authorization = next;
    }

    void release(Authorization gone) {
        if (gone.equals(authorization)) {
            authorization = null;
        }
    }

    void use(Tenants next) {
        tenants = next;
    }

    /** Goes on with the tree that is known: a resolver that is replaced lets no suspended tenant in meanwhile. */
    void release(Tenants gone) {
        if (gone.equals(tenants)) {
            TenantTree last = gone.tree();
            lastTree = last == null ? lastTree : last;
            tenants = null;
        }
    }

    void use(Licenses next) {
        licenses = next;
    }

    void release(Licenses gone) {
        if (gone.equals(licenses)) {
            licenses = null;
        }
    }

    boolean isOpen() {
        return authenticator != null && authorization != null;
    }

    /**
     * Counts a request before anything is known of it but its address.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED
     */
    void arrive(Request request, HttpFields.Mutable answer) {
        rates.arrived(addresses.of(request), answer);
    }

    /**
     * @param perMinute calls of the operation by {@link io.hyperspot.web.RateLimited}; 0: as many as you like
     * @throws ProblemException UNAUTHENTICATED, PERMISSION_DENIED, RESOURCE_EXHAUSTED, or UNAVAILABLE when
     *     the credential, the tenant or its license cannot be checked now
     */
    SecurityContext pass(Visit visit, Posture posture, int perMinute) {
        Request request = visit.exchange.request();
        HttpFields.Mutable answer = visit.exchange.response().getHeaders();
        RequestClient client = client(visit);
        InetAddress from = client.address();
        if (posture.permission() == null) {
            rates.called(null, from, request.getMethod(), visit.operation, perMinute, answer);
            checkLicensed(ANONYMOUS, posture.feature());
            return ANONYMOUS;
        }
        SecurityHeaders.keepPrivate(answer);
        Authenticator current = authenticator;
        if (current == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "SECURITY_NOT_STARTED", "the security module has not started yet; try again in a moment");
        }
        String token = client.headerCredential();
        if (token != null) {
            rates.beforeCredential(from, answer);
        }
        String cookie = token == null ? client.session() : null;
        Authenticator.Result result = cookie == null
                ? current.authenticate(token, token == null && loopback(request))
                : bySession(current, cookie, request);
        return switch (result) {
            case Authenticator.Authenticated(SecurityContext context, @Nullable String csrfToken) -> {
                visit.identified(context);
                if (cookie != null && csrfToken != null) {
                    Csrf.check(request, client, csrfToken);
                }
                checkTenant(context.tenant());
                visit.countedIn(inFlight.enter(context.tenant()));
                rates.called(context, from, request.getMethod(), visit.operation, perMinute, answer);
                SecurityContext admitted = admit(context, posture.permission(), from);
                checkLicensed(admitted, posture.feature());
                yield admitted;
            }
            case Authenticator.Refused(String reason) -> {
                if (token != null) {
                    rates.wrongCredential(from, answer);
                }
                throw new ProblemException(ErrorCategory.UNAUTHENTICATED, "UNAUTHENTICATED", reason);
            }
            case Authenticator.Undecided(String reason) ->
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "CREDENTIAL_STORE_UNAVAILABLE", reason);
        };
    }

    /** A session that has ended is worth no less than none. */
    private static Authenticator.Result bySession(Authenticator current, String cookie, Request request) {
        Authenticator.Result result = current.authenticate(cookie, false);
        if (result instanceof Authenticator.Authenticated found && found.csrfToken() == null) {
            // whatever the cookie holds is checked against what other sites make a browser send, or does not count
            return new Authenticator.Refused("the cookie holds no session");
        }
        if (result instanceof Authenticator.Refused
                && current.authenticate(null, loopback(request)) instanceof Authenticator.Authenticated without) {
            return without;
        }
        return result;
    }

    RequestClient client(Visit visit) {
        return new RequestClient(visit.exchange.request(), visit.exchange.response().getHeaders(), addresses, rates);
    }

    /** One look at an immutable tree. The root always works, also while no other tenant is known. */
    private void checkTenant(TenantId id) {
        if (id.equals(TenantId.ROOT)) {
            return;
        }
        Tenants current = tenants;
        TenantTree known = current == null ? null : current.tree();
        TenantTree tree = known == null ? lastTree : known;
        if (tree == null) {
            if (current == null) {
                // a product without a tenant resolver has no tenants that could be suspended
                return;
            }
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", "the tenants are not known yet; try again in a moment");
        }
        Tenant stopped = tree.stoppedBy(id);
        if (stopped == null && tree.find(id) != null) {
            return;
        }
        if (stopped == null || stopped.status() == Tenant.Status.DELETED) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "TENANT_DELETED",
                    "the tenant of this credential is deleted; whoever manages it can say why");
        }
        throw new ProblemException(
                ErrorCategory.PERMISSION_DENIED,
                "TENANT_SUSPENDED",
                "the tenant of this credential is suspended; whoever manages it can say why, and resume it");
    }

    private void checkLicensed(SecurityContext caller, @Nullable GtsId feature) {
        if (feature == null) {
            return;
        }
        Licenses known = licenses;
        if (known == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE, "LICENSES_NOT_STARTED", "the license enforcer has not started yet; try again in a moment");
        }
        if (!known.isLicensed(caller.tenant(), feature)) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "FEATURE_NOT_LICENSED",
                    "the tenant is not licensed for " + feature + "; GET /licenses/v1/license shows what it is licensed for");
        }
    }

    /** Nobody is let in while there is nobody to decide. */
    private SecurityContext admit(SecurityContext caller, Permission needed, @Nullable InetAddress from) {
        Authorization decides = authorization;
        if (decides == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "AUTHORIZATION_NOT_STARTED",
                    "the authorization module has not started yet; try again in a moment");
        }
        return decides.admit(caller, needed, from);
    }

    /**
     * A program on this machine that speaks for itself: no proxy, and no browser that runs a page of
     * another site, be it one whose name was made to point here.
     */
    private static boolean loopback(Request request) {
        HttpFields headers = request.getHeaders();
        String origin = headers.get(HttpHeader.ORIGIN);
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && peer.getAddress().isLoopbackAddress()
                && LOCAL_NAMES.contains(request.getHttpURI().getHost())
                && (origin == null || LOCAL_ORIGIN.matcher(origin).matches())
                && !"cross-site".equals(headers.get("sec-fetch-site"))
                && !headers.contains("x-forwarded-for")
                && !headers.contains("forwarded");
    }
}
