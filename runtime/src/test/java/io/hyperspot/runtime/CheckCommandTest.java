// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {
    @TempDir
    private Path dir;

    private Path home;

    @BeforeEach
    void makeADistribution() throws IOException {
        new TinyDistribution(dir.resolve("dist"))
                .bundle("acme.api", 10, Map.of("Export-Package", "com.acme.api;version=1.0"))
                .build();
        System.setProperty(Installation.PROPERTY, dir.resolve("dist").toString());
        home = dir.resolve("home");
    }

    @AfterEach
    void forgetIt() {
        System.clearProperty(Installation.PROPERTY);
    }

    private static Path plugin(Path file, String version, String imports, String keys) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "acme.plugin");
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        manifest.getMainAttributes().putValue("Import-Package", imports);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("OSGI-INF/metatype/c.xml"));
            jar.write("""
                    <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
                      <OCD id="c"><AD id="place" type="String" default="here"/>%s</OCD>
                      <Designate pid="acme"><Object ocdref="c"/></Designate>
                    </metatype:MetaData>""".formatted(keys).getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return file;
    }

    private Path plugin(String imports) throws IOException {
        return plugin(dir.resolve("plugin.jar"), "1.1.0", imports, "");
    }

    private static long scratchFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("hyperspot-check")).count();
        }
    }

    @Test
    void acceptsAPluginThatFitsTheDistribution() throws IOException {
        long before = scratchFolders();

        Cli check = Cli.run("plugins", "check", plugin("com.acme.api;version=\"[1,2)\",java.util,org.slf4j").toString());

        assertThat(check.err()).isEmpty();
        assertThat(check.out()).startsWith("Plugin acme.plugin 1.1.0 can be installed. Other modules that restart: 0.");
        assertThat(check.code()).isZero();
        assertThat(scratchFolders()).isEqualTo(before);
    }

    @Test
    void saysWhatIsNeededWhatIsThereAndHowToMendIt() throws IOException {
        Cli check = Cli.run("plugins", "check", plugin("com.acme.api;version=\"[2,3)\"").toString());

        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).startsWith("""
                Plugin acme.plugin 1.1.0 would wait. Other modules that restart: 0.
                  Needs    package com.acme.api, version 2.0.0 or newer but below 3.0.0
                  Present  1.0.0 from acme.api
                  Fix\s""");
    }

    @Test
    void printsTheReportThatTheServerWouldGive() throws IOException {
        Cli check = Cli.run("plugins", "check", "--json", plugin("com.acme.gone").toString());

        assertThat(check.code()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(check.out());
        assertThat(report.fieldNames())
                .toIterable()
                .containsExactly(
                        "accepted", "id", "version", "sha256", "size", "replaces", "restarts", "workers", "findings", "text");
        assertThat(report.path("accepted").asBoolean()).isFalse();
        assertThat(report.at("/findings/0/code").asText()).isEqualTo("PACKAGE_MISSING");
        assertThat(report.path("sha256").asText()).hasSize(64);
    }

    @Test
    void saysWhyAFileIsNoPlugin() throws IOException {
        Cli noise = Cli.run("plugins", "check", Files.writeString(dir.resolve("noise.jar"), "noise").toString());
        assertThat(noise.code()).isEqualTo(1);
        assertThat(noise.out()).startsWith("The file is refused.").contains("it is not a readable JAR").contains("NO_PLUGIN");

        Cli gone = Cli.run("plugins", "check", dir.resolve("gone.jar").toString());
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).startsWith("hyperspot: there is no file ");
    }

    @Test
    void comparesWithThePluginsAndTheConfigurationOfAHome() throws IOException {
        plugin(home.resolve("plugins/acme.jar"), "1.0.0", "java.util", "");
        Files.writeString(home.resolve("plugins/noise.jar"), "noise");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/hyperspot.yaml"), "modules:\n  acme:\n    place: there\n");
        Path next = plugin(dir.resolve("next.jar"), "1.1.0", "java.util", "<AD id=\"user\" type=\"String\"/>");

        Cli alone = Cli.run("plugins", "check", next.toString());
        Cli there = Cli.run("plugins", "check", "--home", home.toString(), next.toString());

        assertThat(alone.code()).isZero();
        assertThat(there.code()).isEqualTo(1);
        assertThat(there.out())
                .startsWith("Plugin acme.plugin 1.1.0 is refused; it replaces 1.0.0.")
                .contains("Needs    the key modules.acme.user, which has no default")
                .contains("Code     CONFIGURATION_KEY");
    }

    @Test
    void demandsASignatureWhenAsked() throws IOException {
        Cli check = Cli.run(
                "plugins",
                "check",
                "--trusted-certificates",
                dir.resolve("gone.pem").toString(),
                plugin("java.util").toString());

        assertThat(check.code()).isEqualTo(1);
        assertThat(check.err()).startsWith("hyperspot: ").contains("gone.pem");
    }
}
