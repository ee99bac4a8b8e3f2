package io.tidewire;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds the arrows of ARCHITECTURE.md. Each rule runs twice: over the product, where it must find nothing, and over planted
 * code that breaks it, where it must find that. A rule that reports nothing because it looks at nothing fails here.
 */
class ArchitectureTest {
    private static final String ROOT = "io.tidewire";
    private static final String PLANTED = "planted";

    /** Which rooms a room may know. A room knows itself. */
    private static final Map<String, Set<String>> MAY_KNOW = rooms();

    /** Names that say nothing about what a class is for. */
    private static final List<String> EMPTY_NAMES = List.of("Util", "Utils", "Helper", "Manager", "Impl");

    private static Map<String, Set<String>> rooms() {
        var rooms = new LinkedHashMap<String, Set<String>>();
        rooms.put("hub", Set.of());
        rooms.put("backplane", Set.of("hub"));
        rooms.put("http", Set.of());
        rooms.put("transport", Set.of("hub", "http"));
        rooms.put("auth", Set.of());
        rooms.put("upstream", Set.of());
        rooms.put("filter", Set.of("hub"));
        rooms.put("service", Set.of("hub", "http", "transport", "auth", "upstream", "filter"));
        rooms.put("signalr", Set.of("hub", "http", "transport", "auth", "upstream", "filter", "service"));
        rooms.put("webpubsub", Set.of("hub", "http", "transport", "auth", "upstream", "filter", "service"));
        rooms.put("observe", Set.of("hub"));
        rooms.put("admin", Set.of("observe", "hub", "http", "auth"));
        rooms.put(
                "config", Set.of("http", "transport", "auth", "upstream", "service", "signalr", "webpubsub", "admin"));
        rooms.put(
                "app",
                Set.of(
                        "hub",
                        "backplane",
                        "http",
                        "transport",
                        "auth",
                        "upstream",
                        "filter",
                        "service",
                        "signalr",
                        "webpubsub",
                        "observe",
                        "admin",
                        "config"));
        rooms.put("cli", Set.of("app", "config", "auth"));
        return rooms;
    }

    /**
     * One rule.
     *
     * @param planted code that breaks it
     * @param culprit what the report must name: the planted class, or what else only this violation has
     */
    private record Rule(String name, ArchRule rule, List<String> planted, String culprit) {}

    @TestFactory
    Stream<DynamicTest> theProductKeepsEveryRule() {
        JavaClasses product = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
        assertThat(product.size()).isGreaterThan(50);
        return rules(ROOT).stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.name(), () -> rule.rule().allowEmptyShould(true).check(product)));
    }

    @TestFactory
    Stream<DynamicTest> everyRuleReportsItsPlantedViolation(@TempDir Path classes) {
        List<Rule> rules = rules(PLANTED);
        compile(
                rules.stream()
                        .flatMap(rule -> rule.planted().stream())
                        .distinct()
                        .toList(),
                classes);
        JavaClasses planted = new ClassFileImporter().importPath(classes);
        return rules.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> {
                    EvaluationResult result = rule.rule().evaluate(planted);
                    assertThat(result.getFailureReport().toString()).contains(rule.culprit());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyRoomIsInThePlan() {
        JavaClasses product = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
        var rooms = new LinkedHashSet<String>();
        for (JavaClass type : product) {
            rooms.add(type.getPackageName().substring(ROOT.length() + 1).split("\\.", 2)[0]);
        }
        return rooms.stream()
                .map(room ->
                        DynamicTest.dynamicTest(room, () -> assertThat(MAY_KNOW).containsKey(room)));
    }

    private static List<Rule> rules(String root) {
        var rules = new ArrayList<Rule>();
        for (var room : MAY_KNOW.entrySet()) {
            for (String other : MAY_KNOW.keySet()) {
                if (!other.equals(room.getKey()) && !room.getValue().contains(other)) {
                    rules.add(doesNotKnow(root, room.getKey(), other));
                }
            }
        }
        rules.add(hubKnowsOnlyTheJdk(root));
        rules.add(configKnowsOnlySettings(root));
        rules.add(noPackageCycles(root));
        for (String name : EMPTY_NAMES) {
            rules.add(new Rule(
                    "no class is called ..." + name,
                    noClasses().that().resideInAPackage(root + "..").should().haveSimpleNameEndingWith(name),
                    List.of("package " + root + ".hub; public class Some" + name + " {}"),
                    root + ".hub.Some" + name));
        }
        return rules;
    }

    private static Rule doesNotKnow(String root, String room, String other) {
        String planted = "Knows" + other;
        return new Rule(
                room + " does not know " + other,
                noClasses()
                        .that()
                        .resideInAPackage(root + "." + room + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(root + "." + other + ".."),
                List.of(
                        "package " + root + "." + other + "; public class Target {}",
                        "package " + root + "." + room + "; class " + planted + " { " + root + "." + other
                                + ".Target target; }"),
                root + "." + room + "." + planted);
    }

    private static Rule hubKnowsOnlyTheJdk(String root) {
        return new Rule(
                "hub knows only the JDK",
                noClasses()
                        .that()
                        .resideInAPackage(root + ".hub..")
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(root + ".hub..", "java..", "org.jspecify.."),
                List.of("package " + root + ".hub; class KnowsNetty { io.netty.buffer.ByteBuf target; }"),
                root + ".hub.KnowsNetty");
    }

    private static Rule configKnowsOnlySettings(String root) {
        return new Rule(
                "config knows only the settings records of other rooms",
                noClasses()
                        .that()
                        .resideInAPackage(root + ".config..")
                        .should()
                        .dependOnClassesThat(describe(
                                "are ours, of another room, and no settings",
                                type -> type.getPackageName().startsWith(root + ".")
                                        && !type.getPackageName().startsWith(root + ".config")
                                        && !isSettings(type))),
                List.of(
                        "package " + root + ".http; public class Target {}",
                        "package " + root + ".config; class KnowsMore { " + root + ".http.Target target; }"),
                root + ".config.KnowsMore");
    }

    /** A settings record, or a type inside one. */
    private static boolean isSettings(JavaClass type) {
        return type.getName().matches(".*Settings(\\$.*)?");
    }

    private static Rule noPackageCycles(String root) {
        return new Rule(
                "no cycle between packages",
                slices().matching(root + ".(**)").should().beFreeOfCycles(),
                List.of(
                        "package " + root + ".signalr.rest; public class A { " + root + ".signalr.client.B b; }",
                        "package " + root + ".signalr.client; public class B { " + root + ".signalr.rest.A a; }"),
                "Cycle detected");
    }

    private static void compile(List<String> sources, Path output) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> files =
                sources.stream().map(ArchitectureTest::source).toList();
        List<String> options =
                List.of("-d", output.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        assertThat(compiler.getTask(null, null, null, options, null, files).call())
                .isTrue();
    }

    private static JavaFileObject source(String code) {
        String type = code.replaceFirst("(?s).*?class (\\w+).*", "$1");
        String directory = code.replaceFirst("(?s)package ([\\w.]+);.*", "$1").replace('.', '/');
        return new SimpleJavaFileObject(
                URI.create("string:///" + directory + "/" + type + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }
}
