namespace TrafficFlow.SystemTests.Lab;

/// <summary>What can break.</summary>
internal enum FaultKind
{
    /// <summary>kill -9, and a new start.</summary>
    KillRoadside,
    KillServer,
    KillBothServers,
    KillDatabase,

    /// <summary>The whole machine room at once: roadside, servers, database.</summary>
    KillEverything,

    /// <summary>SIGTERM, and a new start: what an upgrade does.</summary>
    StopRoadside,
    StopServer,

    /// <summary>The link of the roadside: 1 s.</summary>
    CutBriefly,

    /// <summary>Up to half a minute, so that it is sometimes downed and sometimes not.</summary>
    Cut,

    /// <summary>Ten minutes, once in a long run.</summary>
    CutLong,
    CutToServers,
    CutFromServers,

    /// <summary>200 ms more each way, and 2 % of the packets lost.</summary>
    SlowLink,

    /// <summary>Between the two servers only: each sees the roadside and the database.</summary>
    CutBetweenServers,
    CutServerFromDatabase,

    /// <summary>The link of the roadside, a second on and a second off: it comes and goes as a member.</summary>
    FlapRoadside,

    /// <summary>Two hours.</summary>
    ClockForward,
    ClockBack,

    /// <summary>Three minutes, which is within what counts.</summary>
    ClockSlow,

    /// <summary>An orderly stop, and a new start: what an upgrade of the database does.</summary>
    RestartDatabase,
    RoadsideDiskFull,
    DatabaseDiskFull,

    /// <summary>The last row of the roadside's journal, damaged while it is down.</summary>
    CorruptRoadsideRow,
    CorruptServerRow,

    /// <summary>The newest snapshot of an approach, damaged while the servers are down.</summary>
    DamageSnapshot,
}

/// <summary>One fault as drawn.</summary>
/// <param name="Server">Which of the two servers, where it concerns one: 0 or 1.</param>
/// <param name="Pause">After the last fault began or, where they do not overlap, after it was healed.</param>
/// <param name="Lasts">Until it is healed: how long the cut lasts, how long the process stays dead.</param>
/// <param name="Overlaps">It begins while the fault before it still lasts.</param>
internal sealed record PlannedFault(int Number, FaultKind Kind, int Server, TimeSpan Pause, TimeSpan Lasts, bool Overlaps);
