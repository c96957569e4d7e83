// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import static io.hyperspot.plugins.preflight.TestPlatform.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.Preflight.Finding;
import io.hyperspot.plugins.Preflight.Severity;
import io.hyperspot.plugins.preflight.Platform.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InspectorTest {
    private static final int JAVA = Runtime.version().feature();

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

    private static Finding finding(Preflight report, Severity severity, String code) {
        assertThat(report.findings()).extracting(Finding::code).contains(code);
        Finding finding =
                report.findings().stream().filter(one -> one.code().equals(code)).findFirst().orElseThrow();
        assertThat(finding.severity()).isEqualTo(severity);
        return finding;
    }

    private Finding finding(TestJar jar, Severity severity, String code) throws Exception {
        return finding(platform.report(jar), severity, code);
    }

    private List<String> codes(TestJar jar) throws Exception {
        return platform.report(jar).findings().stream().map(Finding::code).toList();
    }

    // --- a good one ---

    @Test
    void acceptsAPluginThatFits() throws Exception {
        Preflight report = platform.report(plugin()
                .with("Import-Package", "io.hyperspot.llm;version=\"[1.2,2)\",java.util,com.acme.nice;resolution:=optional")
                .with(
                        "Require-Capability",
                        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5.0)(!(version>=2.0.0)))\","
                                + "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=21))\"")
                .worker("acme.Worker", TYPE, TYPE + "acme.search._.{name}.v1"));

        assertThat(report.accepted()).isTrue();
        assertThat(report.workers()).containsExactly(TYPE + "acme.search._.{name}.v1");
        assertThat(report.text())
                .startsWith("Plugin acme.search 1.4.0 can be installed. Other modules that restart: 0.")
                .contains("1 classes, 0 embedded libraries")
                .contains("it can do without, and will: package com.acme.nice");
        assertThat(report.findings()).allMatch(finding -> finding.severity() == Severity.INFO);
    }

    @Test
    void tellsWhatIsReplaced() throws Exception {
        assertThat(platform.report(plugin(), "1.3.0").text()).contains("can be installed; it replaces 1.3.0.");
        assertThat(finding(platform.report(plugin(), "1.5.0"), Severity.WARNING, "DOWNGRADE").needs())
                .isEqualTo("it is older than 1.5.0, which serves");
        finding(platform.report(plugin(), "1.4.0"), Severity.INFO, "SAME_VERSION");
    }

    // --- what it requires ---

    @Test
    void waitsForAPackageThatNobodyExports() throws Exception {
        Preflight report = platform.report(plugin().with("Import-Package", "com.acme.gone;version=\"[2.1,3)\""));

        assertThat(report.text()).startsWith("""
                Plugin acme.search 1.4.0 would wait. Other modules that restart: 0.
                  Needs    package com.acme.gone, version 2.1.0 or newer but below 3.0.0
                  Present  no bundle exports this package
                  Fix      install a bundle that exports it, or embed the library in your JAR (-includeresource: name-*.jar;lib:=true)
                  Code     PACKAGE_MISSING""");
    }

    @Test
    void namesThePackageThatWasRenamed() throws Exception {
        assertThat(finding(plugin().with("Import-Package", "javax.ws.rs"), Severity.WAITING, "PACKAGE_MISSING").present())
                .isEqualTo("no bundle exports this package; the nearest is jakarta.ws.rs, 3.1.0 from jakarta.ws.rs-api");
    }

    @Test
    void namesTheVersionOfALibraryThatIsThere() throws Exception {
        Finding finding = finding(
                plugin().with("Import-Package", "com.fasterxml.jackson.core;version=\"[3,4)\""), Severity.WAITING, "PACKAGE_VERSION");

        assertThat(finding.present()).isEqualTo("2.22.4 from jackson");
    }

    @Test
    void refusesWhatWasBuiltAgainstANewerContract() throws Exception {
        Finding finding =
                finding(plugin().with("Import-Package", "io.hyperspot.llm;version=\"[1.3,2)\""), Severity.ERROR, "API_TOO_OLD");

        assertThat(finding.needs()).isEqualTo("package io.hyperspot.llm, version 1.3.0 or newer but below 2.0.0");
        assertThat(finding.present()).isEqualTo("1.2.0 from io.hyperspot.llm.api");
        assertThat(finding.fix())
                .isEqualTo("upgrade HyperSpot to one with io.hyperspot.llm 1.3.0, or rebuild the plugin against 1.2");
    }

    @Test
    void refusesWhatWasBuiltAgainstAnOldContract() throws Exception {
        assertThat(finding(plugin().with("Import-Package", "io.hyperspot.llm;version=\"[0.9,1)\""), Severity.ERROR, "API_TOO_NEW")
                        .fix())
                .isEqualTo("rebuild the plugin against io.hyperspot.llm 1.2");
    }

    @Test
    void waitsForACapabilityAndABundle() throws Exception {
        assertThat(finding(
                                plugin().with("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.blueprint)\""),
                                Severity.WAITING,
                                "CAPABILITY_MISSING")
                        .present())
                .isEqualTo("others of the kind: osgi.component");
        assertThat(finding(plugin().with("Require-Capability", "acme.gone"), Severity.WAITING, "CAPABILITY_MISSING").present())
                .isEqualTo("none");
        Preflight report = platform.report(plugin().with("Require-Bundle", "com.acme.gone"));
        assertThat(finding(report, Severity.WAITING, "BUNDLE_MISSING").needs()).isEqualTo("bundle com.acme.gone");
        assertThat(finding(report, Severity.WARNING, "REQUIRES_BUNDLE").fix()).contains("Import-Package");
    }

    @Test
    void tellsOfAServiceThatNobodyDeclares() throws Exception {
        finding(
                plugin().with("Require-Capability", "osgi.service;effective:=active;filter:=\"(objectClass=com.acme.Clock)\""),
                Severity.INFO,
                "SERVICE_UNDECLARED");
    }

    @Test
    void waitsForTheModuleThatWouldBringAService() throws Exception {
        platform.stopped.put("com.acme.Clock", "com.acme.time");
        String needs = "osgi.service;effective:=active;filter:=\"(objectClass=com.acme.Clock)\"";
        Finding finding = finding(plugin().with("Require-Capability", needs), Severity.WAITING, "MODULE_STOPPED");
        assertThat(finding.needs()).contains("com.acme.Clock");
        assertThat(finding.present()).contains("com.acme.time is installed, but stopped");
        assertThat(finding.fix()).contains("hyperspot modules start com.acme.time");
        // what it can do without, or brings itself, stops nothing
        assertThat(platform.report(plugin().with("Require-Capability", needs + ";resolution:=optional")).accepted()).isTrue();
        assertThat(platform.report(plugin().with("Require-Capability", needs)
                                .with("Provide-Capability", "osgi.service;objectClass:List<String>=\"com.acme.Clock\""))
                        .accepted())
                .isTrue();
    }

    @Test
    void refusesWhatNeedsANewerJava() throws Exception {
        Finding manifest = finding(
                plugin().with("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\""),
                Severity.ERROR,
                "JAVA_TOO_OLD");
        assertThat(manifest.needs()).isEqualTo("Java 99");
        assertThat(manifest.present()).isEqualTo("Java " + JAVA);
        finding(plugin().with("Import-Package", "java.gone"), Severity.ERROR, "JAVA_PACKAGE_MISSING");

        Finding own = finding(
                plugin().file("acme/New.class", newer("acme.New")), Severity.ERROR, "CLASS_TOO_NEW");
        assertThat(own.needs()).isEqualTo("Java " + (JAVA + 1) + ", for acme/New.class");
        assertThat(own.fix()).startsWith("compile with --release " + JAVA);
        TestJar library = new TestJar("lib", "1").file("acme/New.class", newer("acme.New"));
        Finding inside = finding(
                plugin().with("Bundle-ClassPath", ".,lib/new.jar").file("lib/new.jar", library.bytes()),
                Severity.ERROR,
                "CLASS_TOO_NEW");
        assertThat(inside.needs()).endsWith("for lib/new.jar!/acme/New.class");
        assertThat(finding(
                                plugin().file("acme/P.class", TestJar.classFile("acme.P", JAVA, 0xFFFF)),
                                Severity.ERROR,
                                "CLASS_TOO_NEW")
                        .fix())
                .isEqualTo("compile without --enable-preview");
    }

    private static byte[] newer(String name) {
        byte[] bytes = TestJar.classFile(name, JAVA, 0);
        bytes[7]++;
        return bytes;
    }

    @Test
    void leavesOutWhatANewerJavaWouldTakeFromAMultiReleaseJar() throws Exception {
        String folder = "META-INF/versions/" + (JAVA + 1) + "/";
        TestJar jar = plugin().with("Multi-Release", "true").file(folder + "acme/New.class", newer("acme.New"));

        assertThat(codes(jar)).containsExactly("SIZE");

        TestJar current = plugin()
                .with("Multi-Release", "true")
                .file("META-INF/versions/" + JAVA + "/acme/New.class", newer("acme.New"));
        finding(current, Severity.ERROR, "CLASS_TOO_NEW");
    }

    // --- the manifest ---

    @Test
    void tellsWhatMakesAPluginHardToUpgrade() throws Exception {
        assertThat(finding(plugin().without("Bundle-ManifestVersion"), Severity.ERROR, "MANIFEST_VERSION").needs())
                .isEqualTo("Bundle-ManifestVersion: 2 in its manifest");
        finding(plugin().without("Bundle-Version"), Severity.WARNING, "BUNDLE_VERSION");
        finding(plugin().with("DynamicImport-Package", "*"), Severity.WARNING, "DYNAMIC_IMPORT");
        finding(plugin().with("Bundle-Activator", "acme.Activator").type("acme.Activator"), Severity.INFO, "ACTIVATOR");
        assertThat(finding(plugin().with("HyperSpot-Permissions", "net:api.acme.com"), Severity.INFO, "PERMISSIONS").needs())
                .isEqualTo("it asks for net:api.acme.com");
        assertThat(finding(
                                plugin().with("Export-Package", "acme.api")
                                        .worker("acme.Worker", TYPE, TYPE + "acme.search._.x.v1"),
                                Severity.WARNING,
                                "EXPORTS")
                        .needs())
                .startsWith("it exports acme.api: whoever imports that keeps the old version alive");
    }

    @Test
    void tellsOfASecondExporter() throws Exception {
        Finding finding = finding(
                plugin().with("Export-Package", "com.fasterxml.jackson.core;version=2.22.0").type("com.fasterxml.jackson.core.Json"),
                Severity.WARNING,
                "EXPORTS_PLATFORM_PACKAGE");

        assertThat(finding.needs()).contains("others would see two copies");
        assertThat(finding.fix()).isEqualTo("remove com.fasterxml.jackson.core from your JAR and import it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Import-Package     | =;;",
        "Require-Capability | x;filter:=\"(((\"",
        "Export-Package     | a;version=x.y",
        "Import-Package     | a;version=\"[2,1\""
    })
    void refusesAManifestThatNobodyUnderstands(String header, String value) throws Exception {
        assertThat(platform.report(plugin().with(header, value)).refused()).isTrue();
    }

    // --- copies ---

    @Test
    void refusesACopyOfAContract() throws Exception {
        Finding finding = finding(plugin().type("io.hyperspot.llm.ChatRequest"), Severity.ERROR, "COPY_OF_CONTRACT");

        assertThat(finding.needs()).contains("has a copy of io.hyperspot.llm: the platform would not know its objects");
        assertThat(finding.present()).isEqualTo("1.2.0 from io.hyperspot.llm.api");
        assertThat(finding.fix()).isEqualTo("remove io.hyperspot.llm from your JAR and import it (scope 'provided' in Maven)");
    }

    @Test
    void tellsCopiesThatHurtFromThoseThatDoNot() throws Exception {
        byte[] rest = new TestJar("rest", "1").type("jakarta.ws.rs.Path").bytes();
        assertThat(finding(
                                plugin().with("Bundle-ClassPath", ".,rest.jar").file("rest.jar", rest),
                                Severity.WARNING,
                                "COPY_OF_API")
                        .fix())
                .isEqualTo("remove rest.jar from your JAR and import it");
        assertThat(finding(plugin().type("com.fasterxml.jackson.core.Json"), Severity.INFO, "COPY_OF_LIBRARY").needs())
                .isEqualTo("it has its own copy of com.fasterxml.jackson.core");
        finding(
                plugin().type("io.hyperspot.llm.ChatRequest").with("Import-Package", "io.hyperspot.llm"),
                Severity.WARNING,
                "COPY_UNUSED");
    }

    // --- components and workers ---

    @Test
    void refusesComponentsThatCannotBeMade() throws Exception {
        assertThat(finding(plugin().component("acme.Gone", ""), Severity.ERROR, "COMPONENT_CLASS_MISSING").needs())
                .isEqualTo("the class acme.Gone of its component acme.Gone");
        finding(plugin().with("Service-Component", "OSGI-INF/gone.xml"), Severity.ERROR, "COMPONENT_MISSING");
        finding(plugin().component("acme.X", "").file("OSGI-INF/acme.X.xml", "<x"), Severity.ERROR, "COMPONENT_DAMAGED");
        assertThat(finding(
                                plugin().type("acme.X").component("acme.X", "<reference name=\"c\" interface=\"com.acme.Clock\"/>"),
                                Severity.WARNING,
                                "COMPONENT_INTERFACE")
                        .fix())
                .isEqualTo("import com.acme");
    }

    @Test
    void readsComponentsNamedByAPattern() throws Exception {
        finding(plugin().component("acme.Gone", "").with("Service-Component", "OSGI-INF/*.xml"), Severity.ERROR, "COMPONENT_CLASS_MISSING");
    }

    @Test
    void resolvesNoEntityOfADescription() throws Exception {
        TestJar jar = plugin().component("acme.X", "").file("OSGI-INF/acme.X.xml", """
                <!DOCTYPE c [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
                <component name="&secret;"><implementation class="acme.X"/></component>""");

        assertThat(platform.report(jar).text()).doesNotContain("root:").contains("is refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "gts.acme                                                              | x                | GTS_ID",
        "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~ | gts.acme.a.b.c.v1~acme.a.b.d.v1 | GTS_INSTANCE",
        "gts.hyperspot.core.modkit.plugin.v1~ | gts.hyperspot.core.modkit.plugin.v1~acme.a.b.d.v1 | GTS_TYPE_ABSTRACT"
    })
    void refusesWorkersThatWouldNeverBeOffered(String type, String instance, String code) throws Exception {
        finding(plugin().worker("acme.Worker", type, instance), Severity.ERROR, code);
    }

    @Test
    void namesTheOwnerOfAnInstanceId() throws Exception {
        String instance = TYPE + "acme.search._.x.v1";
        platform.workers.put(instance, "acme.other");
        assertThat(finding(plugin().worker("acme.Worker", TYPE, instance), Severity.WAITING, "GTS_INSTANCE_TAKEN").present())
                .isEqualTo(instance + " is offered by acme.other");

        platform.workers.put(instance, "acme.search");
        assertThat(platform.report(plugin().worker("acme.Worker", TYPE, instance), "1.3.0").accepted()).isTrue();
    }

    @Test
    void takesAWorkerThatNamesTheTypesAboveItsOwn() throws Exception {
        TestJar jar = plugin().type("acme.Worker").component("acme.Worker", """
                <property name="gts.type" type="String">
                gts.acme.a.b.worker.v1~acme.a.b.special.v1~
                gts.acme.a.b.worker.v1~
                </property>
                <property name="gts.instance" type="String" value="gts.acme.a.b.worker.v1~acme.a.b.special.v1~acme.a.b.x.v1"/>""");
        jar.file(
                "META-INF/gts/workers.json",
                "[" + TestPlatform.schema("gts.acme.a.b.worker.v1~", false) + ","
                        + TestPlatform.schema("gts.acme.a.b.worker.v1~acme.a.b.special.v1~", false) + "]");
        assertThat(platform.report(jar).accepted()).isTrue();
    }

    @Test
    void waitsForATypeUnlessItBringsItsSchema() throws Exception {
        TestJar jar = plugin().worker("acme.Worker", "gts.acme.a.b.worker.v1~", "gts.acme.a.b.worker.v1~acme.a.b.x.v1");
        finding(jar, Severity.WAITING, "GTS_TYPE_UNKNOWN");

        jar.file("META-INF/gts/worker.json", TestPlatform.schema("gts.acme.a.b.worker.v1~", false));
        assertThat(platform.report(jar).accepted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{                                                     | not JSON",
        "[3]                                                   | a document is a JSON object",
        "{\"$schema\": \"x\", \"$id\": \"gts.a.b.c.d.v1~\"}         | 'gts://'",
        "{\"$schema\": \"x\", \"$id\": \"gts://gts.a.b.c.d.v1~a.b.c.e.v1\"} | is an instance",
        "{\"id\": \"nonsense\"}                                  | nonsense"
    })
    void refusesDocumentsThatCannotBeRegistered(String document, String reason) throws Exception {
        assertThat(finding(plugin().file("META-INF/gts/a.json", document), Severity.ERROR, "GTS_DOCUMENT").present())
                .startsWith("META-INF/gts/a.json: ")
                .contains(reason);
    }

    // --- configuration ---

    private static TestJar configured(String policy) {
        TestJar jar = plugin().type("acme.X").component("acme.X", "").file("OSGI-INF/metatype/acme.xml", """
                <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
                  <OCD id="acme.Config"><AD id="base_url" type="String" description="Where it is."/>
                    <AD id=".key" type="Password" default=""/><AD id="models" type="String" cardinality="10"/></OCD>
                  <Designate %s="acme"><Object ocdref="acme.Config"/></Designate>
                </metatype:MetaData>""".formatted(policy.isEmpty() ? "factoryPid" : "pid"));
        return jar.file(
                "OSGI-INF/acme.X.xml",
                "<component name=\"acme.X\" configuration-pid=\"acme\" configuration-policy=\"" + policy
                        + "\"><implementation class=\"acme.X\"/></component>");
    }

    @Test
    void refusesANewKeyThatTheConfigurationDoesNotHave() throws Exception {
        platform.configurations.put(
                "acme",
                List.of(new Configuration("one", Map.of("base_url", "http://a")), new Configuration("two", Map.of("models", "x"))));

        Preflight report = platform.report(configured(""), "1.3.0");
        Finding finding = finding(report, Severity.ERROR, "CONFIGURATION_KEY");
        assertThat(finding.needs())
                .isEqualTo("the key modules.acme.instances.two.base_url, which has no default: Where it is.");
        assertThat(report.findings()).extracting(Finding::code).containsOnlyOnce("CONFIGURATION_KEY");

        platform.configurations.put("acme", List.of(new Configuration("one", Map.of("base_url", "http://a"))));
        assertThat(platform.report(configured(""), "1.3.0").accepted()).isTrue();
    }

    @Test
    void tellsWhatMustBeConfigured() throws Exception {
        assertThat(finding(configured(""), Severity.INFO, "NOT_CONFIGURED").needs())
                .isEqualTo("it begins when modules.acme.instances.<name> is configured; it must have base_url");
        finding(configured("require"), Severity.INFO, "NOT_CONFIGURED");
        assertThat(finding(configured("optional"), Severity.WARNING, "CONFIGURATION_KEY_UNSET").needs())
                .isEqualTo("its keys base_url of modules.acme have no default and are not set");
        finding(configured("").file("OSGI-INF/metatype/acme.xml", "<"), Severity.ERROR, "METATYPE_DAMAGED");
    }

    // --- linkage ---

    @Test
    void findsTheClassThatARequestWouldMiss() throws Exception {
        TestJar jar = plugin().type("acme.Worker", "acme.Lost", "acme.Helper", "java.lang.Math").type("acme.Helper");

        assertThat(finding(jar, Severity.WARNING, "CLASS_MISSING").needs())
                .isEqualTo("acme.Worker refers to acme.Lost, which the JAR does not have: the call that needs it would fail");
        jar.type("acme.Lost");
        assertThat(codes(jar)).containsExactly("SIZE");
    }

    @Test
    void mentionsWhatIsNeitherThereNorImported() throws Exception {
        assertThat(finding(plugin().type("acme.Worker", "com.acme.Clock"), Severity.INFO, "PACKAGE_NOT_IMPORTED").needs())
                .endsWith("com.acme (for acme.Worker)");
        assertThat(codes(plugin().type("acme.Worker", "com.acme.Clock").with("DynamicImport-Package", "com.*")))
                .containsExactly("SIZE");
        byte[] library = new TestJar("lib", "1").type("lib.A", "lib.Optional").bytes();
        assertThat(finding(
                                plugin().with("Bundle-ClassPath", ".,lib.jar").file("lib.jar", library),
                                Severity.INFO,
                                "LIBRARY_CLASS_MISSING")
                        .needs())
                .endsWith("the first is lib.Optional, for lib.A");
    }

    @Test
    void readsTheClassPathThatTheManifestNames() throws Exception {
        TestJar jar = plugin()
                .with("Bundle-ClassPath", "/classes/,gone.jar")
                .file("classes/acme/A.class", TestJar.classFile("acme.A", JAVA, 0, "acme.Lost"))
                .file("other/acme/Lost.class", TestJar.classFile("acme.Lost", JAVA, 0));

        Preflight report = platform.report(jar);
        finding(report, Severity.WARNING, "CLASS_MISSING");
        assertThat(finding(report, Severity.WARNING, "CLASSPATH_ENTRY_MISSING").needs()).contains("gone.jar");
    }

    @Test
    void tellsOfADamagedClass() throws Exception {
        byte[] cut = java.util.Arrays.copyOf(TestJar.classFile("acme.A", JAVA, 0), 40);

        finding(plugin().file("acme/A.class", cut), Severity.WARNING, "CLASS_DAMAGED");
        finding(plugin().file("acme/A.class", "no class"), Severity.WARNING, "CLASS_DAMAGED");
    }

    @Test
    void keepsTheReportShort() throws Exception {
        TestJar jar = plugin();
        String[] lost = new String[50];
        for (int i = 0; i < lost.length; i++) {
            lost[i] = "acme.Lost" + i;
        }

        Preflight report = platform.report(jar.type("acme.Worker", lost));

        assertThat(report.findings()).filteredOn(one -> one.code().equals("CLASS_MISSING")).hasSize(20);
        assertThat(finding(report, Severity.INFO, "MORE").needs()).isEqualTo("30 more findings CLASS_MISSING");
    }
}
