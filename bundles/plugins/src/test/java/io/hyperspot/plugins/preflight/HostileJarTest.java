// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.Preflight.Finding;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileJarTest {
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

    private static TestJar plugin() {
        return new TestJar("acme.search", "1.4.0");
    }

    private static byte[] replaced(byte[] bytes, String what, String by) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
    }

    private Finding refusal(byte[] jar) throws Exception {
        Preflight report = platform.report(jar, "");
        assertThat(report.refused()).isTrue();
        return report.findings().getFirst();
    }

    private PluginArchive read(byte[] jar) throws IOException, UnusableException {
        return PluginArchive.read(Files.write(temp.resolve("read.jar"), jar));
    }

    private static byte[] whole() throws IOException {
        return plugin()
                .with("Import-Package", "io.hyperspot.llm")
                .with("Bundle-ClassPath", ".,lib.jar")
                .file("lib.jar", new TestJar("lib", "1").type("lib.A").bytes())
                .worker("acme.Worker", TestPlatform.TYPE, TestPlatform.TYPE + "acme.a.b.c.v1")
                .file("META-INF/gts/a.json", TestPlatform.schema("gts.acme.a.b.c.v1~", false))
                .bytes();
    }

    /** A report or the documented refusal; anything else ends the test. */
    private void look(byte[] jar) throws IOException {
        try {
            assertThat(platform.report(jar, "").text()).isNotEmpty();
        } catch (UnusableException e) {
            assertThat(e.getMessage()).startsWith("it");
        }
    }

    @Test
    void survivesAJarThatEndsAnywhere() throws Exception {
        byte[] jar = whole();
        for (int length = 0; length < jar.length; length += 3) {
            look(Arrays.copyOf(jar, length));
        }
    }

    @Test
    void survivesAJarWithAnyByteFlipped() throws Exception {
        byte[] jar = whole();
        Random random = new Random(42);
        for (int round = 0; round < 1500; round++) {
            byte[] changed = jar.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            look(changed);
        }
    }

    @Test
    void survivesClassesAndDocumentsWithAnyByteFlipped() throws Exception {
        byte[] type = TestJar.classFile("acme.Worker", Runtime.version().feature(), 0, "acme.A", "acme.B");
        byte[] json = TestPlatform.schema("gts.acme.a.b.c.v1~", false).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            byte[] badType = type.clone();
            byte[] badJson = json.clone();
            badType[random.nextInt(badType.length)] ^= (byte) (1 << random.nextInt(8));
            badJson[random.nextInt(badJson.length)] ^= (byte) (1 << random.nextInt(8));
            Preflight report =
                    platform.report(plugin().file("acme/Worker.class", badType).file("META-INF/gts/a.json", badJson));
            assertThat(report.findings()).extracting(Finding::code).doesNotContain("NOT_UNDERSTOOD");
        }
    }

    @Test
    void namesTheDamagedEntry() throws Exception {
        byte[] jar = plugin().file("data.stored", "the quick brown fox").bytes();

        Finding finding = refusal(replaced(jar, "quick", "quiet"));

        assertThat(finding.code()).isEqualTo("JAR_DAMAGED");
        assertThat(finding.present()).isEqualTo("data.stored cannot be read: its checksum is another than the JAR says");
        assertThat(finding.fix()).isEqualTo("build or copy the JAR again");
    }

    @Test
    void refusesAnEntryThatIsThereTwice() throws Exception {
        byte[] jar = plugin().file("one.txt", "1").file("two.txt", "2").bytes();

        Finding finding = refusal(replaced(jar, "two.txt", "one.txt"));

        assertThat(finding.code()).isEqualTo("JAR_ENTRY_TWICE");
        assertThat(finding.present()).startsWith("one.txt is there twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/cron.d/x", "/etc/passwd", "C:/x.dll", "a\\..\\b", "a/../b", "..", "a\u0007b"})
    void refusesNamesThatLeadOutOfTheJar(String name) throws Exception {
        assertThat(refusal(plugin().file(name, "x").bytes()).code()).isEqualTo("JAR_ENTRY_NAME");
        byte[] library = new TestJar("lib", "1").file(name, "x").bytes();
        Finding inside = refusal(plugin().with("Bundle-ClassPath", ".,lib.jar").file("lib.jar", library).bytes());
        assertThat(inside.present()).contains("in lib.jar").doesNotContain("\u0007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "a..b/c", "a/.../b", "..a", "ab:c"})
    void takesNamesThatOnlyLookOdd(String name) throws Exception {
        assertThat(platform.report(plugin().file(name, "x")).accepted()).isTrue();
    }

    @Test
    void stopsUnpackingABomb() throws Exception {
        byte[] zeros = new byte[65 << 20];

        Finding finding = refusal(plugin().file("bomb", zeros).bytes());
        assertThat(finding.code()).isEqualTo("JAR_EXPANDS");
        assertThat(finding.present()).isEqualTo("more than 64 MB when unpacked");

        byte[] library = new TestJar("lib", "1").file("bomb", zeros).bytes();
        Finding inside = refusal(plugin().with("Bundle-ClassPath", ".,lib.jar").file("lib.jar", library).bytes());
        assertThat(inside.code()).isEqualTo("JAR_EXPANDS");
    }

    @Test
    void refusesAJarOfTooManyEntries() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < Budget.MOST_ENTRIES; i++) {
                zip.putNextEntry(new ZipEntry(i + "/"));
                zip.closeEntry();
            }
        }

        Finding finding =
                refusal(plugin().with("Bundle-ClassPath", ".,lib.jar").file("lib.jar", bytes.toByteArray()).bytes());

        assertThat(finding.present()).isEqualTo("more than 65536 entries");
    }

    @Test
    void refusesDescriptionsWithoutEnd() throws Exception {
        assertThat(refusal(plugin().file("OSGI-INF/x.xml", new byte[2 << 20]).bytes()).code()).isEqualTo("DOCUMENT_TOO_LARGE");
    }

    @Test
    void refusesAFilterThatIsNestedWithoutEnd() throws Exception {
        String filter = "(!".repeat(100_000) + "(a=b)" + ")".repeat(100_000);

        assertThat(platform.report(plugin().with("Require-Capability", "x;filter:=\"" + filter + "\"")).accepted())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Import-Package", "Require-Capability", "Bundle-ClassPath", "Bundle-Name"})
    void refusesHeadersWithoutEnd(String header) throws Exception {
        StringBuilder value = new StringBuilder();
        for (int i = 0; value.length() < (header.equals("Bundle-Name") ? 2 << 20 : 100_000); i++) {
            value.append('a').append(i).append(',');
        }

        assertThat(refusal(plugin().with(header, value.append('a').toString()).bytes()).code())
                .isEqualTo("MANIFEST_TOO_LARGE");
    }

    @Test
    void refusesAManifestWithoutEnd() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(new byte[9 << 20]);
            zip.closeEntry();
        }

        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(UnusableException.class)
                .hasMessage("its manifest has more than 8 MB");
    }

    @Test
    void refusesComponentsWithoutEnd() {
        TestJar jar = plugin();
        for (int i = 0; i < 20; i++) {
            jar.file("OSGI-INF/" + i + ".xml", new byte[1 << 20]);
        }

        assertThatThrownBy(() -> read(jar.bytes()))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("its component descriptions have more than 16 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil", "a/b", "a b", ".a", "a.", "ä"})
    void refusesNamesThatAreNoNames(String name) {
        assertThatThrownBy(() -> read(new TestJar(name, "1.0").bytes()))
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining("its Bundle-SymbolicName is '")
                .hasMessageContaining("for example com.acme.search");
    }

    @Test
    void refusesFragmentsAndExtensionsOfTheFramework() {
        assertThatThrownBy(() -> read(plugin().with("Fragment-Host", "io.hyperspot.llm.api").bytes()))
                .hasMessage("it is a fragment; a plugin must be a bundle of its own");
        assertThatThrownBy(() -> read(plugin().with("Fragment-Host", "system.bundle;extension:=framework").bytes()))
                .hasMessageStartingWith("it extends the framework itself");
    }

    @Test
    void looksAtTheJarAloneWhereThereIsNoPlatform() throws Exception {
        PluginArchive good = read(plugin().with("Import-Package", "com.acme.gone").bytes());
        assertThat(new Inspector().inspect(good, "").accepted()).isTrue();

        PluginArchive bad = read(plugin().file("../x", "x").bytes());
        assertThat(new Inspector().inspect(bad, "").refused()).isTrue();
    }
}
