// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import java.io.File;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the plugin makes of JARs, by bnd. */
class GtsPluginTest {
    private static final String DERIVED = "gts.acme.core.a.base.v1.2~acme.search.b.engine.v2.3~";
    private static final List<String> CHAIN = List.of(
            DERIVED,
            "gts.acme.core.a.base.v1.2~acme.search.b.engine.v2~",
            "gts.acme.core.a.base.v1.2~",
            "gts.acme.core.a.base.v1~");

    private final Builder builder = new Builder();

    @AfterEach
    void close() throws Exception {
        builder.close();
    }

    private Jar build(Map<String, String> files, String... packages) throws Exception {
        builder.addClasspath(new File("target/test-classes"));
        builder.setProperty("Bundle-SymbolicName", "acme.test");
        builder.setProperty("Bundle-Version", "1.0.0");
        builder.setProperty("-plugin.gts", GtsPlugin.class.getName());
        builder.setProperty("-nodefaultversion", "true");
        builder.setProperty("Private-Package", packages.length == 0 ? "acme.none" : String.join(",", packages));
        builder.setProperty("-fixupmessages", "'Unused Private-Package*';is:=ignore,'The JAR is empty*';is:=ignore");
        Jar content = new Jar("content");
        files.forEach((path, text) -> content.putResource(path, new aQute.bnd.osgi.EmbeddedResource(text, 0L)));
        builder.setJar(content);
        return builder.build();
    }

    private static List<Attrs> clauses(Parameters header, String namespace) {
        return header.entrySet().stream()
                .filter(clause -> Processor.removeDuplicateMarker(clause.getKey()).equals(namespace))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String schema(String id) {
        return """
                { "$schema": "http://json-schema.org/draft-07/schema#", "$id": "gts://%s", "type": "object" }""".formatted(id);
    }

    @Test
    void providesTheTypesOfEveryDocument() throws Exception {
        builder.setProperty("Provide-Capability", "acme.own;acme.own=first");
        Jar jar = build(Map.of(
                "META-INF/gts/engine.schema.json", schema(DERIVED),
                "META-INF/gts/more/list.json",
                "[" + schema("gts.acme.core.a.base.v1~") + ", {\"id\": \"gts.acme.core.a.base.v1~acme.core.a.one.v1\"}]",
                "META-INF/other/none.json", "not JSON"));

        assertThat(builder.getErrors()).isEmpty();
        Parameters provided = Domain.domain(jar.getManifest()).getProvideCapability();
        assertThat(clauses(provided, "acme.own")).hasSize(1);
        List<Attrs> types = clauses(provided, "gts.type");
        assertThat(types).hasSize(2);
        Attrs derived = types.getFirst();
        assertThat(derived.getTyped("gts.type")).isEqualTo("gts.acme.core.a.base.v1.2~acme.search.b.engine.v2~");
        assertThat(derived.getTyped("version")).hasToString("2.3.0");
        assertThat(derived.getTyped("vendor")).isEqualTo("acme");
        assertThat(derived.getTyped("major")).isEqualTo(2L);
        assertThat(derived.getTyped("minor")).isEqualTo(3L);
        assertThat(derived.getTyped("chain")).isEqualTo(CHAIN);
        Attrs base = types.getLast();
        assertThat(base.getTyped("gts.type")).isEqualTo("gts.acme.core.a.base.v1~");
        assertThat(base.getTyped("minor")).isEqualTo(-1L);
    }

    @Test
    void declaresWorkersAndWhatTheyNeed() throws Exception {
        Jar jar = build(Map.of(), "acme.good");

        assertThat(builder.getErrors()).isEmpty();
        Domain manifest = Domain.domain(jar.getManifest());
        assertThat(clauses(manifest.getRequireCapability(), "gts.type"))
                .extracting(attrs -> attrs.get("filter:"))
                .containsExactlyInAnyOrder(
                        "(&(gts.type=gts.acme.core.a.base.v1.2~acme.search.b.engine.v2~)(major=2)(minor>=3))",
                        "(&(gts.type=gts.acme.core.a.base.v1~)(major=1))");
        assertThat(clauses(manifest.getRequireCapability(), "gts.type"))
                .allSatisfy(attrs -> assertThat(attrs.get("effective:")).isEqualTo("active"));
        assertThat(clauses(manifest.getRequireCapability(), "osgi.extender")).hasSize(1);
        Attrs worker = clauses(manifest.getProvideCapability(), "gts.worker").getFirst();
        assertThat(worker.getTyped("gts.type")).isEqualTo(CHAIN);
        assertThat(worker.getTyped("gts.instance")).isEqualTo(DERIVED + "other.vendor._.{name}.v1");
        assertThat(worker.get("effective:")).isEqualTo("active");
        assertThat(clauses(manifest.getProvideCapability(), "osgi.service")).isNotEmpty();
    }

    @Test
    void completesTheServicePropertiesOfWorkers() throws Exception {
        Jar jar = build(Map.of(), "acme.good");

        Map<String, String> good = properties(jar, "acme.good.GoodWorker");
        assertThat(good.getOrDefault("gts.type", "").strip().lines()).containsExactlyElementsOf(CHAIN);
        assertThat(good)
                .containsEntry("gts.type.exact", DERIVED)
                .containsEntry("gts.instance", DERIVED + "other.vendor._.{name}.v1")
                .containsEntry("gts.vendor", "other")
                .containsEntry("gts.package", "vendor")
                .containsEntry("gts.ver.major", "2")
                .containsEntry("gts.ver.minor", "3")
                .containsEntry("gts.priority", "7")
                .containsEntry("service.ranking", "-7");
    }

    @Test
    void keepsARankingThatTheComponentStates() throws Exception {
        Map<String, String> plain = properties(build(Map.of(), "acme.good"), "acme.good.PlainWorker");

        assertThat(plain)
                .containsEntry("service.ranking", "5")
                .containsEntry("gts.ver.minor", "-1")
                .containsEntry("gts.priority", "100");
        assertThat(plain.getOrDefault("gts.type", "").strip()).isEqualTo("gts.acme.core.a.base.v1~");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ \"$schema\": \"x\", \"$id\": \"gts://gts.acme.core\" }|META-INF/gts/a.json: its id",
        "{ \"$schema\": \"x\", \"$id\": \"gts.acme.core.a.base.v1~\" }|META-INF/gts/a.json: its id",
        "{ \"$schema\": \"x\" }|META-INF/gts/a.json: its id",
        "{ \"$schema\": \"x\", \"$id\": \"gts://gts.acme.core.a.base.v1~acme.core.a.one.v1\" }|is an instance",
        "[ {\"id\": \"gts.acme.core.a.base.v1~a.b.c.d.v1\"}, {\"id\": \"gts.acme.core\"} ]|META-INF/gts/a.json#/1: its id",
        "{ \"id\": \"gts.acme.core.a.base.v1~\" }|is a type; a type's document needs",
        "[ {\"id\": \"gts.acme.core.a.base.v1~a.b.c.d.v1\"}, {\"id\": \"gts.acme.core.a.base.v1~a.b.c.d.v1\"} ]|has the same id",
        "{ \"id\": |META-INF/gts/a.json: not JSON",
        "3|a document is a JSON object",
    }, quoteCharacter = '\'', ignoreLeadingAndTrailingWhitespace = false)
    void refusesADocument(String content, String reason) throws Exception {
        build(Map.of("META-INF/gts/a.json", content));

        assertThat(builder.getErrors()).singleElement().asString().contains(reason);
    }

    @Test
    void refusesAMalformedType() throws Exception {
        build(Map.of(), "acme.malformed");

        assertThat(builder.getErrors())
                .singleElement()
                .asString()
                .contains("acme/malformed/MalformedWorker.java: @GtsWorker: type: ");
    }

    @Test
    void refusesAnInstanceOfAnotherType() throws Exception {
        build(Map.of(), "acme.stray");

        assertThat(builder.getErrors())
                .singleElement()
                .asString()
                .contains("acme/stray/StrayWorker.java: @GtsWorker: instance: ")
                .contains("is no instance of gts.acme.core.a.base.v1~");
    }

    private static Map<String, String> properties(Jar jar, String component) throws Exception {
        Map<String, String> properties = new HashMap<>();
        try (InputStream in = jar.getResource("OSGI-INF/" + component + ".xml").openInputStream()) {
            NodeList elements = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getElementsByTagName("property");
            for (int i = 0; i < elements.getLength(); i++) {
                Element element = (Element) elements.item(i);
                String value = element.hasAttribute("value") ? element.getAttribute("value") : element.getTextContent();
                assertThat(properties.put(element.getAttribute("name"), value)).as("twice").isNull();
            }
        }
        return properties;
    }
}
