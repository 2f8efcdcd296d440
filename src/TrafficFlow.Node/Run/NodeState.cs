using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Run;

/// <summary>How many vehicles an approach has counted since it was installed.</summary>
/// <param name="Vehicles">Null where it did not answer.</param>
public sealed record ApproachTotal(SiteId Site, ApproachId Approach, long? Vehicles);

/// <summary>How a node is at one moment.</summary>
/// <param name="Totals">Of all approaches; none before the node is in a cluster.</param>
/// <param name="Problems">Whatever else is wrong: each with what may help.</param>
public sealed record NodeState(IReadOnlyList<CameraReport> Cameras, IReadOnlyList<ApproachTotal> Totals, IReadOnlyList<string> Problems)
{
    /// <summary>Of more approaches the sites alone are told.</summary>
    private const int MostApproaches = 8;

    public static NodeState None { get; } = new([], [], []);

    private IReadOnlyList<CameraReport> Real => [.. Cameras.Where(c => c.Status.Junction is null)];

    /// <summary>Every camera gives frames, was read to its end, or has failed for a reason that is told.</summary>
    public bool IsSettled => Cameras.All(c => c.Status.State != CameraState.Connecting);

    /// <summary>All that an operator should do something about.</summary>
    public IReadOnlyList<string> Troubles(NodeState before) => [.. Cameras.SelectMany(Troubles), .. Lost(before), .. Problems];

    /// <summary>What happened since another moment, on one line.</summary>
    public string Since(NodeState before)
    {
        var parts = new List<string>();
        if (Real.Count > 0)
        {
            var streaming = Real.Count(c => c.Status.State == CameraState.Streaming);
            var finished = Real.Count(c => c.Status.State == CameraState.Finished);
            parts.Add($"{streaming} of {Counted(Real.Count, "camera")} {(Real.Count == 1 ? "streams" : "stream")}{(finished > 0 ? $", {finished} at the end of the file" : "")}");
        }

        if (Vehicles(before) is { Length: > 0 } vehicles) parts.Add(vehicles);
        var dropped = Cameras.Sum(c => Math.Max(0, c.Status.Dropped - (Before(before, c)?.Status.Dropped ?? 0)));
        if (dropped > 0) parts.Add($"{Counted(dropped, "frame")} dropped");
        var waiting = Cameras.Sum(c => c.Outbox?.Pending ?? 0);
        if (Cameras.Count > 0) parts.Add($"{Counted(waiting, "entry", "entries")} in the outbox");
        return parts.Count == 0 ? "nothing to count" : string.Join(", ", parts);
    }

    private string Vehicles(NodeState before)
    {
        if (Totals.Count == 0 || before.Totals.Count == 0) return "";
        var were = before.Totals.ToDictionary(t => (t.Site, t.Approach), t => t.Vehicles);
        // What answered now and not before is not told: all that it ever counted would be of this minute.
        var grown = Totals.Select(t => t with { Vehicles = t.Vehicles is { } now && were.GetValueOrDefault((t.Site, t.Approach)) is { } then ? Math.Max(0, now - then) : null }).ToList();
        return $"vehicles: {string.Join(", ", grown.GroupBy(g => g.Site).Select(site => $"{site.Key} {Vehicles([.. site], grown.Count <= MostApproaches)}"))}";
    }

    /// <summary>Of one site. A sum that lacks an approach says so.</summary>
    private static string Vehicles(IReadOnlyList<ApproachTotal> site, bool each)
    {
        var known = site.Where(a => a.Vehicles is not null).ToList();
        if (known.Count == 0) return $"unknown (no answer of {Counted(site.Count, "approach", "approaches")})";
        var parts = each && known.Count > 1 ? string.Join(", ", known.Select(a => $"{a.Approach} {Number(a.Vehicles!.Value)}")) : "";
        var lacks = known.Count == site.Count ? "" : $"{known.Count} of {Counted(site.Count, "approach", "approaches")} answered";
        return $"{Number(known.Sum(a => a.Vehicles!.Value))}{(parts.Length + lacks.Length == 0 ? "" : $" ({string.Join(": ", new[] { lacks, parts }.Where(p => p.Length > 0))})")}";
    }

    private static IEnumerable<string> Troubles(CameraReport camera)
    {
        var status = camera.Status;
        var name = status.Junction is null ? $"camera {status.Camera}" : status.Camera.Value;
        if (status.State is not (CameraState.Streaming or CameraState.Finished))
            yield return status.Reason.Length > 0 ? $"{name}: {status.Reason}" : $"{name} {InWords(status.State)}";
        if (status.OutboxReason.Length > 0) yield return $"{name}: {status.OutboxReason}";
        if (status.State == CameraState.Streaming && status.SceneReason.Length > 0) yield return $"{name}: {status.SceneReason}";
        if (status.Junction?.Explain() is { Length: > 0 } broken) yield return $"{name}: {broken}";
    }

    private IEnumerable<string> Lost(NodeState before) =>
        from camera in Cameras
        let lost = (camera.Outbox?.Dropped ?? 0) - (Before(before, camera)?.Outbox?.Dropped ?? camera.Outbox?.Dropped ?? 0)
        where lost > 0
        select $"the outbox of {camera.Status.Camera} is full: {Counted(lost, "entry", "entries")} given up; is the server up, is outbox.max-entries too small?";

    private static CameraReport? Before(NodeState before, CameraReport camera) =>
        before.Cameras.FirstOrDefault(c => c.Status.Camera == camera.Status.Camera && c.Status.Site == camera.Status.Site);

    public static string InWords(CameraState state) => state switch
    {
        CameraState.Connecting => "is connecting",
        CameraState.Streaming => "streams",
        CameraState.BackingOff => "waits to be opened again",
        CameraState.Finished => "is at the end of its file",
        CameraState.Failed => "has failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    private static string Counted(long count, string one, string? many = null) => $"{Number(count)} {(count == 1 ? one : many ?? $"{one}s")}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
