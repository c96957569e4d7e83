// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Makes bundles of any kind, good and bad. */
final class TestJar {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    TestJar(String id, String version) {
        headers.put("Manifest-Version", "1.0");
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", id);
        headers.put("Bundle-Version", version);
    }

    TestJar with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    TestJar without(String header) {
        headers.remove(header);
        return this;
    }

    TestJar file(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    TestJar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A class whose method calls others. */
    TestJar type(String name, String... calls) {
        return file(name.replace('.', '/') + ".class", classFile(name, Runtime.version().feature(), 0, calls));
    }

    static byte[] classFile(String name, int java, int minor, String... calls) {
        return ClassFile.of().build(ClassDesc.of(name), type -> type.withVersion(44 + java, minor)
                .withMethodBody("run", MethodTypeDesc.of(ConstantDescs.CD_void), ClassFile.ACC_STATIC, code -> {
                    for (String call : calls) {
                        code.invokestatic(ClassDesc.of(call), "run", MethodTypeDesc.of(ConstantDescs.CD_void));
                    }
                    code.return_();
                }));
    }

    /** A component in the description that the manifest names. */
    TestJar component(String type, String content) {
        headers.merge("Service-Component", "OSGI-INF/" + type + ".xml", (one, other) -> one + "," + other);
        return file(
                "OSGI-INF/" + type + ".xml",
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s">
                  %s
                  <implementation class="%s"/>
                </scr:component>""".formatted(type, content, type));
    }

    TestJar worker(String type, String gtsType, String instance) {
        return type(type).component(
                        type,
                        """
                        <property name="gts.type" type="String" value="%s"/>
                        <property name="gts.instance" type="String" value="%s"/>""".formatted(gtsType, instance));
    }

    byte[] bytes() throws IOException {
        Manifest manifest = new Manifest();
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry head = new ZipEntry(entry.getKey());
                if (entry.getKey().endsWith(".stored")) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    head.setMethod(ZipEntry.STORED);
                    head.setSize(entry.getValue().length);
                    head.setCrc(crc.getValue());
                }
                jar.putNextEntry(head);
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
