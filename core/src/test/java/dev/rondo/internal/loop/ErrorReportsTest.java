package dev.rondo.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ErrorReportsTest {
    @Test
    void ours_areThePackagesOfTheLibrary_andTheJdk_notThoseThatBeginAlike() {
        List<String> ours =
                List.of(
                        "dev.rondo.Async",
                        "dev.rondo.Async$Inner",
                        "dev.rondo.sync.Line",
                        "dev.rondo.testing.VirtualClock",
                        "dev.rondo.internal.queue.Driver",
                        "dev.rondo.reactor.ReactorBridge",
                        "java.lang.Thread",
                        "jdk.internal.vm.Continuation");
        List<String> users =
                List.of(
                        "dev.rondo.examples.Echo",
                        "dev.rondo.users.Main",
                        "dev.rondo.reactor.mine.Main",
                        "dev.rondoish.Main",
                        "reactor.core.publisher.Mono",
                        "Main");
        assertThat(ours).allMatch(ErrorReports::isOurs);
        assertThat(users).noneMatch(ErrorReports::isOurs);
    }
}
