using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Operations;

/// <summary>`approach repair`: what was taken from whom since when, and a camera's mark set to another place.</summary>
/// <param name="sites">Those whose approaches this node knows, now.</param>
public sealed class RepairOperations(ActorSystem system, Func<IReadOnlyList<Site>> sites, OperatorTimeouts? timeouts = null) : IOperations
{
    private const string Plausible = "plausible";

    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command is RepairApproach repair ? RepairAsync(repair) : null;

    private async Task<OperatorReply> RepairAsync(RepairApproach command)
    {
        var parts = command.Which.Split('/');
        if (parts.Length is < 2 or > 3 || (command.To is not null && parts.Length < 3))
            return new CommandFailed($"\"{command.Which}\" does not say what", $"write SITE/APPROACH{(command.To is null ? ", or SITE/APPROACH/CAMERA" : "/CAMERA")}");
        LogPosition? to = null;
        if (command.To is { } text && text != Plausible && (to = Parse(text)) is null)
            return new CommandFailed($"\"{text}\" is no place in a camera's log", $"write EPOCH/SEQUENCE, as approach repair {command.Which} lists them, or {Plausible}");
        var known = sites().SelectMany(ApproachSetup.Of).ToDictionary(s => ApproachRouting.EntityOf(s.Site, s.Approach), StringComparer.Ordinal);
        var name = $"{parts[0]}/{parts[1]}";
        if (!known.TryGetValue(name, out var setup))
            return new CommandFailed($"there is no approach {name}", known.Count == 0 ? "name this node's site files under trafficflow.node.sites" : $"this node's site files have {string.Join(", ", known.Keys)}");
        CameraId? camera = parts.Length == 3 ? new CameraId(parts[2]) : null;
        if (await AskAsync(new GetCountedEpochs(setup.Site, setup.Approach)) is not CountedEpochs counted) return NobodyAnswers();
        if (command.To is null) return new InspectionTables(Table(name, counted, camera));
        if (await AskAsync(new RepairCamera(setup.Site, setup.Approach, camera!.Value, to)) is not RepairAnswer answer) return NobodyAnswers();
        return answer.To is { } set
            ? new InspectionTables(
                Table($"{name} before", counted, camera),
                InspectionTable.Of(
                    "repaired", [new("which"), new("set to")], [[command.Which, set.ToString()]],
                    "what its outbox still keeps after this place counts when it is delivered again, also where it was counted before; totals and the read tables keep what they have"))
            : new CommandFailed(answer.Problem, $"see what was taken with approach repair {name}");
    }

    private static InspectionTable Table(string name, CountedEpochs counted, CameraId? only) => InspectionTable.Of(
        $"taken for {name}",
        [
            new("camera"), new("epoch", Kind: CellKind.Number), new("began", Kind: CellKind.Time), new("up to", Kind: CellKind.Number), new("passed over", "numbers", CellKind.Number),
            new("vehicles", "vehicles", CellKind.Number), new("entries", Kind: CellKind.Number), new("stamped from", Kind: CellKind.Time), new("stamped to", Kind: CellKind.Time),
            new("taken since", Kind: CellKind.Time), new("taken until", Kind: CellKind.Time),
        ],
        counted.Cameras.Where(c => only is null || c.Camera == only).SelectMany(c => c.Runs.Select(r => new object?[]
        {
            c.Camera.Value, r.Epoch, Began(r.Epoch), r.Sequence, r.Missing, r.Vehicles, r.Entries, r.From, r.To, r.Since, r.Until,
        })),
        [
            .. counted.ClosedThrough is { } through ? [$"bins are closed through {through.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"] : Array.Empty<string>(),
            .. counted.Cameras.Where(c => only is null || c.Camera == only).Select(c =>
                $"{c.Camera} has reported until {(c.Watermark is { } reached ? $"{reached.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "never")}; approach repair {name}/{c.Camera} {Plausible} sets it to {c.Plausible} and removes what lies ahead of the server's clock"),
        ]);

    /// <summary>Epochs of live cameras are seconds; those of recordings are small numbers.</summary>
    private static DateTimeOffset? Began(long epoch) =>
        epoch > 1_000_000_000 && epoch <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(epoch) : null;

    private static LogPosition? Parse(string text) =>
        text.Split('/') is [var epoch, var sequence]
        && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e) && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            ? new LogPosition(e, s)
            : null;

    private async Task<object?> AskAsync(IApproachMessage question) =>
        ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches) ? await AskWithTimeout.AskAsync<object>(approaches, question, _timeouts.Cluster) : null;

    private static CommandFailed NobodyAnswers() => new("no server answers", "ask on a server: this is no business of a roadside node; see cluster show");
}
