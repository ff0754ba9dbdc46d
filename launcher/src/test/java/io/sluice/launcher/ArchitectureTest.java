package io.sluice.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;

/** The arrows between modules and packages, and what the data path must not use. */
@AnalyzeClasses(packages = "io.sluice",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestJars.class})
class ArchitectureTest {

    private static final String[] DATA_PATH = {"io.sluice.core.loop", "io.sluice.core.buffer", "io.sluice.core.address",
        "io.sluice.core.net", "io.sluice.core.connect", "io.sluice.core.relay", "io.sluice.l4.tcp",
        "io.sluice.l7.http"};

    @ArchTest
    static final ArchRule MODULES_DEPEND_ONE_WAY = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("config").definedBy("io.sluice.config..")
            .layer("core").definedBy("io.sluice.core..")
            .layer("l4").definedBy("io.sluice.l4..")
            .layer("l7").definedBy("io.sluice.l7..")
            .layer("bench").definedBy("io.sluice.bench..")
            .layer("launcher").definedBy("io.sluice.launcher..")
            .whereLayer("config").mayNotAccessAnyLayer()
            .whereLayer("core").mayOnlyAccessLayers("config")
            .whereLayer("l4").mayOnlyAccessLayers("core", "config")
            .whereLayer("l7").mayOnlyAccessLayers("core", "config")
            .whereLayer("bench").mayOnlyAccessLayers("l7", "core", "config")
            .whereLayer("launcher").mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule EVERY_CLASS_IS_IN_A_MODULE = classes().should().resideInAnyPackage("io.sluice.config..",
            "io.sluice.core..", "io.sluice.l4..", "io.sluice.l7..", "io.sluice.bench..", "io.sluice.launcher..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_CODEC_KNOWS_NO_SOCKETS = noClasses().that().resideInAPackage("io.sluice.l7.http")
            .should().dependOnClassesThat(resideInAnyPackage("java.nio.channels", "java.net", "io.sluice.core.address",
                    "io.sluice.core.connect", "io.sluice.core.loop", "io.sluice.core.net"));

    @ArchTest
    static final ArchRule THE_DATA_PATH_USES_NO_REGEX_LOCKS_OR_STREAMS = noClasses().that()
            .resideInAnyPackage(DATA_PATH)
            .should().dependOnClassesThat(
                    resideInAnyPackage("java.util.regex", "java.util.concurrent.locks", "java.util.stream"));

    @ArchTest
    static final ArchRule THE_DATA_PATH_FORMATS_NO_STRINGS = noClasses().that().resideInAnyPackage(DATA_PATH)
            .should().callMethodWhere(call("format").or(call("formatted")));

    @ArchTest
    static final ArchRule THE_DATA_PATH_DOES_NOT_SYNCHRONIZE = classes().that().resideInAnyPackage(DATA_PATH)
            .should(notSynchronize());

    private static DescribedPredicate<JavaMethodCall> call(String method) {
        return DescribedPredicate.describe("String." + method,
                call -> call.getTargetOwner().isEquivalentTo(String.class) && call.getName().equals(method));
    }

    private static ArchCondition<JavaClass> notSynchronize() {
        return new ArchCondition<>("not synchronize") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (MethodModel method : ClassFile.of().parse(bytes(type)).methods()) {
                    if (synchronizes(method)) {
                        events.add(SimpleConditionEvent.violated(type,
                                type.getName() + "." + method.methodName().stringValue() + " synchronizes"));
                    }
                }
            }
        };
    }

    /** ArchUnit sees the modifier only, so this looks for blocks in the byte code. */
    private static boolean synchronizes(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED) || method.code().stream()
                .flatMap(code -> code.elementStream()).anyMatch(MonitorInstruction.class::isInstance);
    }

    private static byte[] bytes(JavaClass type) {
        try (InputStream file = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Other modules' tests, which these tests use. */
    static final class DoNotIncludeTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
