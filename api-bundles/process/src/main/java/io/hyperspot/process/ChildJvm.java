// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * A Java program that comes out of a bundle and runs in a JVM of its own: its class path, and the
 * command that starts it. What a bundle brings for its child:
 *
 * <ul>
 *   <li>the classes of the main class's package, its own and no other's,
 *   <li>{@code child/*.jar}, libraries,
 *   <li>{@code child/classes/}, unpacked classes and resources.
 * </ul>
 *
 * <p>The package {@code io.hyperspot.process.child} and Jackson are always there. The files are
 * copied once for each version of the bundle to a folder of its data area, but for those in
 * folders that are named for another system or processor, as {@code win-x64}.
 */
public final class ChildJvm {
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-XX:-CreateCoredumpOnCrash",
            "-Xshare:auto",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-Dslf4j.internal.verbosity=ERROR",
            "--enable-native-access=ALL-UNNAMED");

    private final List<Path> classPath;
    private final String mainClass;

    private ChildJvm(List<Path> classPath, String mainClass) {
        this.classPath = List.copyOf(classPath);
        this.mainClass = mainClass;
    }

    /** A program whose class path is there already. */
    public static ChildJvm ofClassPath(List<Path> classPath, String mainClass) {
        return new ChildJvm(classPath, mainClass);
    }

    /**
     * Copies what is needed out of the bundle, unless that was done before.
     *
     * @param bundle started; the caller's own
     * @param mainClass its full name; calls {@link io.hyperspot.process.child.ChildLoop#run}
     */
    public static ChildJvm extract(Bundle bundle, String mainClass) throws IOException {
        Bundle runtime = FrameworkUtil.getBundle(ChildJvm.class);
        if (runtime == null) {
            throw new IllegalStateException("not in a framework");
        }
        File area = bundle.getDataFile("child");
        if (area == null) {
            throw new IOException("bundle " + bundle.getSymbolicName() + " has no data area");
        }
        Path folder = area.toPath().resolve(version(bundle, runtime));
        synchronized (ChildJvm.class) {
            if (!Files.isDirectory(folder)) {
                deleteContents(area.toPath());
                // Renamed when complete: half of it must never look like the whole.
                Path building = Files.createDirectories(area.toPath().resolve("building"));
                copy(runtime, "io/hyperspot/process/child", building.resolve("classes"), "");
                copy(runtime, "child", building, "child/");
                int at = mainClass.lastIndexOf('.');
                copy(bundle, mainClass.substring(0, at).replace('.', '/'), building.resolve("classes"), "");
                copy(bundle, "child", building, "child/");
                Files.move(building, folder, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        List<Path> classPath = new ArrayList<>(List.of(folder.resolve("classes")));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(classPath::add);
        }
        return new ChildJvm(classPath, mainClass);
    }

    /**
     * Program and arguments.
     *
     * @param temporary the child's folder for temporary files, its own; made when it does not exist
     * @param options for the JVM, for example {@code -Xmx64m}
     */
    public List<String> command(Path temporary, List<String> options) throws IOException {
        Files.createDirectories(temporary);
        List<String> arguments = new ArrayList<>(OPTIONS);
        arguments.add("-Djava.io.tmpdir=" + temporary.toAbsolutePath());
        arguments.add("-XX:ErrorFile=" + temporary.toAbsolutePath().resolve("crash.log"));
        arguments.addAll(options);
        arguments.add("-cp");
        arguments.add(String.join(
                File.pathSeparator,
                classPath.stream().map(path -> path.toAbsolutePath().toString()).toList()));
        arguments.add(mainClass);
        // In a file: native libraries look at their process's command line, and ONNX Runtime 1.29 for
        // one crashes when that is long.
        Path file = temporary.toAbsolutePath().resolve("java.args");
        Files.write(file, arguments.stream().map(ChildJvm::quoted).toList());
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file);
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String version(Bundle... bundles) {
        StringBuilder text = new StringBuilder();
        for (Bundle bundle : bundles) {
            text.append(bundle.getSymbolicName())
                    .append(' ')
                    .append(bundle.getVersion())
                    .append(' ')
                    .append(bundle.getLastModified())
                    .append('\n');
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static void copy(Bundle bundle, String from, Path to, String prefix) throws IOException {
        // Entries, not resources: only the bundle's own, and without resolving anything.
        var entries = bundle.findEntries(from, "*", true);
        if (entries == null) {
            return;
        }
        Platform platform = Platform.current();
        for (URL entry : Collections.list(entries)) {
            String path = entry.getPath().substring(1);
            if (path.endsWith("/") || !platform.wants(path)) {
                continue;
            }
            Path target = to.resolve(path.substring(prefix.length())).normalize();
            if (!target.startsWith(to)) {
                throw new IOException("bundle " + bundle.getSymbolicName() + " has an entry " + path);
            }
            Files.createDirectories(target.resolveSibling("."));
            try (InputStream in = entry.openStream()) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void deleteContents(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Collections.reverseOrder()).toList();
        }
        for (Path path : paths) {
            if (!path.equals(folder)) {
                Files.deleteIfExists(path);
            }
        }
    }
}
