package dev.rondo.testsupport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Keeps what Rondo logs while it is open, and keeps it from the console. */
public final class LogRecorder extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("dev.rondo");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    public LogRecorder() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(this);
    }

    public List<String> messages() {
        return records.stream().map(r -> r.getLevel() + ": " + r.getMessage()).toList();
    }

    public List<Throwable> thrown() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
    }
}
