using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>How a camera is kept running and what it reports.</summary>
public sealed record CameraPolicy
{
    /// <summary>Wait before a live source is opened again.</summary>
    public BackOffSettings Reconnect { get; init; } = BackOffSettings.Default;

    /// <summary>Wait before an outbox whose journal failed is started again.</summary>
    public BackOffSettings OutboxRestart { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.2, TimeSpan.FromSeconds(60));

    /// <summary>Opening a source takes no longer, or it has failed.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Closing a source takes no longer, or it is left behind and opened again beside itself.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Event time after which coverage is reported.</summary>
    public TimeSpan CoverageInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A jump of event time beyond this ends coverage and all tracks: what lies between shows as missing.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of frames lost, 0..1, beyond which coverage is degraded.</summary>
    public double DegradedLoss { get; init; } = 0.2;

    /// <summary>Entries not yet stored beyond which no more frames are asked for.</summary>
    public int MaxUnacknowledged { get; init; } = 10_000;

    /// <summary>Time without an answer of the outbox after which entries are sent to it again.</summary>
    public TimeSpan StoreRetry { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two progress reports of a tracker.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two publications of an unchanged state to the health topic.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping camera waits for its last entries to be stored.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a stopping camera then waits for their delivery; what is not delivered goes out after the next start.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Wait before a recorder that failed is started again.</summary>
    public BackOffSettings RecorderRestart { get; init; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), 0.2, TimeSpan.FromSeconds(60));

    /// <summary>How long a stopping camera waits for its recorder to close the last segment; then it is cut where it stands.</summary>
    public TimeSpan RecorderStopTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Publish <see cref="TracksObserved"/> for each frame.</summary>
    public bool ObserveTracks { get; init; }

    /// <summary>Once all cameras have ended and all is delivered, close the last bins of their approaches.</summary>
    public bool CloseBinsAtEnd { get; init; } = true;
}

/// <summary>What tells a file from a camera before the source could be opened.</summary>
internal static class SourceKind
{
    public static bool IsFile(CameraSetup camera) =>
        !camera.Source.Contains("://", StringComparison.Ordinal)
        && !camera.Source.StartsWith("/dev/", StringComparison.Ordinal)
        && !camera.Source.StartsWith("synthetic:", StringComparison.Ordinal)
        && !IsReplay(camera);

    /// <summary>It has no picture: a <see cref="Replay.ReplayCameraActor"/> plays a log.</summary>
    public static bool IsReplay(CameraSetup camera) => camera.Source.StartsWith("replay:", StringComparison.OrdinalIgnoreCase);
}
