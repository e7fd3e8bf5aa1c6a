package dev.rondo.reactor;

import static dev.rondo.reactor.ReactorBridge.newLoopScheduler;
import static dev.rondo.reactor.ReactorBridge.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rondo.Async;
import dev.rondo.EventLoop;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;

/** What a scheduler and its workers tell of themselves. */
class ScannableTest {
    @Test
    void aScheduler() {
        Scheduler scheduler = newLoopScheduler("scanned");
        Scannable scan = Scannable.from(scheduler);
        assertThat(scan.isScanAvailable()).isTrue();
        assertThat(scan.name()).isEqualTo("loop(\"scanned\")").isEqualTo(scheduler.toString());
        assertThat(scan.scan(Attr.CAPACITY)).isEqualTo(1);
        assertThat(scan.scan(Attr.PARENT)).isNull();
        assertThat(scan.scan(Attr.TERMINATED)).isFalse();
        assertThat(scan.scan(Attr.CANCELLED)).isFalse();
        scheduler.dispose();
        assertThat(scan.scan(Attr.TERMINATED)).isTrue();
        assertThat(scan.scan(Attr.CANCELLED)).isTrue();
    }

    @Test
    void aWorker() {
        try (EventLoop loop = EventLoop.builder().name("idle").build()) {
            Scheduler scheduler = scheduler(loop);
            Scheduler.Worker worker = scheduler.createWorker();
            Scannable scan = Scannable.from(worker);
            assertThat(scan.name()).isEqualTo("loop(\"idle\").worker").isEqualTo(worker.toString());
            assertThat(scan.scan(Attr.PARENT)).isSameAs(scheduler);
            assertThat(scan.scan(Attr.TERMINATED)).isFalse();
            worker.dispose();
            assertThat(scan.scan(Attr.TERMINATED)).isTrue();
            assertThat(scan.scan(Attr.CANCELLED)).isTrue();
        }
    }

    @Test
    void buffered_isWhatHasNotEnded() {
        SchedulerTest.tenSeconds(scheduler -> {
            Scheduler.Worker worker = scheduler.createWorker();
            scheduler.schedule(() -> {}, 1, SECONDS);
            worker.schedule(() -> {});
            worker.schedule(() -> {}, 2, SECONDS);
            Disposable periodic = worker.schedulePeriodically(() -> {}, 3, 1, SECONDS);
            assertThat(Scannable.from(scheduler).scan(Attr.BUFFERED)).isEqualTo(4);
            assertThat(Scannable.from(worker).scan(Attr.BUFFERED)).isEqualTo(3);
            periodic.dispose();
            assertThat(Scannable.from(worker).scan(Attr.BUFFERED)).isEqualTo(2);
            Async.sleep(Duration.ofSeconds(5));
            assertThat(Scannable.from(scheduler).scan(Attr.BUFFERED)).isZero();
            assertThat(Scannable.from(worker).scan(Attr.BUFFERED)).isZero();
        });
    }
}
