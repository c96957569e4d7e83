// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.file;

import io.hyperspot.licenses.License;
import io.hyperspot.licenses.spi.LicenseWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The licenses of the configuration file. Preferred as soon as there are any; an entry that is wrong licenses
 * nothing, rather than giving way to another worker.
 */
@Component(
        service = LicenseWorker.class,
        configurationPid = "licenses-file",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FileConfig.class)
@GtsWorker(type = LicenseWorker.TYPE, instance = LicenseWorker.TYPE + "hyperspot.licenses.file.worker.v1", priority = 50)
public final class FileLicenses implements LicenseWorker {
    /**
     * What the configuration says.
     *
     * @param wrong what is wrong with it, or empty
     */
    private record Listed(Map<String, License> byTenant, String wrong) {
        static Listed of(List<String> entries) {
            Map<String, License> byTenant = new HashMap<>();
            try {
                for (int i = 0; i < entries.size(); i++) {
                    Entry entry = Entry.parse(i + 1, entries.get(i));
                    if (byTenant.put(entry.tenant(), entry.license()) != null) {
                        throw new IllegalArgumentException(
                                "modules.licenses-file.licenses: entry " + (i + 1) + ": there are two for the tenant " + entry.tenant());
                    }
                }
                return new Listed(byTenant, "");
            } catch (IllegalArgumentException e) {
                return new Listed(Map.of(), String.valueOf(e.getMessage()));
            }
        }
    }

    private volatile Listed listed;

    @Activate
    public FileLicenses(FileConfig config) {
        this(List.of(config.licenses()));
    }

    FileLicenses(List<String> entries) {
        listed = Listed.of(entries);
    }

    /** In place, so that there is no moment without this worker. */
    @Modified
    void change(FileConfig config) {
        listed = Listed.of(List.of(config.licenses()));
    }

    @Override
    public License license(TenantId tenant) {
        Listed now = listed;
        if (!now.wrong().isEmpty()) {
            throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "LICENSES_MISCONFIGURED", now.wrong());
        }
        License own = now.byTenant().get(tenant.toString());
        return own == null ? now.byTenant().getOrDefault(Entry.ALL, License.NONE) : own;
    }
}
