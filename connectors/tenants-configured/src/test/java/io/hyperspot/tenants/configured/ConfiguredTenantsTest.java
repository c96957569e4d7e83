// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.configured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredTenantsTest {
    private static final String A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String B = "0192f0c1-2345-7000-8000-00000000000b";

    @Test
    void readsEntries() {
        List<Tenant> tenants = new ConfiguredTenants(List.of(
                        "id=" + A + "; name=Acme = Co",
                        " name = Berlin ;id=" + B + ";parent=" + A + "; type=reseller; status=suspended; self_managed=true;"))
                .load();
        assertThat(tenants).extracting(Tenant::name).containsExactly("root", "Acme = Co", "Berlin");
        assertThat(tenants.getFirst().id()).isEqualTo(TenantId.ROOT);
        assertThat(tenants.get(1).parent()).isEqualTo(TenantId.ROOT);
        Tenant berlin = tenants.getLast();
        assertThat(berlin.parent()).isEqualTo(TenantId.of(A));
        assertThat(berlin.type()).isEqualTo("reseller");
        assertThat(berlin.status()).isEqualTo(Status.SUSPENDED);
        assertThat(berlin.selfManaged()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "name=x | 'id' must be a UUID; it is missing",
                "id=7; name=x | 'id' must be a UUID; it is '7'",
                "id=" + A + " | 'name' must have",
                "id=" + A + "; name=x; colour=red | 'colour' is not one of",
                "id=" + A + "; nonsense | 'nonsense' is not one of",
                "id=" + A + "; name=x; name=y | 'name' is there twice",
                "id=" + A + "; name=x; status=gone | 'status' must be one of",
                "id=" + A + "; name=x; self_managed=yes | 'self_managed' must be true or false",
                "id=" + A + "; name=x; parent=" + A + " | in a circle",
                "id=" + A + "; name=x; parent=" + B + " | does not exist",
                "id=00000000-0000-7000-8000-000000000001; name=x | the root",
            })
    void saysWhatIsWrong(String entry, String why) {
        assertThatThrownBy(() -> new ConfiguredTenants(List.of(entry)).load())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("modules.tenants-configured.tenants");
    }

    @Test
    void refusesTwoOfAnIdAndCircles() {
        assertThatThrownBy(() -> new ConfiguredTenants(List.of("id=" + A + "; name=x", "id=" + A + "; name=y")).load())
                .hasMessageContaining("two tenants have the id");
        assertThatThrownBy(() -> new ConfiguredTenants(
                                List.of("id=" + A + "; name=x; parent=" + B, "id=" + B + "; name=y; parent=" + A))
                        .load())
                .hasMessageContaining("in a circle");
    }

    @Test
    void tellsItsFollowerOfANewConfiguration() throws Exception {
        ConfiguredTenants configured = new ConfiguredTenants(List.of());
        AtomicInteger told = new AtomicInteger();
        AutoCloseable following = configured.follow(told::incrementAndGet);
        configured.replace(List.of("id=" + A + "; name=x"));
        assertThat(told).hasValue(1);
        assertThat(configured.load()).hasSize(2);
        following.close();
        configured.replace(List.of());
        assertThat(told).hasValue(1);
        assertThat(configured.load()).hasSize(1);
    }
}
