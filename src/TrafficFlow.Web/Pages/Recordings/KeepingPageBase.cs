using System.Collections.Immutable;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Web.Pages.Recordings;

/// <summary>What the pages of vaults, hand-carry and retention have in common: they ask each node how its vault is kept, and go on asking while something is under way.</summary>
public abstract class KeepingPageBase : RecordingsPageBase
{
    private static readonly TimeSpan s_askEach = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, PlaceAnswer<KeepingDescribed>> _keeping = new(StringComparer.Ordinal);
    private bool _isFollowing;

    protected KeepingTexts Keeping => KeepingTexts.For(Texts.Language);

    /// <summary>Nodes that answered, with how their vaults are kept; the others stand in the list of vaults.</summary>
    protected IEnumerable<(RecordingPlace Place, VaultDescribed Vault, KeepingDescribed Kept)> Described =>
        from place in Places ?? []
        where place.Said.Answer is not null && KeptOf(place.Place).Answer is not null
        select (place.Place, place.Said.Answer, KeptOf(place.Place).Answer);

    /// <summary>Under way or ended lately, of all nodes, the newest first.</summary>
    protected IEnumerable<(RecordingPlace Place, VaultTaskLine Task)> TasksOf(params VaultTask[] kinds) =>
        Described.SelectMany(d => d.Kept.Tasks.Where(t => kinds.Contains(t.Task)).Select(t => (d.Place, t))).OrderBy(t => t.t.Ended is not null).ThenByDescending(t => t.t.Begun);

    protected PlaceAnswer<KeepingDescribed> KeptOf(RecordingPlace place) => _keeping.GetValueOrDefault(place.Node) ?? new PlaceAnswer<KeepingDescribed>(null, null, null);

    protected override async Task ReadAsync(IRecordings recordings, IReadOnlyList<DescribedPlace> places)
    {
        await AskAsync(recordings, [.. places.Where(p => p.Said.Answer is not null).Select(p => p.Place.Node)]);
        if (!_isFollowing && Running().Any()) _ = FollowAsync(recordings);
    }

    private IEnumerable<string> Running() => _keeping.Where(k => k.Value.Answer?.Tasks.Any(t => t.Ended is null) == true).Select(k => k.Key);

    private async Task AskAsync(IRecordings recordings, IReadOnlyList<string> nodes)
    {
        var by = Reader.ToPrincipal();
        var answers = await Task.WhenAll(nodes.Select(async n => (n, await recordings.AskAsync<KeepingDescribed>(n, new DescribeKeeping(by), End))));
        foreach (var (node, answer) in answers)
        {
            // What was known stays where one question is lost.
            if (answer.Answer is not null || !_keeping.ContainsKey(node)) _keeping[node] = answer;
        }
    }

    private async Task FollowAsync(IRecordings recordings)
    {
        _isFollowing = true;
        try
        {
            while (Running().ToImmutableArray() is { IsEmpty: false } running)
            {
                await Task.Delay(s_askEach, Ports.Time, End);
                await InvokeAsync(async () =>
                {
                    await AskAsync(recordings, running);
                    // What has ended has changed bundles and segments.
                    if (Running().Count() < running.Length) AskAgain();
                    StateHasChanged();
                });
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone.
        }

        _isFollowing = false;
    }
}
