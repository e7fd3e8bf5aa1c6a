package dev.rondo;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which way the arrows point: users name {@code dev.rondo}, {@code sync} and {@code testing};
 * behind these the loop stands on the queue, and the queue on the fiber.
 */
class ArchitectureTest {
    private static final JavaClasses CORE =
            new ClassFileImporter().importPath(Path.of("target", "classes"));

    private static final String STACK_ROOM = "dev.rondo.internal.fiber.StackRoom";

    private static Stream<JavaClass> topLevel(String packageName) {
        return CORE.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"));
    }

    @Test
    void coreNeedsTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.rondo..", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void fibersKnowNothingElse() {
        classes()
                .that()
                .resideInAPackage("dev.rondo.internal.fiber")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.rondo.internal.fiber", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void theQueueKnowsNoTask() {
        noClasses()
                .that()
                .resideInAPackage("dev.rondo.internal.queue")
                .should()
                .dependOnClassesThat(describe("a loop or task", ArchitectureTest::isAboveTheQueue))
                .check(CORE);
    }

    private static boolean isAboveTheQueue(JavaClass type) {
        return List.of("dev.rondo", "dev.rondo.internal.loop", "dev.rondo.sync")
                        .contains(type.getPackageName())
                && !type.getName().equals("dev.rondo.LoopClock");
    }

    @Test
    void primitivesAndTheTestKit_standOnPublicNames() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rondo.sync", "dev.rondo.testing")
                .should()
                .dependOnClassesThat(
                        describe(
                                "hidden, but for the check of the stack's room",
                                type ->
                                        type.getPackageName().startsWith("dev.rondo.internal")
                                                && !type.getName().equals(STACK_ROOM)))
                .check(CORE);
    }

    @Test
    void theCoreNeedsNeitherPrimitivesNorTheTestKit() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.rondo", "dev.rondo.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rondo.sync", "dev.rondo.testing")
                .check(CORE);
    }

    @Test
    void noSignatureThatAUserSees_namesWhatIsHidden() {
        List<String> seen =
                CORE.stream()
                        .filter(type -> !type.getPackageName().startsWith("dev.rondo.internal"))
                        .filter(type -> type.getModifiers().contains(PUBLIC))
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.getModifiers().contains(PUBLIC))
                        .filter(ArchitectureTest::namesHidden)
                        .map(JavaMethod::getFullName)
                        .toList();
        assertThat(seen).isEmpty();
    }

    private static boolean namesHidden(JavaMethod method) {
        return method.getAllInvolvedRawTypes().stream()
                .anyMatch(type -> type.getPackageName().startsWith("dev.rondo.internal"));
    }

    @Test
    void whatAUserNames_hasNoState() {
        List<String> state =
                topLevel("dev.rondo")
                        .filter(type -> !type.isAssignableTo(Throwable.class) && !type.isRecord())
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> !field.getOwner().isEnum())
                        .map(JavaField::getFullName)
                        .toList();
        assertThat(state).isEmpty();
    }

    @Test
    void exportedPackages_areAllPublic() {
        assertThat(topLevel("dev.rondo")).allMatch(type -> type.getModifiers().contains(PUBLIC));
        assertThat(topLevel("dev.rondo").map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "Action",
                        "Async",
                        "AsyncConsumer",
                        "AsyncFunction",
                        "AsyncTimeoutException",
                        "Awaitable",
                        "ContextScope",
                        "ContextVar",
                        "Coroutine",
                        "EventLoop",
                        "Handle",
                        "LoopClock",
                        "LoopClosedException",
                        "LoopFailure",
                        "LoopGroup",
                        "NonBlockingThreads",
                        "OnCancel",
                        "Outcome",
                        "Promise",
                        "Task",
                        "TaskGroup",
                        "TaskLocals",
                        "Timeout",
                        "Waited");
    }

    /** Doors are what the public package calls, or names as the one class that it permits. */
    @Test
    void theLoopIsHidden_butForItsDoors() {
        assertThat(
                        topLevel("dev.rondo.internal.loop")
                                .filter(type -> type.getModifiers().contains(PUBLIC))
                                .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "DoneTask",
                        "Loop",
                        "LoopBuilder",
                        "LoopFuture",
                        "LoopPromise",
                        "LoopTaskGroup",
                        "Scope",
                        "StartedLoops",
                        "SystemClock",
                        "Tasks",
                        "TimeHold",
                        "TimeoutScope",
                        "WaitUntil",
                        "Variable");
    }
}
