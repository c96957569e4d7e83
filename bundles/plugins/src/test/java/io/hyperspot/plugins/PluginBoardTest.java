// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;

/** The drop-in folder over a real framework. */
final class PluginBoardTest {
    @TempDir
    Path temp;

    private Framework framework;
    private ExecutorService threads;
    private PluginBoard board;
    private DropFolder folder;
    private Path plugins;

    @BeforeEach
    void open() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", temp.resolve("cache").toString(), "felix.log.level", "0"));
        framework.start();
        plugins = Files.createDirectories(temp.resolve("plugins"));
        threads = Executors.newVirtualThreadPerTaskExecutor();
        board = new PluginBoard(new Installer(framework.getBundleContext()), threads, Clock.systemUTC());
        folder = new DropFolder(plugins, board);
    }

    @AfterEach
    void close() throws Exception {
        folder.close();
        framework.stop();
        framework.waitForStop(5000);
        threads.shutdownNow();
    }

    private Path drop(String name, byte[] bytes) throws IOException {
        return Files.write(plugins.resolve(name), bytes);
    }

    private Plugin plugin(String file) {
        return board.plugins().stream()
                .filter(p -> p.file().equals(file))
                .findFirst()
                .orElseGet(() -> Plugin.arriving(file, Instant.EPOCH));
    }

    private Plugin awaitState(String file, PluginState state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> plugin(file).state() == state);
        return plugin(file);
    }

    private long installed(String id) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(id))
                .count();
    }

    @Test
    void startsWhatIsThereAndWhatComes() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", PluginState.ACTIVE);
        assertThat(board.isSettled()).isTrue();
        drop("b.jar", new PluginJar("acme.b", "2.1.0").bytes());
        Plugin b = awaitState("b.jar", PluginState.ACTIVE);
        assertThat(b.id()).isEqualTo("acme.b");
        assertThat(b.version()).isEqualTo("2.1.0");
        assertThat(b.sha256()).hasSize(64);
    }

    @Test
    void uninstallsWhatIsDeleted() throws Exception {
        Path file = drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", PluginState.ACTIVE);
        Files.delete(file);
        await().atMost(Duration.ofSeconds(20)).until(() -> board.plugins().isEmpty() && installed("acme.a") == 0);
    }

    @Test
    void replacesWhatIsOverwrittenAndKeepsOneVersion() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", PluginState.ACTIVE);
        drop("a.jar", new PluginJar("acme.a", "1.1.0").bytes());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> plugin("a.jar").version().equals("1.1.0") && installed("acme.a") == 1);
        assertThat(plugin("a.jar").state()).isEqualTo(PluginState.ACTIVE);
    }

    @Test
    void doesNotRestartWhatIsOnlyTouched() throws Exception {
        Path file = drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        Instant since = awaitState("a.jar", PluginState.ACTIVE).since();
        long id = bundle("acme.a").getBundleId();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        drop("later.jar", new PluginJar("acme.later", "1.0.0").bytes());
        awaitState("later.jar", PluginState.ACTIVE);
        assertThat(bundle("acme.a").getBundleId()).isEqualTo(id);
        assertThat(plugin("a.jar").since()).isEqualTo(since);
    }

    private Bundle bundle(String id) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhyAFileIsNoPlugin() throws Exception {
        byte[] good = new PluginJar("acme.a", "1.0.0").bytes();
        drop("noise.jar", "not a jar".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        drop("truncated.jar", Arrays.copyOf(good, good.length / 2));
        drop("plain.jar", new PluginJar("x", "1").with("Bundle-SymbolicName", " ").bytes());
        folder.open();
        assertThat(awaitState("noise.jar", PluginState.REJECTED).reason()).contains("not a readable JAR");
        assertThat(awaitState("truncated.jar", PluginState.REJECTED).reason()).contains("truncated or damaged");
        assertThat(awaitState("plain.jar", PluginState.REJECTED).reason()).contains("Bundle-SymbolicName");
    }

    @Test
    void takesAFileThatIsCompletedLater() throws Exception {
        byte[] good = new PluginJar("acme.a", "1.0.0").bytes();
        folder.open();
        Path file = drop("a.jar", Arrays.copyOf(good, good.length / 2));
        awaitState("a.jar", PluginState.REJECTED);
        Files.write(file, Arrays.copyOfRange(good, good.length / 2, good.length), StandardOpenOption.APPEND);
        awaitState("a.jar", PluginState.ACTIVE);
    }

    @Test
    void waitsForAPackageInWordsAndStartsWhenItComes() throws Exception {
        drop("user.jar", new PluginJar("acme.user", "1.0.0").with("Import-Package", "com.acme.api;version=\"[2.1,3)\"").bytes());
        folder.open();
        assertThat(awaitState("user.jar", PluginState.WAITING).reason())
                .contains("Needs    package com.acme.api, version 2.1.0 or newer but below 3.0.0")
                .contains("Present  no bundle exports this package")
                .contains("Fix");
        drop("provider.jar", new PluginJar("acme.provider", "1.0.0").with("Export-Package", "com.acme.api;version=\"2.2\"").bytes());
        awaitState("user.jar", PluginState.ACTIVE);
    }

    @Test
    void keepsTheRunningVersionWhenItsSuccessorFails() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", PluginState.ACTIVE);
        drop("a.jar", new PluginJar("acme.a", "2.0.0").activatedBy(ThrowingActivator.class).bytes());
        assertThat(awaitState("a.jar", PluginState.REJECTED).reason())
                .contains("the licence file is missing")
                .contains("1.0.0 goes on");
        assertThat(bundle("acme.a").getVersion()).hasToString("1.0.0");
        assertThat(bundle("acme.a").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void refusesASecondFileOfTheSamePlugin() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", PluginState.ACTIVE);
        drop("copy.jar", new PluginJar("acme.a", "1.1.0").bytes());
        assertThat(awaitState("copy.jar", PluginState.REJECTED).reason()).contains("already there as a.jar");
    }

    @Test
    void aHangingPluginDelaysNoOther() throws Exception {
        folder.open();
        drop("hang.jar", new PluginJar("acme.hang", "1.0.0").activatedBy(HangingActivator.class).bytes());
        await().atMost(Duration.ofSeconds(20)).until(() -> installed("acme.hang") == 1);
        drop("good.jar", new PluginJar("acme.good", "1.0.0").bytes());
        awaitState("good.jar", PluginState.ACTIVE);
        assertThat(plugin("hang.jar").state()).isEqualTo(PluginState.ARRIVING);
        assertThat(awaitState("hang.jar", PluginState.REJECTED).reason())
                .contains("did not end within")
                .contains("HangingActivator");
    }
}
