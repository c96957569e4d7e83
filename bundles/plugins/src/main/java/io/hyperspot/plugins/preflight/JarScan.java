// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.archive.ComponentDescription;
import io.hyperspot.plugins.preflight.JarContents.TooNew;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a JAR from end to end, once, with limits, and keeps what the checks ask for. For one use. */
final class JarScan {
    private static final Pattern TRICK = Pattern.compile("^/|\\\\|^[A-Za-z]:|(^|/)\\.\\.(/|$)|\\p{Cntrl}");
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d{1,4})/(.*)");
    private static final int LARGEST_CLASS = 8 << 20;
    private static final long DOCUMENTS = 16L << 20;
    private static final int REFERENCES = 200_000;

    private final Findings findings;
    private final int java;
    private final boolean multiRelease;

    /** Folders and JARs of the class path; the JAR itself is the empty text. */
    private final List<String> classPath;

    private final Set<String> classes = new HashSet<>();
    private final Map<String, String> packages = new HashMap<>();
    private final Map<String, String> references = new HashMap<>();
    private final Map<String, String> libraryReferences = new HashMap<>();
    private final Map<String, byte[]> documents = new TreeMap<>();
    private final Set<String> libraries = new HashSet<>();
    private long documentBytes;
    private @Nullable TooNew tooNew;

    JarScan(Findings findings, int java, boolean multiRelease, List<String> classPath) {
        this.findings = findings;
        this.java = java;
        this.multiRelease = multiRelease;
        this.classPath = classPath;
    }

    /** What is in the file; incomplete when there are errors. */
    JarContents read(Path file, long size) {
        Budget budget = new Budget(size);
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            Set<String> names = new HashSet<>();
            for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
                budget.entry();
                name(entry.getName(), "");
                if (!names.add(entry.getName())) {
                    findings.error(
                            "JAR_ENTRY_TWICE",
                            "each entry once",
                            entry.getName() + " is there twice: readers do not agree which one counts",
                            "build the JAR again from clean folders");
                } else if (!entry.isDirectory()) {
                    entry(jar, entry, budget);
                }
            }
            missing(names);
        } catch (Budget.ExceededException e) {
            findings.error(
                    "JAR_EXPANDS",
                    "at most " + Budget.MOST_ENTRIES + " entries and " + (Budget.MOST_BYTES >> 20) + " MB unpacked, "
                            + Budget.MOST_EXPANSION + " times the JAR's size",
                    String.valueOf(e.getMessage()),
                    "leave large data out of the JAR, and let the plugin get it");
        } catch (IOException | IllegalArgumentException e) {
            findings.error("JAR_DAMAGED", "a readable JAR", String.valueOf(e.getMessage()), "build or copy the JAR again");
        }
        return new JarContents(
                classes, packages, references, libraryReferences, documents, libraries, budget.entries(), budget.bytes(), tooNew);
    }

    private void missing(Set<String> names) {
        for (String part : classPath) {
            boolean there = part.isEmpty()
                    || names.contains(part)
                    || names.contains(part + "/")
                    || names.stream().anyMatch(name -> name.startsWith(part + "/"));
            if (!there) {
                findings.warning(
                        "CLASSPATH_ENTRY_MISSING",
                        "its Bundle-ClassPath names " + part + ", which the JAR does not have",
                        "",
                        "add it, or take it out of Bundle-ClassPath");
            }
        }
    }

    private void name(String name, String library) {
        if (TRICK.matcher(name).find()) {
            findings.error(
                    "JAR_ENTRY_NAME",
                    "entry names that stay within the JAR",
                    "'" + name + "'" + (library.isEmpty() ? "" : " in " + library),
                    "build the JAR with a usual tool: names are relative, with '/', and without '..'");
        }
    }

    private void entry(JarFile jar, ZipEntry entry, Budget budget) throws Budget.ExceededException {
        String name = entry.getName();
        try (InputStream raw = jar.getInputStream(entry);
                CheckedInputStream in = new CheckedInputStream(budget.counted(raw), new CRC32())) {
            if (name.endsWith(".class")) {
                ownClass(name, in);
            } else if (isDocument(name)) {
                document(name, in);
            } else if (classPath.contains(name)) {
                libraries.add(name);
                library(name, in, budget);
            }
            in.transferTo(OutputStream.nullOutputStream());
            if (in.getChecksum().getValue() != entry.getCrc()) {
                throw new IOException("its checksum is another than the JAR says");
            }
        } catch (Budget.ExceededException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            findings.error(
                    "JAR_DAMAGED", "a readable JAR", name + " cannot be read: " + e.getMessage(), "build or copy the JAR again");
        }
    }

    private static boolean isDocument(String name) {
        return (name.startsWith("OSGI-INF/") && name.endsWith(".xml"))
                || (name.startsWith("META-INF/gts/") && name.endsWith(".json"));
    }

    private void document(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(ComponentDescription.LARGEST + 1);
        documentBytes += bytes.length;
        if (bytes.length > ComponentDescription.LARGEST || documentBytes > DOCUMENTS) {
            findings.error(
                    "DOCUMENT_TOO_LARGE",
                    "descriptions of at most 1 MB, 16 MB together",
                    name + " is larger",
                    "make it smaller");
        } else {
            documents.put(name, bytes);
        }
    }

    private void ownClass(String name, InputStream in) throws IOException {
        String path = name;
        var versioned = VERSIONED.matcher(name);
        if (versioned.matches()) {
            if (!multiRelease || Integer.parseInt(versioned.group(1)) > java) {
                return;
            }
            path = versioned.group(2);
        }
        for (String root : classPath) {
            if (root.isEmpty() || path.startsWith(root + "/")) {
                scan(root.isEmpty() ? path : path.substring(root.length() + 1), name, "", in);
                return;
            }
        }
    }

    private void library(String library, InputStream in, Budget budget) throws IOException {
        // not closed: the bytes after the ZIP still belong to the checksum
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            budget.entry();
            name(entry.getName(), library);
            InputStream content = budget.counted(zip);
            if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                scan(entry.getName(), library + "!/" + entry.getName(), library, content);
            }
            content.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void scan(String path, String where, String library, InputStream in) throws IOException {
        String name = path.substring(0, path.length() - ".class".length());
        if (name.equals("module-info")) {
            return;
        }
        byte[] bytes = in.readNBytes(LARGEST_CLASS);
        int level = ClassReferences.java(bytes);
        if (level < 0) {
            findings.warning("CLASS_DAMAGED", where + " is no class file", "", "build the JAR again");
            return;
        }
        boolean preview = level == java && ClassReferences.isPreview(bytes);
        if (level > java || preview) {
            if (tooNew == null) {
                tooNew = new TooNew(where, preview ? 0 : level);
            }
            return;
        }
        Map<String, String> into = library.isEmpty() ? references : libraryReferences;
        Set<String> targets = new HashSet<>();
        try {
            if (!ClassReferences.of(bytes, targets::add).equals(name)) {
                // no class of the class path, but a file for somebody else
                return;
            }
        } catch (IllegalArgumentException e) {
            findings.warning(
                    "CLASS_DAMAGED", where + " is a damaged class file: " + e.getMessage(), "", "build the JAR again");
        }
        classes.add(name);
        packages.merge(JarContents.packageOf(name), library, (one, other) -> one.isEmpty() ? one : other);
        if (into.size() < REFERENCES) {
            targets.forEach(target -> into.putIfAbsent(target, name));
        }
    }
}
