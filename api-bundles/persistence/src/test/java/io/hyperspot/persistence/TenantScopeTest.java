// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantScopeTest {
    private static final TenantId OTHER = TenantId.of("0192f000-0000-7000-8000-00000000000b");

    @Test
    void holdsTheCallersTenantWhateverTheCallerMayDo() {
        TenantScope scope = TenantScope.of(new SecurityContext("user:x", TenantId.ROOT, List.of(Permission.ALL)));
        assertThat(scope.contains(TenantId.ROOT)).isTrue();
        assertThat(scope.contains(OTHER)).isFalse();
        assertThat(scope.isPlatform()).isFalse();
    }

    @Test
    void holdsNothingWhenEmpty() {
        assertThat(TenantScope.of(Set.of()).contains(TenantId.ROOT)).isFalse();
    }

    @Test
    void needsAReasonForThePlatform() {
        assertThat(TenantScope.platform("looking for the tenant of a key").contains(OTHER)).isTrue();
        assertThatThrownBy(() -> TenantScope.platform(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
