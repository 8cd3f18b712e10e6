package im.stanzabus.bench.load.measure;

import java.time.Duration;

/// How long everything takes.
///
/// @param warmUp load before what is measured
/// @param window length of one measurement
/// @param windows how many of them, one after the other
/// @param settle nothing happens after everybody is online
/// @param patience for each step that is not measured: accounts, logins, subscriptions
public record Timing(Duration warmUp, Duration window, int windows, Duration settle, Duration patience) {}
