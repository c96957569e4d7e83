// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.credstore.keys.KeyEncryptionKeys.Wrapped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With SoftHSM, where it is installed; the build says where its configuration is. */
@Timeout(60)
class Pkcs11KeysTest {
    private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final byte[] DATA_KEY = "a-data-key-of-thirty-two-bytes--".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLACE = "place".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ELSEWHERE = "elsewhere".getBytes(StandardCharsets.US_ASCII);

    private static Pkcs11Keys open() throws IOException {
        return new Pkcs11Keys(LIBRARY.toString(), 0, "1234".toCharArray(), new SecureRandom());
    }

    private static void makeToken() throws Exception {
        Path config = Path.of(System.getenv("SOFTHSM2_CONF"));
        Path tokens = Files.createTempDirectory(config.getParent(), "tokens");
        Files.writeString(config, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
        Process made = new ProcessBuilder(
                        "softhsm2-util", "--init-token", "--free", "--label", "test", "--pin", "1234", "--so-pin", "1234")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
    }

    @Test
    void keepsKeysInTheToken() throws Exception {
        assumeTrue(Files.exists(LIBRARY), "SoftHSM is not installed");
        makeToken();
        Pkcs11Keys keys = open();
        assertThat(keys.current()).isEqualTo("hyperspot-credstore-1");
        Wrapped wrapped = keys.wrap(DATA_KEY, PLACE);
        assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(DATA_KEY);
        assertThatThrownBy(() -> keys.unwrap(wrapped, ELSEWHERE)).isInstanceOf(TamperedException.class);
        keys.rotate();
        assertThat(keys.current()).isEqualTo("hyperspot-credstore-2");
        assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(DATA_KEY);
        Pkcs11Keys again = open();
        assertThat(again.current()).isEqualTo("hyperspot-credstore-2");
        assertThat(again.unwrap(wrapped, PLACE)).isEqualTo(DATA_KEY);
    }

    @Test
    void saysThatThereIsNoToken() {
        assertThatThrownBy(() -> new Pkcs11Keys("/nowhere/library.so", 0, "1234".toCharArray(), new SecureRandom()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PKCS#11")
                .hasMessageNotContaining("1234");
    }
}
