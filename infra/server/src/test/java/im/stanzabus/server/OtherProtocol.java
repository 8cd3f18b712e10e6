package im.stanzabus.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// The server as it would be built with another protocol number: the sources that know the number,
/// compiled anew.
final class OtherProtocol {
    private static final Path SOURCES = Path.of("../launcher/src/main/java/im/stanzabus/launcher");

    /// The one that says it, and the one that reads it: the compiler copies constants.
    private static final List<String> AFFECTED = List.of("Version.java", "ClusterConfig.java");

    private static final Pattern NUMBER = Pattern.compile("int PROTOCOL = (\\d+);");

    private OtherProtocol() {}

    /// Fills a folder with classes that are to win over those of the server.
    static Path compile(int protocol, Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        boolean found = false;
        for (String name : AFFECTED) {
            Matcher number = NUMBER.matcher(Files.readString(SOURCES.resolve(name)));
            found |= number.find();
            Path source = Files.createDirectories(folder.resolve("source")).resolve(name);
            Files.writeString(source, number.replaceAll("int PROTOCOL = " + protocol + ";"));
            arguments.add(source.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (!found || compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("there is no server of protocol " + protocol);
        }
        return folder;
    }
}
