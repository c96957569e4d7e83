// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.security.TenantId;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs in to the web console with the one-time admin token, by a form; keeps a session in a cookie.
 * The console waits for this provider by its id (framework property {@code
 * felix.webconsole.security.providers}), so that it never falls back to a default password.
 * Immediate: the token file must be there when the greeting names it.
 */
@Component(
        immediate = true,
        service = SecurityProvider.class,
        configurationPid = "console",
        property = SecurityProvider.PROPERTY_ID + "=hyperspot")
@Designate(ocd = ConsoleConfig.class)
public final class TokenSignIn implements SecurityProvider {
    private static final Logger log = LoggerFactory.getLogger(TokenSignIn.class);
    private static final String COOKIE = "hyperspot_console";
    private static final String FIELD = "admin_token";
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private volatile @Nullable AuditTrail audit;

    private final AdminToken token;
    private final Sessions sessions;
    private final FailureLimit limit;
    private final boolean allowRemote;
    private final Path file;

    @Activate
    public TokenSignIn(BundleContext context, ConsoleConfig config) throws IOException {
        this(
                Path.of(home(context), "data", "admin-token"),
                Clock.systemUTC(),
                Duration.ofMinutes(config.idle__minutes()),
                Duration.ofHours(config.session__hours()),
                config.allow__remote());
    }

    TokenSignIn(Path file, Clock clock, Duration idle, Duration longest, boolean allowRemote) throws IOException {
        RandomToken tokens = new RandomToken();
        this.file = file;
        this.allowRemote = allowRemote;
        token = new AdminToken(file, tokens);
        sessions = new Sessions(tokens, clock, idle, longest);
        limit = new FailureLimit(clock);
    }

    private static String home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return home == null ? "." : home;
    }

    /** The user, or null when the answer has been given: a form, a redirect or a refusal. */
    @Override
    @SuppressWarnings("NullAway") // the interface: null when the user is not authenticated
    public Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (!allowRemote && !local(request)) {
                page(response, 403, "The console answers on this machine only (modules.console.allow_remote).", false);
                return null;
            }
            if (SameOrigin.isUnsafe(request) && !SameOrigin.holds(request)) {
                page(response, 403, "This request does not come from the console's own pages.", false);
                return null;
            }
            String session = session(request);
            if (session != null && (isBackground(request) ? sessions.isOpen(session) : sessions.use(session))) {
                return "admin";
            }
            signIn(request, response);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a page asks by itself: a page that is left open shall not keep its session alive. */
    private static boolean isBackground(HttpServletRequest request) {
        return !SameOrigin.isUnsafe(request) && request.getHeader("X-HyperSpot-Background") != null;
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String given = request.getMethod().equals("POST") ? request.getParameter(FIELD) : null;
        if (given == null) {
            page(response, 401, "", true);
            return;
        }
        Duration wait = limit.toWait();
        if (wait.isPositive()) {
            response.setHeader("Retry-After", String.valueOf(wait.toSeconds() + 1));
            page(response, 429, "Too many wrong tokens; try again in " + (wait.toSeconds() + 1) + " seconds.", true);
        } else if (token.redeem(given.strip())) {
            report(AuditEvent.Outcome.DONE, request);
            Cookie cookie = new Cookie(COOKIE, sessions.start());
            cookie.setHttpOnly(true);
            cookie.setSecure(request.isSecure());
            cookie.setPath("/system");
            cookie.setAttribute("SameSite", "Strict");
            response.addCookie(cookie);
            response.setStatus(303);
            response.setHeader("Location", request.getRequestURI());
        } else {
            limit.failed();
            log.warn("a sign-in to the console failed: wrong token");
            report(AuditEvent.Outcome.DENIED, request);
            page(response, 401, "That is not the token in " + file + " now. It changes with every sign-in.", true);
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAudit(AuditTrail trail) {
        audit = trail;
    }

    void unbindAudit(AuditTrail trail) {
        if (trail.equals(audit)) {
            audit = null;
        }
    }

    private void report(AuditEvent.Outcome outcome, HttpServletRequest request) {
        AuditTrail trail = audit;
        if (trail == null) {
            log.info("a sign-in to the console: {}", outcome);
        } else {
            Map<String, String> details = Map.of("address", request.getRemoteAddr());
            trail.notice(new AuditEvent(TenantId.ROOT, "user:admin", "console.login", "", outcome, details));
        }
    }

    /** From this machine, not through a proxy, and not by a page whose name was made to point here. */
    private static boolean local(HttpServletRequest request) throws UnknownHostException {
        return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                && request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null
                && LOCAL_NAMES.contains(request.getServerName().toLowerCase(Locale.ROOT));
    }

    private static @Nullable String session(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            if (cookie.getName().equals(COOKIE)) {
                return cookie.getValue();
            }
        }
        return null;
    }

    private void page(HttpServletResponse response, int status, String message, boolean form) throws IOException {
        response.setStatus(status);
        response.setContentType("text/html; charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        response.getWriter().write(SignInPage.html(message, file.toString(), form));
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        String session = session(request);
        if (session != null) {
            sessions.end(session);
        }
        Cookie gone = new Cookie(COOKIE, "");
        gone.setMaxAge(0);
        gone.setPath("/system");
        response.addCookie(gone);
    }

    /** Whoever is signed in may do everything: roles come with the identity module. */
    @Override
    public boolean authorize(Object user, String role) {
        return user.equals("admin");
    }
}
