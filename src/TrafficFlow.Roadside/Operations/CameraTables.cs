using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Roadside.Operations;

/// <summary>Cameras and their outboxes as tables.</summary>
internal static class CameraTables
{
    private static readonly InspectionColumn[] Properties = [new("property"), new("value"), new("unit")];

    public static InspectionTable List(IEnumerable<CameraStatus> cameras) => InspectionTable.Of(
        "cameras",
        [
            new("camera"), new("state"), new("rate", "frames/s", CellKind.Number), new("processed", "frames", CellKind.Number),
            new("dropped", "frames", CellKind.Number), new("last frame", Kind: CellKind.Time), new("scene"), new("recording"), new("reason"),
        ],
        cameras.Select(c => new object?[] { c.Camera.Value, State(c.State), Rate(c), c.Frames, c.Dropped, c.LastFrame, c.Junction is null ? c.Scene.Name() : null, c.Recording is { } r ? Recording(r.State) : null, Reason(c) }));

    public static InspectionTable Show(CameraStatus c) => InspectionTable.Of(
        $"camera {c.Camera}",
        Properties,
        [
            ["site", c.Site.Value, ""],
            ["state", State(c.State), ""],
            ["reason", c.Reason, ""],
            .. Watched(c),
            ["rate", Rate(c), "frames/s"],
            ["processed", c.Frames, "frames"],
            ["dropped", c.Dropped, "frames"],
            ["reconnects", (long)c.Reconnects, ""],
            ["last frame", c.LastFrame?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "UTC"],
            ["epoch", c.Epoch, ""],
            ["not yet stored", c.Pending, "entries"],
            ["outbox", c.OutboxReason.Length == 0 ? "stores" : c.OutboxReason, ""],
            .. Recorded(c),
        ]);

    public static InspectionTable Restarted(string camera) => InspectionTable.Of(
        "cameras", [new("camera"), new("done")], [[camera, "stopped and started again"]], "see camera list for whether its source opens");

    public static InspectionTable Accepted(string camera) => InspectionTable.Of(
        "cameras", [new("camera"), new("done")], [[camera, "scene accepted"]], "it is learned within seconds; gates and ground points should be drawn anew where the camera has moved");

    /// <param name="outboxes">A null status is an outbox that did not answer.</param>
    public static InspectionTable Outboxes(IEnumerable<(string Camera, OutboxStatus? Status)> outboxes)
    {
        var all = outboxes.ToList();
        return InspectionTable.Of(
            "outboxes",
            [
                new("camera"), new("last stored"), new("pending", "entries", CellKind.Number), new("dropped", "entries", CellKind.Number),
                new("approach"), new("accepted"),
            ],
            all.SelectMany(o => o.Status is { } s
                ? Accepted(s).Select(a => new object?[] { o.Camera, s.LastStored.ToString(), s.Pending, s.Dropped, a.Approach, a.Position })
                : [[o.Camera, null, null, null, null, null]]),
            [
                .. all.Where(o => o.Status is null).Select(o => $"the outbox of {o.Camera} does not answer: its journal is being read, or failed (see camera show {o.Camera})"),
                .. all.Any(o => o.Status is { Dropped: > 0 }) ? new[] { "dropped entries were given up at the bound while no server answered; what they covered shows as missing" } : [],
            ]);
    }

    private static IEnumerable<(string? Approach, string? Position)> Accepted(OutboxStatus status) =>
        status.Accepted.Count == 0
            ? [(null, null)]
            : status.Accepted.OrderBy(a => a.Approach.Value, StringComparer.Ordinal).Select(a => ((string?)a.Approach.Value, (string?)a.Position.ToString()));

    private static IEnumerable<object?[]> Watched(CameraStatus c) => c.Junction is not { } j
        ? [["scene", c.SceneReason.Length == 0 ? c.Scene.Name() : $"{c.Scene.Name()}: {c.SceneReason}", ""]]
        :
        [
            ["seen at both ends", j.Whole, "vehicles"],
            ["seen entering only", j.Lost, "vehicles"],
            ["seen leaving only", j.Appeared, "vehicles"],
            ["inside", (long)j.Inside, "vehicles"],
            ["one end unknown", Math.Round(100 * j.BrokenShare, 1), "% of 10 min"],
            ["conservation", j.IsViolated ? j.Explain() : "holds", ""],
        ];

    private static IEnumerable<object?[]> Recorded(CameraStatus c) => c.Recording is not { } r
        ? []
        :
        [
            ["recording", r.Reason.Length == 0 ? Recording(r.State) : $"{Recording(r.State)}: {r.Reason}", ""],
            ["recorded segments", r.Segments, ""],
            ["recorded", r.Frames, "frames"],
            ["lost by the recording", r.Lost, "frames"],
        ];

    private static string Recording(RecordingState state) => state.ToString().ToLowerInvariant();

    private static double Rate(CameraStatus c) => Math.Round(c.FramesPerSecond, 2);

    private static string Reason(CameraStatus c) => c.Reason.Length > 0 ? c.Reason : c.OutboxReason.Length > 0 ? c.OutboxReason : c.Junction?.Explain() ?? (c.SceneReason.Length == 0 && c.Recording is { State: RecordingState.Troubled } r ? $"not recorded: {r.Reason}" : c.SceneReason);

    private static string State(CameraState state) => state switch
    {
        CameraState.BackingOff => "backing off",
        _ => state.ToString().ToLowerInvariant(),
    };
}
