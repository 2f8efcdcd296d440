using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Operations;

/// <summary>What waits because its clock was wrong, and what an operator decides on it.</summary>
/// <param name="sites">Those whose approaches this node knows, now.</param>
public sealed class QuarantineOperations(ActorSystem system, Func<IReadOnlyList<Site>> sites, OperatorTimeouts? timeouts = null) : IOperations
{
    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command switch
    {
        ShowQuarantine show => ShowAsync(show.Approach),
        DecideQuarantine decide => DecideAsync(decide),
        _ => null,
    };

    /// <summary>The journeys over a junction wait apart from what its approaches count.</summary>
    private Dictionary<string, (SiteId Site, ApproachId Approach)> Known() =>
        sites().SelectMany(s => ApproachSetup.Of(s).Select(a => (a.Site, a.Approach)).Concat(s.Junction is null ? [] : [(s.Id, ApproachId.Journeys)]))
            .ToDictionary(a => ApproachRouting.EntityOf(a.Item1, a.Item2), StringComparer.Ordinal);

    private async Task<OperatorReply> ShowAsync(string? name)
    {
        var known = Known();
        if (name is not null && !known.ContainsKey(name)) return NoApproach(name, known);
        var asked = known.Where(k => name is null || k.Key == name).OrderBy(k => k.Key, StringComparer.Ordinal).ToList();
        var answers = await Task.WhenAll(asked.Select(async k => (k.Key, Answer: await AskAsync(new GetQuarantine(k.Value.Site, k.Value.Approach)) as Quarantine)));
        if (answers.All(a => a.Answer is null)) return NobodyAnswers();
        var rows = answers.SelectMany(a => (a.Answer?.Runs ?? []).Select(r => new object?[]
        {
            $"{a.Key}/{r.Camera}/{r.Epoch}", r.Vehicles, r.Entries, r.From, r.To, r.ClockOffset is { } offset ? Signed(offset) : null, r.Since,
        })).ToList();
        return new InspectionTables(InspectionTable.Of(
            "quarantine",
            [
                new("which"), new("vehicles", "vehicles", CellKind.Number), new("entries", Kind: CellKind.Number),
                new("stamped from", Kind: CellKind.Time), new("stamped to", Kind: CellKind.Time), new("clock behind by"), new("waits since", Kind: CellKind.Time),
            ],
            rows,
            [
                rows.Count == 0
                    ? "nothing waits: every clock was right within its bound"
                    : "none of it is in any count; quarantine redate WHICH counts it at the time that was measured, quarantine release as it is stamped, quarantine discard never",
                .. answers.Where(a => a.Answer is null).Select(a => $"no server answers for {a.Key}"),
            ]));
    }

    private async Task<OperatorReply> DecideAsync(DecideQuarantine command)
    {
        var known = Known();
        if (command.Which.Split('/') is not [var site, var name, var cameraName, var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            return new CommandFailed($"\"{command.Which}\" does not say what", "write SITE/APPROACH/CAMERA/EPOCH, as quarantine show lists it");
        var (approach, camera) = ($"{site}/{name}", new CameraId(cameraName));
        if (!known.TryGetValue(approach, out var setup)) return NoApproach(approach, known);
        var shift = TimeSpan.Zero;
        if (command.Decision == QuarantineDecision.Redate && command.Shift is { } text && !TryParse(text, out shift))
            return new CommandFailed($"\"{text}\" is no time to move by", "write a sign, a number and its unit (s, m, h, d), as of -2h or +90s");
        if (command.Decision == QuarantineDecision.Redate && command.Shift is null)
        {
            if (await AskAsync(new GetQuarantine(setup.Site, setup.Approach)) is not Quarantine waiting) return NobodyAnswers();
            var run = waiting.Runs.FirstOrDefault(r => r.Camera == camera && r.Epoch == epoch);
            if (run is { ClockOffset: null })
                return new CommandFailed("nobody measured by how much these stamps are wrong", "write by how much to move them, as of -2h");
            shift = run?.ClockOffset ?? TimeSpan.Zero;
        }

        var action = command.Decision == QuarantineDecision.Discard ? QuarantineAction.Discard : QuarantineAction.Release;
        if (await AskAsync(new ResolveQuarantine(setup.Site, setup.Approach, camera, epoch, action, shift)) is not QuarantineAnswer answer) return NobodyAnswers();
        return answer.Problem.Length > 0
            ? new CommandFailed(answer.Problem, "see what waits with quarantine show")
            : new InspectionTables(InspectionTable.Of(
                "quarantine",
                [new("which"), new("entries", Kind: CellKind.Number), new("done")],
                [[command.Which, answer.Entries, action == QuarantineAction.Discard ? "discarded" : $"counted, moved by {Signed(shift)}"]]));
    }

    private async Task<object?> AskAsync(IApproachMessage question) =>
        ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches) ? await AskWithTimeout.AskAsync<object>(approaches, question, _timeouts.Cluster) : null;

    private static CommandFailed NoApproach(string name, Dictionary<string, (SiteId Site, ApproachId Approach)> known) => new(
        $"there is no approach {name}", known.Count == 0 ? "name this node's site files under trafficflow.node.sites" : $"this node's site files have {string.Join(", ", known.Keys)}");

    private static CommandFailed NobodyAnswers() => new("no server answers", "start a server, and look at cluster show");

    private static string Signed(TimeSpan time) =>
        $"{(time < TimeSpan.Zero ? "-" : "+")}{time.Duration().ToString(time.Duration() < TimeSpan.FromDays(1) ? @"hh\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)}";

    private static bool TryParse(string text, out TimeSpan shift)
    {
        shift = TimeSpan.Zero;
        if (text.Length < 3 || text[0] is not ('+' or '-')) return false;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is not { } length || !double.TryParse(text[1..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > TimeSpan.MaxValue / length / 2) return false;
        shift = length * (text[0] == '-' ? -count : count);
        return true;
    }
}
