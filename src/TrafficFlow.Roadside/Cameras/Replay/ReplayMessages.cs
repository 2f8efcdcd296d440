namespace TrafficFlow.Roadside.Cameras.Replay;

// From the replay to its camera.

/// <summary>The log can be played.</summary>
internal sealed record ReplayOpened
{
    public static readonly ReplayOpened Instance = new();
}

/// <summary>There is no log; the message says what to do.</summary>
internal sealed record ReplayUnavailable(string Reason);

/// <summary>The log was played to its end, and all of it is stored.</summary>
internal sealed record ReplayEnded(TrackerProgress Progress);
