// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.single;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.TenantTree;
import org.junit.jupiter.api.Test;

class SingleTenantTest {
    @Test
    void knowsTheRootOnly() throws Exception {
        SingleTenant single = new SingleTenant();
        assertThat(single.name()).isEqualTo("single");
        assertThat(TenantTree.of(single.load()).root().id()).isEqualTo(TenantId.ROOT);
        single.follow(() -> {}).close();
    }
}
