using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Hashing;
using System.Text;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Telemetry;

/// <summary>Which crossing: a camera's log and the entry's number in it, by which every node that it passes knows it.</summary>
public readonly record struct CrossingIdentity(SiteId Site, CameraId Camera, long Epoch, long Sequence);

/// <summary>
/// Spans of one crossing on its way from frame to table. No message carries a trace: each node computes the same trace id from the crossing's identity, and a
/// sampler that goes by the id picks the same crossings everywhere. So the spans of a trace stand side by side, none above the others.
/// </summary>
public static class CrossingTrace
{
    /// <summary>Somebody listens to spans; where nobody does, nothing is to be computed for them.</summary>
    public static bool IsOn => TrafficFlowTelemetry.Activities.HasListeners();

    /// <param name="from">A timestamp of <see cref="Stopwatch"/>; so is <paramref name="to"/>.</param>
    /// <returns>True where the crossing is among those that are traced.</returns>
    public static bool Span(string name, in CrossingIdentity crossing, long from, long to, ActivityKind kind = ActivityKind.Internal, string? approach = null)
    {
        if (!IsOn) return false;
        var context = new ActivityContext(TraceOf(crossing), default, ActivityTraceFlags.None);
        var now = (Wall: TimeProvider.System.GetUtcNow(), Stamp: Stopwatch.GetTimestamp());
        using var activity = TrafficFlowTelemetry.Activities.StartActivity(name, kind, context, startTime: now.Wall - Stopwatch.GetElapsedTime(from, now.Stamp));
        if (activity is null) return false;
        activity.SetTag("trafficflow.site", crossing.Site.Value);
        activity.SetTag("trafficflow.camera", crossing.Camera.Value);
        activity.SetTag("trafficflow.epoch", crossing.Epoch);
        activity.SetTag("trafficflow.sequence", crossing.Sequence);
        if (approach is not null) activity.SetTag("trafficflow.approach", approach);
        activity.SetEndTime((now.Wall - Stopwatch.GetElapsedTime(to, now.Stamp)).UtcDateTime);
        return activity.Recorded || activity.IsAllDataRequested;
    }

    public static ActivityTraceId TraceOf(in CrossingIdentity crossing)
    {
        var (site, camera) = (crossing.Site.Value, crossing.Camera.Value);
        // Asked for with every crossing while anything is traced: nothing is allocated for it.
        var longest = (2 * sizeof(long)) + Encoding.UTF8.GetMaxByteCount(site.Length + camera.Length) + 1;
        Span<byte> text = longest <= 512 ? stackalloc byte[512] : new byte[longest];
        BinaryPrimitives.WriteInt64BigEndian(text, crossing.Epoch);
        BinaryPrimitives.WriteInt64BigEndian(text[sizeof(long)..], crossing.Sequence);
        var length = 2 * sizeof(long);
        length += Encoding.UTF8.GetBytes(site, text[length..]);
        text[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(camera, text[length..]);
        Span<byte> id = stackalloc byte[16];
        XxHash128.Hash(text[..length], id);
        return ActivityTraceId.CreateFromBytes(id);
    }
}
