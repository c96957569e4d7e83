// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.authz.Authorization;
import io.hyperspot.licenses.Licenses;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.security.Authenticator;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.web.idempotency.Idempotency;
import io.hyperspot.web.rates.RateExchange;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. Immediate: it is what the process is for. */
@Component(immediate = true, service = HealthContributor.class, configurationPid = "web")
@Designate(ocd = WebConfig.class)
public final class WebServer implements HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);

    private final Gate gate;
    private final Denials denials = new Denials();
    private final Repeats repeats = new Repeats();
    private final TenantsInFlight tenantsInFlight;
    private final Server server;
    private final ResourceBoard resources;
    private final ProtocolBoard protocols;
    private final ServletBoard servlets;
    private final RequestSweeper sweeper;
    private final @Nullable RateSharing rateSharing;
    private final HttpMetrics metrics;
    private final @Nullable AccessLog accessLog;
    private final ServiceRegistration<URI> address;

    /**
     * @throws Exception when the address cannot be bound; the message says which and why
     */
    @Activate
    public WebServer(BundleContext context, WebConfig config, @Reference MeterRegistry registry) throws Exception {
        ObjectMapper json = Json.mapper();
        tenantsInFlight = TenantsInFlight.of(config);
        RateLimits rates = RateLimits.of(config);
        gate = new Gate(new ClientAddress(List.of(config.trusted__proxies())), rates, tenantsInFlight);
        Problems problems = new Problems(json);
        Mounts mounts = new Mounts();
        AtomicInteger inFlight = new AtomicInteger();
        Duration drain = Duration.ofSeconds(config.stop__timeout__seconds());
        Path files = files(context);
        sweeper = new RequestSweeper();
        rateSharing = config.rate__limit__shared() ? share(rates) : null;
        metrics = new HttpMetrics(registry, inFlight);
        accessLog = config.access__log() ? new AccessLog(logs(context).resolve("access.log")) : null;
        Streams streams = new Streams(
                sweeper,
                Duration.ofSeconds(config.stream__heartbeat__seconds()),
                Duration.ofSeconds(config.stream__idle__timeout__seconds()),
                files);
        Cors cors = Cors.of(config);
        Chain chain = new Chain(mounts, gate, denials, repeats, cors, streams, metrics, accessLog, problems, inFlight, ServerLimits.of(config));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Jetty finds its parts by ServiceLoader, with the context class loader
        thread.setContextClassLoader(WebServer.class.getClassLoader());
        try {
            server = new Server(threads());
            ServerConnector connector = Connectors.build(server, config);
            server.addConnector(connector);
            server.setHandler(config.compression() ? Compressions.around(chain, context.getDataFile("native").toPath()) : chain);
            server.setErrorHandler(new ContainerErrors(problems));
            server.setStopAtShutdown(false);
            server.setStopTimeout(drain.toMillis());
            resources = new ResourceBoard(context, mounts, json, problems, drain);
            protocols = new ProtocolBoard(context, mounts, drain);
            servlets = new ServletBoard(context, mounts, server);
            resources.open(context.createFilter("(|(osgi.jakartars.resource=true)(osgi.jakartars.extension=true))"));
            protocols.open();
            servlets.open();
            start(config);
            URI url = url(config, connector.getLocalPort());
            address = context.registerService(URI.class, url, FrameworkUtil.asDictionary(Map.of("hyperspot.web", true)));
            log.atInfo().addKeyValue("url", url).log("listening");
        } catch (Exception e) {
            closeBackground();
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static RateSharing share(RateLimits rates) {
        RateSharing sharing = new RateSharing(rates);
        rates.share(sharing);
        return sharing;
    }

    private void start(WebConfig config) throws Exception {
        try {
            server.start();
        } catch (Exception e) {
            server.stop();
            protocols.close();
            resources.close();
            servlets.close();
            Throwable reason = e.getCause() == null ? e : e.getCause();
            if (reason instanceof SocketException || reason instanceof UnresolvedAddressException) {
                throw new IllegalStateException("cannot listen on " + config.host() + ":" + config.port()
                        + ": " + reason.getMessage()
                        + "; stop what uses it, or choose another port (modules.web.port, --port)", e);
            }
            if (!config.tls__keystore().isBlank()) {
                throw unusable(config, e);
            }
            throw e;
        }
    }

    private static IllegalStateException unusable(WebConfig config, Exception e) {
        return new IllegalStateException(
                "the key store " + config.tls__keystore() + " (modules.web.tls_keystore) cannot be used: " + e.getMessage(), e);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool(32, 2);
        pool.setName("web");
        pool.setDaemon(true);
        pool.setVirtualThreadsExecutor(task -> Thread.ofVirtual().name("request").start(task));
        return pool;
    }

    private static URI url(WebConfig config, int port) {
        String host = config.host().equals("0.0.0.0") ? "127.0.0.1" : config.host();
        return URI.create((config.tls__keystore().isBlank() ? "http://" : "https://") + host + ":" + port);
    }

    private static Path logs(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home, "logs");
    }

    /** Where large parts of bodies go; what a crash has left there is of no use any more. */
    private static Path files(BundleContext context) throws IOException {
        Path folder = context.getDataFile("parts").toPath();
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
        return folder;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAuthenticator(Authenticator authenticator) {
        gate.use(authenticator);
    }

    void unbindAuthenticator(Authenticator authenticator) {
        gate.release(authenticator);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAuthorization(Authorization authorization) {
        gate.use(authorization);
    }

    void unbindAuthorization(Authorization authorization) {
        gate.release(authorization);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTenants(Tenants tenants) {
        gate.use(tenants);
    }

    void unbindTenants(Tenants tenants) {
        gate.release(tenants);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIdempotency(Idempotency idempotency) {
        repeats.use(idempotency);
    }

    void unbindIdempotency(Idempotency idempotency) {
        repeats.release(idempotency);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRates(RateExchange exchange) {
        if (rateSharing != null) {
            rateSharing.use(exchange);
        }
    }

    void unbindRates(RateExchange exchange) {
        if (rateSharing != null) {
            rateSharing.release(exchange);
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLicenses(Licenses licenses) {
        gate.use(licenses);
    }

    void unbindLicenses(Licenses licenses) {
        gate.release(licenses);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAudit(AuditTrail trail) {
        denials.use(trail);
    }

    void unbindAudit(AuditTrail trail) {
        denials.release(trail);
    }

    /** Requests of a tenant that are at work. */
    int inFlight(TenantId tenant) {
        return tenantsInFlight.inside(tenant);
    }

    @Deactivate
    void deactivate() throws Exception {
        address.unregister();
        // refuses new requests, lets those at work end, then closes what is left
        server.stop();
        protocols.close();
        resources.close();
        servlets.close();
        closeBackground();
        server.destroy();
    }

    private void closeBackground() {
        sweeper.close();
        metrics.close();
        if (rateSharing != null) {
            rateSharing.close();
        }
        if (accessLog != null) {
            accessLog.close();
        }
    }

    @Override
    public String name() {
        return "web";
    }

    @Override
    public Health health() {
        if (!gate.isOpen()) {
            return Health.down("the security or the authorization module has not started: no request can be let in");
        }
        Map<String, String> refusals = resources.refusals();
        return refusals.isEmpty() ? Health.up() : Health.degraded("REST resources were refused: " + refusals);
    }
}
