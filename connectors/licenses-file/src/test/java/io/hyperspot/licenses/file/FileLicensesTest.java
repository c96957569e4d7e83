// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.gts.GtsId;
import io.hyperspot.licenses.License;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileLicensesTest {
    private static final TenantId A = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    private static final TenantId B = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    private static final GtsId CHAT = GtsId.parse(License.FEATURE + "acme.shop.chat.assistant.v1");
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static License license(TenantId tenant, String... entries) {
        return new FileLicenses(List.of(entries)).license(tenant);
    }

    @Test
    void licensesEachTenantByItsOwnEntryElseByTheOneForAll() {
        String own = "tenant=" + A + "; features=" + CHAT + " " + License.FEATURE + "acme.base.*; expires=2027-01-01T00:00:00Z";
        String all = "tenant=*; features=" + License.FEATURE + "acme.base.*";
        assertThat(license(A, own, all).covers(CHAT, NOW)).isTrue();
        assertThat(license(A, own, all).covers(CHAT, Instant.parse("2027-01-01T00:00:00Z"))).isFalse();
        assertThat(license(B, own, all).covers(CHAT, NOW)).isFalse();
        assertThat(license(B, own, all).covers(GtsId.parse(License.FEATURE + "acme.base.x.y.v1"), NOW)).isTrue();
        assertThat(license(B, own)).isEqualTo(License.NONE);
        assertThat(license(A)).isEqualTo(License.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "features=gts.*,'tenant' is missing",
                "tenant=*,'features' is missing",
                "tenant=acme; features=gts.*,entry 1",
                "tenant=*; features=everything,entry 1",
                "tenant=*; features=gts.*; expires=soon,entry 1",
                "tenant=*; features=gts.*; seats=5,'seats' is not one of",
                "tenant=*; tenant=*; features=gts.*,'tenant' is there twice",
                "nonsense,'nonsense' is not one of"
            })
    void licensesNothingByWrongEntriesAndSaysWhatIsWrong(String entry, String why) {
        assertThatThrownBy(() -> license(A, entry)).isInstanceOf(ProblemException.class).hasMessageContaining(why);
    }

    @Test
    void refusesTwoEntriesForOneTenant() {
        assertThatThrownBy(() -> license(A, "tenant=*; features=gts.*", "tenant=*; features=gts.a.*"))
                .hasMessageContaining("there are two for the tenant *");
    }
}
