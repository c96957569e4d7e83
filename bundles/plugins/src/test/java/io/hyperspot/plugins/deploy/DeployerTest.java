// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.gts.registry.TypesRegistryListener;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.modkit.worker.Rollouts.Tally;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugin.State;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.drop.DropFolder;
import io.hyperspot.plugins.preflight.Inspector;
import io.hyperspot.plugins.store.CommitFile;
import io.hyperspot.plugins.store.VersionStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
final class DeployerTest {
    private static final Duration WATCH = Duration.ofSeconds(1);

    @TempDir
    Path temp;

    private final FakeTraffic traffic = new FakeTraffic();
    private Framework framework;
    private ExecutorService threads;
    private Deployer board;
    private DropIntake intake;
    private DropFolder folder;
    private PlatformChanges changes;
    private Path plugins;

    private final List<AuditEvent> acts = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", temp.resolve("cache").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.osgi.framework.bsnversion", "multiple",
                        "felix.log.level", "0"));
        framework.start();
        plugins = Files.createDirectories(temp.resolve("plugins"));
        threads = Executors.newVirtualThreadPerTaskExecutor();
        Workbench bench = new Workbench(
                new BundleHost(framework.getBundleContext(), Duration.ofSeconds(5)),
                new HealthGate(framework.getBundleContext(), traffic, new NoComponents(), Duration.ofSeconds(2)),
                traffic,
                new VersionStore(temp.resolve("data"), 1 << 20),
                new CommitFile(temp.resolve("data/state.json")),
                new Releases(),
                threads,
                Clock.systemUTC(),
                WATCH,
                3);
        Deployments deployments = new Deployments(bench, new Inspector());
        intake = new DropIntake(plugins, deployments, acts::add);
        board = new Deployer(deployments, intake, Duration.ofSeconds(20), acts::add);
        folder = new DropFolder(plugins, intake);
        changes = new PlatformChanges(framework.getBundleContext(), intake::retryWaitingSoon);
        intake.awaits(deployments.restore());
    }

    @AfterEach
    void close() throws Exception {
        folder.close();
        changes.close();
        framework.stop();
        framework.waitForStop(5000);
        threads.shutdownNow();
    }

    /** As after kill -9: nothing was told that the end comes. */
    private void restart() throws Exception {
        close();
        open();
    }

    private Path drop(String name, byte[] bytes) throws IOException {
        return Files.write(plugins.resolve(name), bytes);
    }

    private Path jar(PluginJar jar) throws IOException {
        return Files.write(temp.resolve("upload.jar"), jar.bytes());
    }

    private Plugin plugin(String file) {
        return board.find(file)
                .orElseGet(() -> new Plugin("", file, "", "", State.ARRIVING, "", Instant.EPOCH, 0, List.of(), List.of()));
    }

    private Plugin awaitState(String file, State state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> plugin(file).state() == state);
        return plugin(file);
    }

    private Plugin awaitVersion(String id, String version) {
        await().atMost(Duration.ofSeconds(20)).until(() -> plugin(id).version().equals(version));
        return plugin(id);
    }

    private Plugin awaitReason(String file) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !plugin(file).reason().isEmpty());
        return plugin(file);
    }

    private static VersionState state(Plugin plugin, String version) {
        return plugin.versions().stream()
                .filter(known -> known.version().equals(version))
                .findFirst()
                .orElseThrow()
                .state();
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
        awaitState("a.jar", State.ACTIVE);
        assertThat(intake.isSettled()).isTrue();
        drop("b.jar", new PluginJar("acme.b", "2.1.0").bytes());
        Plugin b = awaitState("b.jar", State.ACTIVE);
        assertThat(b.id()).isEqualTo("acme.b");
        assertThat(b.version()).isEqualTo("2.1.0");
        assertThat(b.sha256()).hasSize(64);
    }

    @Test
    void uninstallsWhatIsDeleted() throws Exception {
        Path file = drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", State.ACTIVE);
        Files.delete(file);
        await().atMost(Duration.ofSeconds(20)).until(() -> board.list().isEmpty() && installed("acme.a") == 0);
    }

    @Test
    void replacesWhatIsOverwrittenAndKeepsOneVersion() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", State.ACTIVE);
        drop("a.jar", new PluginJar("acme.a", "1.1.0").bytes());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> plugin("a.jar").version().equals("1.1.0") && installed("acme.a") == 1);
        assertThat(plugin("a.jar").state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void aFileThatIsDeletedAndWrittenAnewIsReplaced() throws Exception {
        Path file = drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", State.ACTIVE);
        List<State> told = new CopyOnWriteArrayList<>();
        AutoCloseable listening = board.listen(plugin -> told.add(plugin.state()));
        Files.delete(file);
        drop("a.jar", new PluginJar("acme.a", "1.1.0").bytes());
        awaitVersion("acme.a", "1.1.0");
        listening.close();
        assertThat(told).doesNotContain(State.DRAINING);
        assertThat(traffic.last().offers).containsExactly(Share.ALL);
    }

    @Test
    void doesNotRestartWhatIsOnlyTouched() throws Exception {
        Path file = drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        Instant since = awaitState("a.jar", State.ACTIVE).since();
        long id = bundle("acme.a").getBundleId();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        drop("later.jar", new PluginJar("acme.later", "1.0.0").bytes());
        awaitState("later.jar", State.ACTIVE);
        assertThat(bundle("acme.a").getBundleId()).isEqualTo(id);
        assertThat(plugin("a.jar").since()).isEqualTo(since);
    }

    private Bundle bundle(String id) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(id) && bundle.getState() == Bundle.ACTIVE)
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
        assertThat(awaitState("noise.jar", State.REJECTED).reason()).contains("not a readable JAR");
        assertThat(awaitState("truncated.jar", State.REJECTED).reason()).contains("truncated or damaged");
        assertThat(awaitState("plain.jar", State.REJECTED).reason()).contains("Bundle-SymbolicName");
    }

    @Test
    void takesAFileThatIsCompletedLater() throws Exception {
        byte[] good = new PluginJar("acme.a", "1.0.0").bytes();
        folder.open();
        Path file = drop("a.jar", Arrays.copyOf(good, good.length / 2));
        awaitState("a.jar", State.REJECTED);
        Files.write(file, Arrays.copyOfRange(good, good.length / 2, good.length), StandardOpenOption.APPEND);
        awaitState("a.jar", State.ACTIVE);
    }

    @Test
    void waitsForAPackageInWordsAndStartsWhenItComes() throws Exception {
        drop("user.jar", new PluginJar("acme.user", "1.0.0").with("Import-Package", "com.acme.api;version=\"[2.1,3)\"").bytes());
        folder.open();
        assertThat(awaitState("user.jar", State.WAITING).reason())
                .contains("Needs    package com.acme.api, version 2.1.0 or newer but below 3.0.0")
                .contains("Present  no bundle exports this package")
                .contains("Fix");
        drop("provider.jar", new PluginJar("acme.provider", "1.0.0").with("Export-Package", "com.acme.api;version=\"2.2\"").bytes());
        awaitState("user.jar", State.ACTIVE);
    }

    private List<Plugin> changesOf(String id) throws Exception {
        List<Plugin> told = new CopyOnWriteArrayList<>();
        board.listen(plugin -> {
            if (plugin.id().equals(id)) {
                told.add(plugin);
            }
        });
        return told;
    }

    @Test
    void isTriedAgainWhenThePlatformChangesButToldOfOnlyOnce() throws Exception {
        drop("user.jar", new PluginJar("acme.user", "1.0.0").with("Import-Package", "com.acme.api").bytes());
        folder.open();
        Plugin waiting = awaitState("user.jar", State.WAITING);
        List<Plugin> told = changesOf("acme.user");
        install("other", new PluginJar("other", "1.0.0"));
        install("provider", new PluginJar("provider", "1.0.0").with("Export-Package", "com.acme.api"));
        awaitState("user.jar", State.ACTIVE);
        assertThat(told).filteredOn(plugin -> plugin.state() == State.WAITING).allSatisfy(
                plugin -> assertThat(plugin.since()).isEqualTo(waiting.since()));
    }

    // a listener gets no snapshot here, because it reads none
    @SuppressWarnings("NullAway")
    @Test
    void isTriedAgainWhenAGtsTypeComes() throws Exception {
        drop("user.jar", new PluginJar("acme.user", "1.0.0").with("Import-Package", "com.acme.api").bytes());
        folder.open();
        awaitState("user.jar", State.WAITING);
        List<Plugin> told = changesOf("acme.user");
        for (var reference : framework.getBundleContext().getServiceReferences(TypesRegistryListener.class, null)) {
            framework.getBundleContext().getService(reference).changed(null);
        }
        // it was read again, and waits on
        await().until(() -> !told.isEmpty());
        assertThat(plugin("user.jar").state()).isEqualTo(State.WAITING);
    }

    @Test
    void anUploadThatWaitsHasNoFileToTryAgain() throws Exception {
        folder.open();
        Path upload = jar(new PluginJar("acme.user", "1.0.0").with("Import-Package", "com.acme.api"));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> board.install(upload, Share.ALL, "test"));
        board.install(jar(new PluginJar("acme.other", "1.0.0")), Share.ALL, "test");
        assertThat(board.list()).extracting(Plugin::file).doesNotContain("");
    }

    private void install(String location, PluginJar jar) throws Exception {
        framework.getBundleContext().installBundle(location, new ByteArrayInputStream(jar.bytes()));
    }

    @Test
    void keepsTheRunningVersionWhenItsSuccessorFails() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitState("a.jar", State.ACTIVE);
        drop("a.jar", new PluginJar("acme.a", "2.0.0").activatedBy(ThrowingActivator.class).bytes());
        Plugin a = awaitReason("a.jar");
        assertThat(a.reason()).contains("2.0.0").contains("the licence file is missing");
        assertThat(a.state()).isEqualTo(State.ACTIVE);
        assertThat(a.version()).isEqualTo("1.0.0");
        assertThat(bundle("acme.a").getVersion()).hasToString("1.0.0");
        await().until(() -> installed("acme.a") == 1);
    }

    @Test
    void takesANewerVersionFromAnotherFileAndNoOlderOne() throws Exception {
        drop("a-1.0.0.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        awaitVersion("acme.a", "1.0.0");
        drop("a-1.1.0.jar", new PluginJar("acme.a", "1.1.0").bytes());
        awaitVersion("acme.a", "1.1.0");
        drop("a-0.9.0.jar", new PluginJar("acme.a", "0.9.0").bytes());
        Plugin a = awaitReason("acme.a");
        assertThat(a.reason()).contains("0.9.0", "1.1.0 serves, which is newer", "plugins rollback acme.a");
        assertThat(a.version()).isEqualTo("1.1.0");
        // one file of several is deleted: the plugin stays
        Files.delete(plugins.resolve("a-0.9.0.jar"));
        Files.delete(plugins.resolve("a-1.0.0.jar"));
        await().until(() -> plugin("acme.a").reason().isEmpty());
        assertThat(plugin("acme.a").state()).isEqualTo(State.ACTIVE);
        Files.delete(plugins.resolve("a-1.1.0.jar"));
        await().until(() -> board.list().isEmpty() && installed("acme.a") == 0);
    }

    @Test
    void sameVersionWithOtherContentIsAnUpgrade() throws Exception {
        drop("a.jar", new PluginJar("acme.a", "1.0.0").bytes());
        folder.open();
        String before = awaitState("a.jar", State.ACTIVE).sha256();
        drop("a.jar", new PluginJar("acme.a", "1.0.0").with("X-Build", "2").bytes());
        await().until(() -> !plugin("a.jar").sha256().equals(before));
        assertThat(plugin("a.jar").state()).isEqualTo(State.ACTIVE);
        assertThat(plugin("a.jar").versions()).hasSize(2);
    }

    @Test
    void upgradesBesideTheRunningVersionAndWatches() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        assertThat(plugins.resolve("acme.a.jar")).exists();
        Plugin a = board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "test");
        assertThat(a.version()).isEqualTo("1.1.0");
        assertThat(state(a, "1.1.0")).isEqualTo(VersionState.ACTIVE);
        assertThat(state(a, "1.0.0")).isEqualTo(VersionState.STANDBY);
        assertThat(traffic.last().offers).containsExactly(Share.ALL);
        assertThat(installed("acme.a")).isEqualTo(2);
        assertThat(a.steps()).extracting(Plugin.Step::text)
                .anyMatch(text -> text.contains("healthy"))
                .anyMatch(text -> text.startsWith("switched to 1.1.0"));
        await().atMost(Duration.ofSeconds(20)).until(() -> installed("acme.a") == 1);
        await().until(() -> state(plugin("acme.a"), "1.0.0") == VersionState.KEPT);
        assertThat(traffic.last().closed).isTrue();
        assertThat(bundle("acme.a").getVersion()).hasToString("1.1.0");
    }

    @Test
    void takesBackAVersionThatFailsMoreOftenThanTheOneBefore() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "test");
        traffic.last().current = new Tally(1000, 10, null);
        traffic.last().next = new Tally(50, 10, null);
        Plugin a = awaitVersion("acme.a", "1.0.0");
        assertThat(traffic.last().offers).containsExactly(Share.ALL, Share.NONE);
        await().until(() -> state(plugin("acme.a"), "1.1.0") == VersionState.QUARANTINED);
        assertThat(plugin("acme.a").reason()).contains("1.1.0", "10 of its 50 calls failed (20 %; before: 1 %)");
        assertThat(a.state()).isEqualTo(State.ACTIVE);
        // its file is still there, and must not bring it back
        restart();
        folder.open();
        await().until(intake::isSettled);
        assertThat(plugin("acme.a").version()).isEqualTo("1.0.0");
        assertThat(plugin("acme.a").reason()).contains("calls failed");
    }

    @Test
    void takesBackAVersionWhoseCodeIsIncomplete() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "test");
        traffic.last().next = new Tally(1, 1, "a class is missing: acme/Missing");
        awaitVersion("acme.a", "1.0.0");
        await().until(() -> plugin("acme.a").reason().contains("acme/Missing"));
    }

    @Test
    void triesAVersionWithAShareUntilToldOtherwise() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        Share tenth = new Share(10, Set.of());
        Plugin a = board.install(jar(new PluginJar("acme.a", "1.1.0")), tenth, "test");
        assertThat(a.version()).isEqualTo("1.0.0");
        assertThat(state(a, "1.1.0")).isEqualTo(VersionState.CANARY);
        assertThat(a.reason()).contains("1.1.0", "10 %");
        a = board.share("acme.a", Share.ALL, "test");
        assertThat(a.version()).isEqualTo("1.1.0");
        assertThat(traffic.last().offers).containsExactly(tenth, Share.ALL);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> board.share("acme.a", Share.ALL, "test"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("NOTHING_IS_TRIED"));
    }

    @Test
    void aCanaryThatFailsGoesByItself() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), new Share(10, Set.of()), "test");
        traffic.last().current = new Tally(900, 0, null);
        traffic.last().next = new Tally(20, 4, null);
        await().until(() -> state(plugin("acme.a"), "1.1.0") == VersionState.QUARANTINED);
        assertThat(plugin("acme.a").version()).isEqualTo("1.0.0");
        await().until(() -> installed("acme.a") == 1);
        assertThat(bundle("acme.a").getVersion()).hasToString("1.0.0");
    }

    @Test
    void rollsBackAtOnceWhileTheOldVersionStandsByAndFromTheStoreLater() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "test");
        long standing = bundle("1.0.0", "acme.a");
        assertThat(board.rollback("acme.a", null, "test").version()).isEqualTo("1.0.0");
        assertThat(bundle("1.0.0", "acme.a")).isEqualTo(standing);
        await().until(() -> installed("acme.a") == 1);

        assertThat(board.rollback("acme.a", "1.1.0", "test").version()).isEqualTo("1.1.0");
        await().atMost(Duration.ofSeconds(20)).until(() -> installed("acme.a") == 1);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> board.rollback("acme.a", "7.0.0", "test"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("VERSION_NOT_FOUND"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> board.rollback("acme.b", null, "test"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("PLUGIN_NOT_FOUND"));
    }

    private long bundle(String version, String id) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> id.equals(bundle.getSymbolicName()) && bundle.getVersion().toString().equals(version))
                .findFirst()
                .orElseThrow()
                .getBundleId();
    }

    @Test
    void anUpgradeThatDoesNotGetReadyChangesNothing() throws Exception {
        folder.open();
        Plugin before = board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        long running = bundle("1.0.0", "acme.a");
        traffic.entries.add(new Admission.Entry(
                "t~", "t~acme.a.worker.v1", 100, "acme.a 1.0.0", running, Admission.State.ADMITTED, "", 2));
        PluginJar next = new PluginJar("acme.a", "1.1.0")
                .containing("OSGI-INF/w.xml", "<component><property name=\"gts.instance\" value=\"t~acme.a.worker.v1\"/></component>");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> board.install(jar(next), Share.ALL, "test"))
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("PLUGIN_NOT_HEALTHY");
                    assertThat(problem.getMessage()).contains("does not offer t~acme.a.worker.v1");
                });
        Plugin after = plugin("acme.a");
        assertThat(after.version()).isEqualTo("1.0.0");
        assertThat(after.since()).isEqualTo(before.since());
        assertThat(after.inFlight()).isEqualTo(2);
        assertThat(traffic.last().offers).isEmpty();
        await().until(() -> installed("acme.a") == 1);
        assertThat(bundle("1.0.0", "acme.a")).isEqualTo(running);
    }

    @Test
    void aRestartBringsBackWhatServed() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "test");
        board.rollback("acme.a", null, "test");
        drop("b.jar", new PluginJar("acme.b", "1.0.0").bytes());
        drop("c.jar", new PluginJar("acme.c", "1.0.0").bytes());
        awaitState("b.jar", State.ACTIVE);
        awaitState("c.jar", State.ACTIVE);
        restart();
        // while the server is down: one goes, one comes, one changes
        Files.delete(plugins.resolve("b.jar"));
        drop("c.jar", new PluginJar("acme.c", "2.0.0").bytes());
        drop("d.jar", new PluginJar("acme.d", "1.0.0").bytes());
        folder.open();
        await().until(intake::isSettled);
        assertThat(plugin("acme.a").version()).isEqualTo("1.0.0");
        assertThat(state(plugin("acme.a"), "1.1.0")).isEqualTo(VersionState.KEPT);
        awaitVersion("acme.c", "2.0.0");
        assertThat(plugin("acme.d").state()).isEqualTo(State.ACTIVE);
        await().until(() -> board.find("acme.b").isEmpty() && installed("acme.b") == 0);
    }

    @Test
    void removesAPluginWithItsFile() throws Exception {
        folder.open();
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
        board.remove("acme.a", "test");
        assertThat(plugins.resolve("acme.a.jar")).doesNotExist();
        await().until(() -> board.list().isEmpty() && installed("acme.a") == 0);
        restart();
        folder.open();
        await().until(intake::isSettled);
        assertThat(board.list()).isEmpty();
    }

    @Test
    void tellsOfEveryChange() throws Exception {
        List<State> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable listening = board.listen(plugin -> told.add(plugin.state()))) {
            folder.open();
            board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "test");
            board.remove("acme.a", "test");
            await().until(() -> installed("acme.a") == 0);
            await().until(() -> told.contains(State.DRAINING));
            assertThat(told).contains(State.ACTIVE);
            assertThat(listening).isNotNull();
        }
    }

    @Test
    void aHangingPluginDelaysNoOther() throws Exception {
        folder.open();
        drop("hang.jar", new PluginJar("acme.hang", "1.0.0").activatedBy(HangingActivator.class).bytes());
        await().atMost(Duration.ofSeconds(20)).until(() -> installed("acme.hang") == 1);
        drop("good.jar", new PluginJar("acme.good", "1.0.0").bytes());
        awaitState("good.jar", State.ACTIVE);
        assertThat(plugin("hang.jar").state()).isEqualTo(State.ARRIVING);
        assertThat(awaitState("hang.jar", State.REJECTED).reason())
                .contains("did not end within")
                .contains("HangingActivator");
    }

    @Test
    void recordsWhoDidWhatAndWhatWasRefused() throws Exception {
        board.install(jar(new PluginJar("acme.a", "1.0.0")), Share.ALL, "user:ada");
        board.install(jar(new PluginJar("acme.a", "1.1.0")), Share.ALL, "user:ada");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> board.install(jar(new PluginJar("acme.a", "1.2.0").with("Import-Package", "nobody.has.this")), Share.ALL, "user:eve"));
        board.rollback("acme.a", null, "user:bob");
        board.remove("acme.a", "user:bob");

        assertThat(acts.stream().filter(act -> act.target().equals("acme.a") && !act.actor().equals(Act.FOLDER)))
                .extracting(act -> act.actor() + " " + act.action() + " " + act.outcome())
                .containsExactly(
                        "user:ada plugin.install DONE",
                        "user:ada plugin.install DONE",
                        "user:eve plugin.install FAILED",
                        "user:bob plugin.rollback DONE",
                        "user:bob plugin.remove DONE");
        assertThat(acts.getFirst().details()).containsKeys("sha256", "version");
    }
}
