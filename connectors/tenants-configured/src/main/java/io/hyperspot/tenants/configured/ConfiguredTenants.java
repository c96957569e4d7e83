// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.configured;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.spi.TenantDirectory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The tenants of the configuration, below a root that is always there. There as soon as there is a
 * configuration, and preferred then: also one that is wrong is not passed over in favour of other tenants,
 * but told.
 */
@Component(
        service = TenantDirectory.class,
        configurationPid = "tenants-configured",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConfiguredConfig.class)
@GtsWorker(
        type = TenantDirectory.TYPE,
        instance = TenantDirectory.TYPE + "hyperspot.tenants.configured.worker.v1",
        priority = 50)
public final class ConfiguredTenants implements TenantDirectory {
    private static final Tenant ROOT =
            new Tenant(TenantId.ROOT, null, "root", "", Tenant.Status.ACTIVE, false, Instant.EPOCH, 1);

    private final AtomicReference<@Nullable Runnable> follower = new AtomicReference<>();
    private volatile List<String> entries;

    @Activate
    public ConfiguredTenants(ConfiguredConfig config) {
        this(List.of(config.tenants()));
    }

    ConfiguredTenants(List<String> entries) {
        this.entries = entries;
    }

    @Modified
    void modified(ConfiguredConfig config) {
        replace(List.of(config.tenants()));
    }

    void replace(List<String> next) {
        entries = next;
        Runnable told = follower.get();
        if (told != null) {
            told.run();
        }
    }

    @Override
    public String name() {
        return "configured";
    }

    @Override
    public List<Tenant> load() {
        List<Tenant> tenants = new ArrayList<>();
        tenants.add(ROOT);
        try {
            int number = 0;
            for (String entry : entries) {
                number++;
                tenants.add(new Entry(number, entry).tenant());
            }
            // it is said here what is wrong, in words of the configuration
            TenantTree.of(tenants);
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    "TENANTS_MISCONFIGURED",
                    why.startsWith("modules.") ? why : "modules.tenants-configured.tenants: " + why,
                    Map.of(),
                    e);
        }
        return tenants;
    }

    @Override
    public AutoCloseable follow(Runnable changed) {
        follower.set(changed);
        return () -> follower.compareAndSet(changed, null);
    }
}
