using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>What the aggregators say, as tables.</summary>
internal static class ApproachTables
{
    /// <param name="approaches">A null status is an approach for which nobody answered.</param>
    public static InspectionTable List(IReadOnlyList<(string Name, ApproachStatus? Status)> approaches, string cluster) => InspectionTable.Of(
        "approaches",
        [
            new("approach"), new("closed through", Kind: CellKind.Time), new("cameras", Kind: CellKind.Number), new("last coverage", Kind: CellKind.Time),
            new("entered", "vehicles", CellKind.Number), new("exited", "vehicles", CellKind.Number), new("too late", "vehicles", CellKind.Number),
        ],
        approaches.Select(a => a.Status is { } s
            ? new object?[]
            {
                a.Name, s.ClosedThrough, (long)s.Cameras.Length, Time(s.Cameras.Select(c => c.Watermark).DefaultIfEmpty().Max()),
                s.Total(Movement.Entering), s.Total(Movement.Exiting), s.TooLate,
            }
            : [a.Name, null, null, null, null, null, null]),
        [
            .. approaches.Select(a => a.Status?.Problem).OfType<string>().Distinct(),
            .. approaches.Any(a => a.Status is null)
                ? [$"no server answers for {string.Join(", ", approaches.Where(a => a.Status is null).Select(a => a.Name))}; {cluster}"]
                : Array.Empty<string>(),
        ]);

    public static OperatorReply Show(string name, ApproachStatus s) => new InspectionTables(
        InspectionTable.Of(
            $"cameras of {name}",
            [new("camera"), new("counted up to"), new("coverage until", Kind: CellKind.Time), new("observed", "s", CellKind.Number), new("clock behind", "s", CellKind.Number)],
            s.Cameras.Select(c => new object?[]
            {
                c.Camera.Value, c.HighWater.ToString(), Time(c.Watermark), Math.Round(c.ObservedSeconds, 1), c.ClockOffset is { } offset ? Math.Round(offset.TotalSeconds, 1) : null,
            }),
            [
                .. s.Problem is { } problem ? [problem] : Array.Empty<string>(),
                s.ClosedThrough is { } through ? $"bins are closed through {through.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, the last one has cursor {s.Cursor}" : "no bin is closed yet",
                s.Unwritten > 0 ? $"{s.Unwritten} closed bins are not in the read tables yet" : "the read tables have all closed bins",
                s.Quarantined > 0 ? $"{s.Quarantined} entries wait because their clock was wrong: see quarantine show {name}" : "no clock was wrong beyond its bound",
            ]),
        InspectionTable.Of(
            $"totals of {name}",
            [new("movement"), new("class"), new("counted", "vehicles", CellKind.Number)],
            s.Totals.OrderBy(t => t.Stream.Movement).ThenBy(t => t.Stream.Class).Select(t => new object?[] { t.Stream.Movement.Name, t.Stream.Class.Name(), t.Count }),
            s.TooLate > 0 ? [$"{s.TooLate} vehicles came after their bins had been given up: they are in the totals only"] : []));

    /// <summary>A camera that has only reported that it is there has no watermark yet.</summary>
    private static DateTimeOffset? Time(DateTimeOffset watermark) => watermark == default ? null : watermark;
}
