// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.Preflight.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignaturePolicyTest {
    @TempDir
    private Path temp;

    private TestPlatform platform;

    @BeforeEach
    void open() throws Exception {
        platform = new TestPlatform(temp);
    }

    @AfterEach
    void close() throws Exception {
        platform.close();
    }

    private static void run(String tool, String... arguments) throws Exception {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()),
                                Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private String store() {
        return temp.resolve("keys.p12").toString();
    }

    /** Makes a key and returns its certificate's file. */
    private Path key(String alias, String... more) throws Exception {
        run("keytool", Stream.concat(
                        Stream.of("-genkeypair", "-keystore", store(), "-storepass", "secret", "-alias", alias, "-keyalg",
                                "EC", "-dname", "CN=" + alias),
                        Stream.of(more))
                .toArray(String[]::new));
        Path certificate = temp.resolve(alias + ".pem");
        run("keytool", "-exportcert", "-rfc", "-keystore", store(), "-storepass", "secret", "-alias", alias, "-file",
                certificate.toString());
        return certificate;
    }

    private byte[] signed(String alias) throws Exception {
        Path jar = Files.write(temp.resolve("sign.jar"), plugin().bytes());
        run("jarsigner", "-keystore", store(), "-storepass", "secret", jar.toString(), alias);
        return Files.readAllBytes(jar);
    }

    private static TestJar plugin() {
        return new TestJar("acme.search", "1.4.0").file("data.stored", "the quick brown fox").type("acme.A");
    }

    private List<String> codes(byte[] jar) throws Exception {
        return report(jar).findings().stream().map(Finding::code).toList();
    }

    private Preflight report(byte[] jar) throws Exception {
        return platform.report(jar, "");
    }

    @Test
    void takesOnlyWhatATrustedSignerSigned() throws Exception {
        Path acme = key("acme");
        byte[] jar = signed("acme");
        platform.signatures = SignaturePolicy.of("require", acme);

        assertThat(report(jar).accepted()).isTrue();
        assertThat(report(jar).text()).contains("signed by CN=acme");
        assertThat(codes(plugin().bytes())).contains("SIGNATURE_MISSING");
        assertThat(report(plugin().bytes()).refused()).isTrue();

        platform.signatures = SignaturePolicy.of("REQUIRE", key("other"));
        Preflight stranger = report(jar);
        assertThat(stranger.refused()).isTrue();
        assertThat(stranger.text()).contains("Present  CN=acme").contains("SIGNER_UNKNOWN");
    }

    @Test
    void warnsWhereThatIsEnough() throws Exception {
        platform.signatures = SignaturePolicy.of("warn", key("acme"));

        Preflight report = report(plugin().bytes());

        assertThat(report.accepted()).isTrue();
        assertThat(report.text()).contains("Warning  it lacks a signature of every entry");
    }

    @Test
    void refusesContentThatWasChangedOrAddedAfterwards() throws Exception {
        platform.signatures = SignaturePolicy.of("warn", key("acme"));
        byte[] jar = signed("acme");
        Path file = Files.write(temp.resolve("changed.jar"), jar);
        run("jar", "--update", "--file", file.toString(), "-C", Files.createDirectories(temp.resolve("x")).toString(), ".");
        Path data = Files.writeString(temp.resolve("x/data.stored"), "the quiet brown fox");
        run("jar", "--update", "--file", file.toString(), "-C", temp.resolve("x").toString(), "data.stored");
        assertThat(codes(Files.readAllBytes(file))).contains("SIGNATURE_BROKEN");
        assertThat(report(Files.readAllBytes(file)).refused()).isTrue();

        Files.delete(data);
        Files.write(file, jar);
        Files.writeString(temp.resolve("x/added.txt"), "x");
        run("jar", "--update", "--file", file.toString(), "-C", temp.resolve("x").toString(), "added.txt");
        assertThat(report(Files.readAllBytes(file)).text()).contains("added.txt has none");
    }

    @Test
    void trustsWhomATrustedAuthorityVouchesFor() throws Exception {
        Path authority = key("authority", "-ext", "bc:c");
        key("vendor", "-signer", "authority");
        byte[] jar = signed("vendor");
        platform.signatures = SignaturePolicy.of("require", authority);

        assertThat(report(jar).accepted()).isTrue();
    }

    @Test
    void asksForNothingWhenItIsOff() throws Exception {
        platform.signatures = SignaturePolicy.of("off", temp.resolve("gone.pem"));

        assertThat(codes(plugin().bytes())).containsExactly("SIZE");
    }

    @Test
    void tellsWhatIsWrongWithTheCertificates() throws Exception {
        assertThatThrownBy(() -> SignaturePolicy.of("require", temp.resolve("gone.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no file ");
        Path noise = Files.writeString(temp.resolve("noise.pem"), "");
        assertThatThrownBy(() -> SignaturePolicy.of("require", noise)).hasMessageContaining("no certificates in PEM form");
    }
}
