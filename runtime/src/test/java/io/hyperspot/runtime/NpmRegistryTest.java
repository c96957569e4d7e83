// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NpmRegistryTest {
    @Test
    void isThePublicOneWhenNothingIsConfigured(@TempDir Path home) {
        assertThat(NpmRegistry.base(Map.of(), home)).isEqualTo("https://registry.npmjs.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"npm_config_registry", "NPM_CONFIG_REGISTRY"})
    void comesFromTheEnvironmentFirst(String variable, @TempDir Path home) throws IOException {
        Files.writeString(home.resolve(".npmrc"), "registry=http://file.test/\n");

        assertThat(NpmRegistry.base(Map.of(variable, "http://mirror.test/npm/"), home)).isEqualTo("http://mirror.test/npm");
        assertThat(NpmRegistry.base(Map.of(variable, " "), home)).isEqualTo("http://file.test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry=http://file.test/",
                "# registry=http://comment.test\n  registry = http://file.test \n",
                "fund=false\nregistry=\"http://file.test/\"\n",
                "@acme:registry=http://acme.test\nregistry=http://${WHERE}\n"
            })
    void comesFromTheUsersFile(String npmrc, @TempDir Path home) throws IOException {
        Files.writeString(home.resolve(".npmrc"), npmrc);

        assertThat(NpmRegistry.base(Map.of("WHERE", "file.test"), home)).isEqualTo("http://file.test");
    }

    @Test
    void comesFromTheFileThatTheEnvironmentNames(@TempDir Path home) throws IOException {
        Path file = Files.writeString(home.resolve("mine"), "registry=http://mine.test");

        assertThat(NpmRegistry.base(Map.of("npm_config_userconfig", file.toString()), home)).isEqualTo("http://mine.test");
    }

    @Test
    void namesAPackagesArchive() {
        assertThat(NpmRegistry.tarball("left-pad", "1.3.0").toString()).endsWith("/left-pad/-/left-pad-1.3.0.tgz");
    }
}
