// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.resolution.AbsentService;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Rollouts;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.plugins.drop.DropFolder;
import io.hyperspot.plugins.preflight.AdminConfigurations;
import io.hyperspot.plugins.preflight.FrameworkPlatform;
import io.hyperspot.plugins.preflight.Inspector;
import io.hyperspot.plugins.preflight.SignaturePolicy;
import io.hyperspot.plugins.store.CommitFile;
import io.hyperspot.plugins.store.VersionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the folder {@code plugins/} of the home. Immediate: nobody asks for it. Plugins stay
 * installed when this bundle goes, so that it can be replaced like any other.
 */
@Component(immediate = true, service = HealthContributor.class, configurationPid = "plugins")
@Designate(ocd = PluginsConfig.class)
public final class PluginsModule implements HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(PluginsModule.class);

    private volatile @Nullable AuditTrail audit;

    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("plugins").factory());
    private final DropIntake intake;
    private final Deployer deployer;
    private final DropFolder folder;
    private final PlatformChanges changes;
    private final ServiceRegistration<Plugins> service;

    /**
     * @throws IOException when a folder cannot be made or watched, or the state cannot be read
     */
    @Activate
    public PluginsModule(
            BundleContext context,
            PluginsConfig config,
            @Reference Admission admission,
            @Reference Rollouts rollouts,
            @Reference TypesRegistry types,
            @Reference ServiceComponentRuntime components)
            throws IOException {
        String home = context.getProperty("hyperspot.home");
        Path root = Path.of(home == null ? "." : home);
        Path data = root.resolve("data").resolve("plugins");
        Duration startTimeout = Duration.ofSeconds(config.start__timeout__seconds());
        VersionStore store = new VersionStore(data, (long) config.max__jar__mb() << 20);
        Workbench bench = new Workbench(
                new BundleHost(context, startTimeout),
                new HealthGate(context, admission, components, startTimeout),
                rollouts,
                store,
                new CommitFile(data.resolve("state.json")),
                new Releases(),
                threads,
                Clock.systemUTC(),
                Duration.ofSeconds(config.watch__period__seconds()),
                config.keep__versions());
        FrameworkPlatform platform = new FrameworkPlatform(
                context,
                bundles -> offered(admission),
                new AdminConfigurations(context),
                () -> known(types),
                new AbsentService(context, components)::stopped);
        Path drop = root.resolve("plugins");
        Deployments deployments = new Deployments(bench, inspector(platform, config, root));
        intake = new DropIntake(drop, deployments, this::report);
        deployer = new Deployer(deployments, intake, startTimeout.multipliedBy(2).plusSeconds(30), this::report);
        folder = new DropFolder(drop, intake);
        intake.awaits(deployments.restore());
        folder.open();
        changes = new PlatformChanges(context, intake::retryWaitingSoon);
        service = context.registerService(Plugins.class, deployer, null);
    }

    private static Inspector inspector(FrameworkPlatform platform, PluginsConfig config, Path root) throws IOException {
        return new Inspector(
                platform,
                SignaturePolicy.of(config.signatures(), root.resolve(config.trusted__certificates())));
    }

    /** Which bundle offers an instance id. */
    private static Map<String, String> offered(Admission admission) {
        return admission.entries().stream()
                .filter(entry -> entry.state() != Admission.State.REJECTED && entry.state() != Admission.State.CONFLICT)
                .collect(Collectors.toMap(
                        Admission.Entry::instance, entry -> entry.origin().split(" ", 2)[0], (one, other) -> one));
    }

    /** The types that no bundle's documents bring are known all the same. */
    private static Map<String, Boolean> known(TypesRegistry types) {
        return types.snapshot().list(GtsPattern.parse("gts.*")).stream()
                .filter(entity -> entity.id().isType())
                .collect(Collectors.toMap(entity -> entity.id().toString(), TypesRegistry.Entity::isAbstract, (one, other) -> one));
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

    private void report(AuditEvent event) {
        AuditTrail trail = audit;
        if (trail == null) {
            log.warn("not recorded, because there is no audit module: {}", event);
        } else {
            trail.report(event);
        }
    }

    @Deactivate
    void deactivate() {
        service.unregister();
        changes.close();
        folder.close();
        threads.shutdown();
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public Health health() {
        if (!intake.isSettled()) {
            return Health.down("the plugins of the folder plugins/ are being started");
        }
        String trouble = String.join("; ", deployer.troubles());
        return trouble.isEmpty() ? Health.up() : Health.degraded(trouble);
    }
}
