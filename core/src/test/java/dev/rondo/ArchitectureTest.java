package dev.rondo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** Which way the arrows point. */
class ArchitectureTest {
    private static final JavaClasses CORE =
            new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void coreNeedsTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.rondo..", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void fibersKnowNothingOfTasks() {
        noClasses()
                .that()
                .resideInAPackage("dev.rondo.internal")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rondo", "dev.rondo.testing")
                .check(CORE);
    }

    @Test
    void theCoreDoesNotNeedItsTestingKit() {
        noClasses()
                .that()
                .resideInAPackage("dev.rondo")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rondo.testing")
                .check(CORE);
    }

    @Test
    void whatIsPublicIsWhatAUserNames() {
        assertThat(
                        CORE.stream()
                                .filter(type -> type.getPackageName().equals("dev.rondo"))
                                .filter(type -> !type.getSimpleName().equals("package-info"))
                                .filter(type -> type.isTopLevelClass())
                                .filter(type ->
                                        type.getModifiers()
                                                .contains(
                                                        com.tngtech.archunit.core.domain
                                                                .JavaModifier.PUBLIC))
                                .map(type -> type.getSimpleName()))
                .containsExactlyInAnyOrder(
                        "Action",
                        "AsyncTimeoutException",
                        "ContextScope",
                        "ContextVar",
                        "TaskLocals",
                        "OnCancel",
                        "TaskGroup",
                        "Timeout",
                        "Waited",
                        "Async",
                        "Awaitable",
                        "Coroutine",
                        "EventLoop",
                        "Handle",
                        "NonBlockingThreads",
                        "LoopClock",
                        "LoopClosedException",
                        "LoopFailure",
                        "Outcome",
                        "Promise",
                        "Task");
    }
}
