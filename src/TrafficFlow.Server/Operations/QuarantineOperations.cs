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
    /// <summary>What of one epoch of a camera waits for an approach.</summary>
    private sealed record Held(string Which, SiteId Site, ApproachId Approach, CameraId Camera, long Epoch);

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
                    : "none of it is in any count; quarantine redate WHICH counts it at the time that was measured, quarantine release as it is stamped, quarantine discard never; SITE alone is all of a site, but for discard",
                .. answers.Where(a => a.Answer is null).Select(a => $"no server answers for {a.Key}"),
            ]));
    }

    private async Task<OperatorReply> DecideAsync(DecideQuarantine command)
    {
        var known = Known();
        TimeSpan? shift = command.Decision == QuarantineDecision.Redate ? null : TimeSpan.Zero;
        if (command.Decision == QuarantineDecision.Redate && command.Shift is { } text)
        {
            if (!TryParse(text, out var by)) return new CommandFailed($"\"{text}\" is no time to move by", "write a sign, a number and its unit (s, m, h, d), as of -2h or +90s");
            shift = by;
        }

        var parts = command.Which.Split('/');
        if (parts.Length > 4 || parts.Any(p => p.Length == 0) || (parts.Length == 4 && !long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return new CommandFailed($"\"{command.Which}\" does not say what", "write SITE/APPROACH/CAMERA/EPOCH, as quarantine show lists it");
        var meant = known.Where(k => k.Value.Site.Value == parts[0] && (parts.Length < 2 || k.Value.Approach.Value == parts[1])).OrderBy(k => k.Key, StringComparer.Ordinal).ToList();
        if (meant.Count == 0) return NoApproach(string.Join('/', parts.Take(2)), known);
        if (parts.Length == 4)
        {
            var place = meant[0].Value;
            var held = new Held(command.Which, place.Site, place.Approach, new CameraId(parts[2]), long.Parse(parts[3], CultureInfo.InvariantCulture));
            var (row, failed) = await DecideOneAsync(held, command.Decision, shift);
            return row is null ? failed! : new InspectionTables(Decided([row], []));
        }

        if (command.Decision == QuarantineDecision.Redate && shift is not null)
            return new CommandFailed($"{command.Which} may be several clocks, each wrong by something else", "without a time each is moved by what was measured of it; a time of your own is for one, by its whole name as quarantine show lists it");
        return command.Decision == QuarantineDecision.Discard
            ? new CommandFailed($"{command.Which} may be much, and what is discarded is never counted", "discard each by its whole name, as quarantine show lists it")
            : await DecideAllAsync(command, shift, meant.Select(m => m.Value), parts.Length > 2 ? new CameraId(parts[2]) : null);
    }

    private async Task<OperatorReply> DecideAllAsync(DecideQuarantine command, TimeSpan? shift, IEnumerable<(SiteId Site, ApproachId Approach)> places, CameraId? camera)
    {
        var (rows, notes, found) = (new List<object?[]>(), new List<string>(), 0);
        foreach (var (site, approach) in places)
        {
            var entity = ApproachRouting.EntityOf(site, approach);
            if (await AskAsync(new GetQuarantine(site, approach)) is not Quarantine waiting)
            {
                notes.Add($"no server answers for {entity}");
                continue;
            }

            foreach (var run in waiting.Runs.Where(r => camera is not { } one || r.Camera == one))
            {
                found++;
                var (row, failed) = await DecideOneAsync(new Held($"{entity}/{run.Camera}/{run.Epoch}", site, approach, run.Camera, run.Epoch), command.Decision, shift ?? run.ClockOffset);
                if (row is not null) rows.Add(row);
                else notes.Add($"{entity}/{run.Camera}/{run.Epoch} waits on: {failed!.Reason}; {failed.Remedy}");
            }
        }

        if (rows.Count > 0) return new InspectionTables(Decided(rows, notes));
        return found == 0 && notes.Count == 0
            ? new CommandFailed($"nothing of {command.Which} waits", "see what waits with quarantine show")
            : new CommandFailed(string.Join("; ", notes), "try again; see what waits with quarantine show");
    }

    /// <param name="shift">Null for what was measured.</param>
    /// <returns>The row of the answer, or why there is none.</returns>
    private async Task<(object?[]? Row, CommandFailed? Failed)> DecideOneAsync(Held held, QuarantineDecision decision, TimeSpan? shift)
    {
        if (shift is null)
        {
            if (await AskAsync(new GetQuarantine(held.Site, held.Approach)) is not Quarantine waiting) return (null, NobodyAnswers());
            var run = waiting.Runs.FirstOrDefault(r => r.Camera == held.Camera && r.Epoch == held.Epoch);
            if (run is { ClockOffset: null }) return (null, new CommandFailed("nobody measured by how much these stamps are wrong", "write by how much to move them, as of -2h"));
            shift = run?.ClockOffset ?? TimeSpan.Zero;
        }

        var action = decision == QuarantineDecision.Discard ? QuarantineAction.Discard : QuarantineAction.Release;
        var answer = await AskAsync(new ResolveQuarantine(held.Site, held.Approach, held.Camera, held.Epoch, action, shift.Value)) as QuarantineAnswer;
        if (answer is null) return (null, NobodyAnswers());
        return answer.Problem.Length > 0
            ? (null, new CommandFailed(answer.Problem, "see what waits with quarantine show"))
            : ([held.Which, answer.Entries, action == QuarantineAction.Discard ? "discarded" : $"counted, moved by {Signed(shift.Value)}"], null);
    }

    private static InspectionTable Decided(IEnumerable<object?[]> rows, IReadOnlyList<string> notes) =>
        InspectionTable.Of("quarantine", [new("which"), new("entries", Kind: CellKind.Number), new("done")], rows, [.. notes]);

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
