namespace TrafficFlow.Roadside.Cameras.Replay;

// From the replay to its camera.

/// <summary>The script can be played.</summary>
internal sealed record ReplayOpened
{
    public static readonly ReplayOpened Instance = new();
}

/// <summary>There is no script; the message says what to do.</summary>
internal sealed record ReplayUnavailable(string Reason);

/// <summary>The script was played to its end, and all of it is stored.</summary>
internal sealed record ReplayEnded(TrackerProgress Progress);
