namespace TrafficFlow.Node.Run;

/// <summary>
/// Looks at the clock before anything is stamped: a machine without a battery boots at the time at which it was shut down, or in 1970. The
/// node starts all the same, since a server tells wrong clocks from right ones; whoever reads the log knows why its counts wait.
/// </summary>
internal static class ClockAtStart
{
    // File systems and the clock of a shared folder differ a little.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    // This version did not exist before.
    private static readonly DateTimeOffset Earliest = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>What is wrong with the clock, and what to do; null where nothing can be said against it.</returns>
    public static string? Problem(string dataDirectory, DateTimeOffset now)
    {
        const string Remedy =
            "Set the clock right (timedatectl; is a time server reachable?). Until then what the cameras count may wait in quarantine on the server: trafficflow ctl quarantine show";
        if (now < Earliest) return $"The clock of this machine says {now:O}, which is before this version was made. {Remedy}";
        var newest = new DirectoryInfo(dataDirectory).EnumerateFiles().MaxBy(f => f.LastWriteTimeUtc);
        return newest is not null && new DateTimeOffset(newest.LastWriteTimeUtc) - now > Tolerance
            ? $"The clock of this machine says {now:O}, but {newest.Name} in its data folder was written at {new DateTimeOffset(newest.LastWriteTimeUtc):O}: it was wrong then, or is now. {Remedy}"
            : null;
    }
}
