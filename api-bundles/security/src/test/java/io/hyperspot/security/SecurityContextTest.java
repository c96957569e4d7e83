// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecurityContextTest {
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final Permission WRITE = Permission.parse("gts.hyperspot.llm.*:write");

    @Test
    void allowsNothingWithoutPermissions() {
        SecurityContext nobody = new SecurityContext("key:x", TenantId.ROOT, List.of());

        assertThat(nobody.allows(READ)).isFalse();
        assertThat(nobody.allows(Permission.ALL)).isFalse();
    }

    @Test
    void allowsWhatOneOfItsPermissionsImplies() {
        SecurityContext caller =
                new SecurityContext("key:x", TenantId.ROOT, List.of(Permission.parse("gts.acme.*:*"), READ));

        assertThat(caller.allows(READ)).isTrue();
        assertThat(caller.allows(WRITE)).isFalse();
        assertThat(new SecurityContext("user:root", TenantId.ROOT, List.of(Permission.ALL)).allows(WRITE)).isTrue();
    }

    @Test
    void keepsItsPermissionsWhenTheGivenListChanges() {
        List<Permission> given = new ArrayList<>(List.of(READ));
        SecurityContext caller = new SecurityContext("key:x", TenantId.ROOT, given);
        given.add(WRITE);

        assertThat(caller.allows(WRITE)).isFalse();
        assertThatThrownBy(() -> caller.permissions().add(WRITE)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void namesATenantByItsUuid() {
        TenantId tenant = TenantId.of("01A211F7-0875-7000-9d5e-87bb981a293f");

        assertThat(tenant).hasToString("01a211f7-0875-7000-9d5e-87bb981a293f").isEqualTo(TenantId.of(tenant.toString()));
        assertThat(TenantId.ROOT).isNotEqualTo(tenant);
        assertThatThrownBy(() -> TenantId.of("root")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverPrintsASecret() {
        ApiKeys.ApiKey key = new ApiKeys.ApiKey("id", "laptop", "hs_4f2a", List.of(), Instant.EPOCH, null, null);

        assertThat(new ApiKeys.Created(key, "hs_4f2a_very_secret").toString()).contains("laptop", "***").doesNotContain("very_secret");
    }
}
